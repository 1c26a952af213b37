// The search for the models with a plan's largest errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "core/plan/build_monitor.hpp"
#include "core/plan/ensemble.hpp"
#include "core/plan/layer_stack.hpp"
#include "core/plan/plan_table.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The models that a search found, the worst first.
struct FoundModels {
  ModelSet models;
  std::vector<double> error;  ///< [models] relative to the response's size, estimated with the
                              ///< finer table
  std::vector<std::size_t> window;  ///< [models] number of the window whose gates have that error
  std::int64_t candidates = 0;      ///< models that were looked at
};

/// Every cover is computed on every ground. For each window, the worst models of `improved` covers
/// are then varied to raise their errors further.
struct SearchSize {
  int covers = 1024;
  int grounds = 1024;
  int improved = 48;
};

/// Const and thread-safe.
class ModelSearch {
 public:
  using Forward = std::function<Responses(const PlanTable&, const ModelSet&)>;

  /// Searches within `range`. The system and the monitor must outlive it.
  ModelSearch(const System& system, EnsembleRange range, Forward forward, int threads,
              const BuildMonitor& monitor = BuildMonitor::unwatched())
      : system_(system),
        range_(range),
        forward_(std::move(forward)),
        threads_(threads),
        monitor_(monitor) {}

  /// The models in which a table and a finer one, with the same gates, differ most. A local search
  /// over resistivities, thicknesses, layers and heights raises the errors of the worst random
  /// covers on random grounds further. On one machine the result depends on the seed alone.
  FoundModels find(const PlanTable& table, const PlanTable& finer, const SearchSize& size,
                   std::uint64_t seed) const;

 private:
  struct Candidate {
    StackedModel model;
    std::size_t window = 0;  // whose gates count
    double error = 0.0;
  };
  std::vector<Candidate> worst_of_scan(const PlanTable& table, const PlanTable& finer,
                                       const SearchSize& size, Uniform& uniform,
                                       std::int64_t& looked_at) const;
  std::vector<Candidate> improved(std::vector<Candidate> candidates, const PlanTable& table,
                                  const PlanTable& finer, Uniform& uniform,
                                  std::int64_t& looked_at) const;
  static void keep_worst(std::vector<Candidate>& candidates, std::size_t of_each_window);
  void judge(std::vector<Candidate>& candidates, const PlanTable& table,
             const PlanTable& finer) const;
  void vary_layers(LayerStack& stack, Uniform& uniform) const;
  StackedModel varied(const StackedModel& model, double step, Uniform& uniform) const;

  const System& system_;
  EnsembleRange range_;
  Forward forward_;
  int threads_;
  const BuildMonitor& monitor_;
};

}  // namespace stratem::core
