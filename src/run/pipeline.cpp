#include "stratem/run.hpp"

#include <exception>
#include <thread>
#include <utility>
#include <variant>

#include "run/channel.hpp"
#include "run/model_reader.hpp"

namespace stratem {
namespace {

using run_stages::Channel;
using run_stages::End;
using run_stages::ModelReader;
using run_stages::ModelsOnTheirWay;
using run_stages::Stream;

/// One batch being written, one waiting, one being computed.
constexpr std::size_t buffers = 3;

struct ResponsesOnTheirWay {
  std::int64_t first = 0;
  Responses responses;
};

/// Three stages with a bounded stream between each two. A stage always reads its stream to the End,
/// so that no other stage waits for it forever.
class Pipeline {
 public:
  Pipeline(const Plan& plan, const ModelSource& source, ResponseSink& sink,
           const RunOptions& options)
      : plan_(plan), sink_(sink), reader_(source, options, plan.gates()) {
    for (std::size_t i = 0; i < buffers; ++i) free_.push(Responses(0, plan.gates()));
  }

  RunSummary run() {
    std::exception_ptr failure;
    {
      const std::jthread writer([this] { write_all(); });
      failure = reader_.run([this](const ModelsOnTheirWay& batch) { return compute(batch); });
      computed_.push(End{});
    }
    // An error of the sink comes before the errors of later batches.
    if (write_failure_) failure = write_failure_;
    if (failure) std::rethrow_exception(failure);
    return reader_.summary();
  }

 private:
  StatusCounts compute(const ModelsOnTheirWay& batch) {
    ResponsesOnTheirWay result{batch.first, free_.pop()};
    resize(result.responses, batch.models.models);
    plan_.forward(batch.models.view(), result.responses.view());
    StatusCounts counts;
    for (const Status status : result.responses.status) counts.add(status);
    computed_.push(std::move(result));
    return counts;
  }

  void write_all() {
    for (;;) {
      auto item = computed_.pop();
      if (std::holds_alternative<End>(item)) return;
      auto& batch = std::get<ResponsesOnTheirWay>(item);
      try {
        if (!write_failure_) sink_.write(batch.first, batch.responses);
      } catch (...) {
        write_failure_ = std::current_exception();
        reader_.stop();
      }
      free_.push(std::move(batch.responses));
    }
  }

  /// Reuses memory where possible.
  static void resize(Responses& responses, std::int64_t models) {
    responses.models = models;
    responses.response.resize(static_cast<std::size_t>(models * responses.gates));
    responses.status.resize(static_cast<std::size_t>(models));
  }

  const Plan& plan_;
  ResponseSink& sink_;
  ModelReader reader_;
  Stream<ResponsesOnTheirWay> computed_{buffers};
  Channel<Responses> free_{buffers};
  std::exception_ptr write_failure_;  ///< the writer's, until it has ended
};

}  // namespace

RunSummary run(const Plan& plan, const ModelSource& source, ResponseSink& sink,
               const RunOptions& options) {
  return Pipeline(plan, source, sink, options).run();
}

RunSummary run(const Plan& plan, const ModelSource& source, EnsembleStatistics& statistics,
               const RunOptions& options) {
  ModelReader model_reader(source, options, 0);
  const std::exception_ptr failure = model_reader.run([&](const ModelsOnTheirWay& batch) {
    return plan.accumulate(batch.models.view(), statistics);
  });
  if (failure) std::rethrow_exception(failure);
  return model_reader.summary();
}

}  // namespace stratem
