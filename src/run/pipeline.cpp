#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "stratem/error.hpp"
#include "stratem/run.hpp"

namespace stratem {
namespace {

using Clock = std::chrono::steady_clock;

/// Until a rate is known; enough for all lanes of one thread.
constexpr std::int64_t first_batch = 64;
/// Long enough that threads which wait for the last of a batch do not count, short enough for a
/// progress bar.
constexpr double batch_seconds = 0.25;
/// One batch being written, one waiting, one being computed.
constexpr std::size_t buffers = 3;

/// The models first, first + 1, ... on their way to be computed.
struct ModelsOnTheirWay {
  std::int64_t first = 0;
  ModelSet models;
};

struct ResponsesOnTheirWay {
  std::int64_t first = 0;
  Responses responses;
};

/// The last item of a stream: all is done, or why there is no more.
struct End {
  std::exception_ptr error;
};

/// A queue of bounded length between two threads. Not oneTBB's: ThreadSanitizer cannot see what
/// that one's library orders.
template <class Item>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room.
  void push(Item item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.size() < capacity_; });
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  /// Waits for an item.
  Item pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !items_.empty(); });
    Item item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
};

template <class Item>
using Stream = Channel<std::variant<Item, End>>;

/// Bytes of one model and its responses.
std::int64_t row_bytes(std::int64_t layers, std::int64_t gates) {
  constexpr std::int64_t most_arrays = 5;  // resistivity, depth and Cole-Cole's three
  return (most_arrays * layers + gates + 2) * static_cast<std::int64_t>(sizeof(double));
}

void require(bool allowed, const char* option, std::int64_t value, const std::string& what) {
  if (allowed) return;
  throw InputError(std::string(option) + ": " + std::to_string(value) + ", allowed is " + what);
}

RunOptions checked(RunOptions options, std::int64_t models) {
  require(options.first >= 0 && options.first <= models, "first", options.first,
          "0 to " + std::to_string(models));
  const std::int64_t left = models - options.first;
  require(options.count >= -1 && options.count <= left, "count", options.count,
          "-1 to " + std::to_string(left));
  require(options.batch >= 0, "batch", options.batch, "0 or above");
  require(options.memory >= 1, "memory", options.memory, "1 or above");
  if (options.count < 0) options.count = left;
  return options;
}

/// Three stages with a bounded stream between each two. A stage reads its stream to the End
/// whatever happens, so that no other waits for it in vain.
class Pipeline {
 public:
  Pipeline(const Plan& plan, const ModelSource& source, ResponseSink& sink, RunOptions options)
      : plan_(plan),
        source_(source),
        sink_(sink),
        options_(std::move(options)),
        largest_batch_(
            std::max<std::int64_t>(1, options_.memory / row_bytes(source.layers(), plan.gates()))),
        batch_(options_.batch > 0 ? options_.batch : std::min(first_batch, largest_batch_)) {
    for (std::size_t i = 0; i < buffers; ++i) free_.push(Responses(0, plan.gates()));
    summary_.models = options_.count;
  }

  RunSummary run() {
    std::exception_ptr failure;
    {
      const std::jthread writer([this] { write_all(); });
      failure = read_and_compute();
      computed_.push(End{});
    }
    // What the sink did not take comes before whatever stopped later batches.
    if (write_failure_) failure = write_failure_;
    if (failure) std::rethrow_exception(failure);
    summary_.seconds = seconds();
    return summary_;
  }

 private:
  std::exception_ptr read_and_compute() {
    try {
      if (!report()) return nullptr;
      const std::jthread reader([this] { read_all(); });
      return compute_all();
    } catch (...) {
      return std::current_exception();
    }
  }

  void read_all() {
    std::exception_ptr error;
    try {
      const std::int64_t end = options_.first + options_.count;
      for (std::int64_t first = options_.first; first < end && !stop_;) {
        const std::int64_t count = std::min<std::int64_t>(batch_, end - first);
        read_.push(ModelsOnTheirWay{first, source_.read(first, count)});
        first += count;
      }
    } catch (...) {
      error = std::current_exception();
    }
    read_.push(End{error});
  }

  std::exception_ptr compute_all() {
    std::exception_ptr failure;
    for (;;) {
      auto item = read_.pop();
      if (const auto* end = std::get_if<End>(&item)) return failure ? failure : end->error;
      if (stop_) continue;
      try {
        compute(std::get<ModelsOnTheirWay>(item));
      } catch (...) {
        failure = std::current_exception();
        stop_ = true;
      }
    }
  }

  void compute(const ModelsOnTheirWay& batch) {
    const auto start = Clock::now();
    ResponsesOnTheirWay result{batch.first, free_.pop()};
    resize(result.responses, batch.models.models);
    plan_.forward(batch.models.view(), result.responses.view());
    choose_batch(batch.models.models, std::chrono::duration<double>(Clock::now() - start).count());
    for (const Status status : result.responses.status) summary_.statuses.add(status);
    summary_.done += batch.models.models;
    computed_.push(std::move(result));
    if (!report()) stop_ = true;
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
        stop_ = true;
      }
      free_.push(std::move(batch.responses));
    }
  }

  /// Keeps the memory it has where it can.
  static void resize(Responses& responses, std::int64_t models) {
    responses.models = models;
    responses.response.resize(static_cast<std::size_t>(models * responses.gates));
    responses.status.resize(static_cast<std::size_t>(models));
  }

  void choose_batch(std::int64_t models, double seconds_taken) {
    if (options_.batch > 0 || !(seconds_taken > 0.0)) return;
    const double rate = static_cast<double>(models) / seconds_taken;
    const double wanted = std::min(rate * batch_seconds, static_cast<double>(largest_batch_));
    batch_ = std::max(static_cast<std::int64_t>(wanted), std::min(first_batch, largest_batch_));
  }

  /// False if the callback wants no more.
  bool report() {
    if (!options_.progress) return true;
    const RunProgress progress{summary_.done, summary_.models, summary_.statuses.failed(),
                               seconds()};
    if (options_.progress(progress)) return true;
    summary_.cancelled = summary_.done < summary_.models;
    return false;
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  const Plan& plan_;
  const ModelSource& source_;
  ResponseSink& sink_;
  RunOptions options_;
  std::int64_t largest_batch_;
  Clock::time_point start_ = Clock::now();

  std::atomic<std::int64_t> batch_;
  std::atomic<bool> stop_ = false;
  Stream<ModelsOnTheirWay> read_{1};
  Stream<ResponsesOnTheirWay> computed_{buffers};
  Channel<Responses> free_{buffers};
  std::exception_ptr write_failure_;  ///< the writer's, until it has ended
  RunSummary summary_;
};

}  // namespace

RunSummary run(const Plan& plan, const ModelSource& source, ResponseSink& sink,
               const RunOptions& options) {
  return Pipeline(plan, source, sink, checked(options, source.models())).run();
}

}  // namespace stratem
