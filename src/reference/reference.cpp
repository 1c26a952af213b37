#include "reference/reference.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/earth/layered_model.hpp"
#include "core/earth/model_outcome.hpp"
#include "reference/geometry_solver.hpp"

namespace stratem::reference {
namespace {

class ReferenceEvaluator final : public core::Evaluator {
 public:
  ReferenceEvaluator(const System& system, const ExecutionOptions& options)
      : threads_(options.threads),
        heights_(system),
        gates_(static_cast<std::size_t>(gate_count(system))) {
    for (const auto& group : core::geometry_groups(system)) {
      solvers_.push_back(std::make_unique<GeometrySolver>(system, group));
    }
  }

  void forward(const ModelBatch& models, const ResponseView& responses) const override {
    tbb::task_arena arena(threads_ > 0 ? threads_ : tbb::task_arena::automatic);
    arena.execute([&] {
      tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, models.models, 1),
                        [&](const tbb::blocked_range<std::int64_t>& range) {
                          for (std::int64_t m = range.begin(); m < range.end(); ++m) {
                            solve(models, m, responses);
                          }
                        });
    });
  }

  std::string device() const override { return "CPU"; }

 private:
  void solve(const ModelBatch& models, std::int64_t index, const ResponseView& responses) const {
    core::LayeredModel model;
    Status status = core::gather(models, index, model);
    double height_change = 0.0;
    if (status == Status::ok) status = heights_.change_of(models, index, height_change);
    std::vector<double> response(gates_);
    if (status == Status::ok) {
      for (const auto& solver : solvers_) solver->solve(model, height_change, response);
      if (!std::ranges::all_of(response, [](double value) { return std::isfinite(value); })) {
        status = Status::failed;
      }
    }
    if (status != Status::ok) {
      core::mark_failed(responses, index, status);
      return;
    }
    responses.status[index] = Status::ok;
    for (std::size_t g = 0; g < gates_; ++g) {
      responses.response(index, static_cast<std::int64_t>(g)) = response[g];
    }
  }

  int threads_;
  core::SystemHeights heights_;
  std::size_t gates_;
  std::vector<std::unique_ptr<GeometrySolver>> solvers_;
};

}  // namespace

std::unique_ptr<core::Evaluator> make_evaluator(const System& system,
                                                const ExecutionOptions& options) {
  return std::make_unique<ReferenceEvaluator>(system, options);
}

}  // namespace stratem::reference
