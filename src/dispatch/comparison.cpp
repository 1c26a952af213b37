#include "dispatch/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "core/plan/response_size.hpp"

namespace stratem::dispatch {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double difference(double tested, double truth, double size) {
  if (tested == truth) return 0.0;
  const double error = std::abs(tested - truth) / size;
  return std::isnan(error) ? infinity : error;
}

double median_of(std::vector<double>& values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Collects differences model by model.
class Differences {
 public:
  void add(std::int64_t model, const std::vector<double>& of_gates) {
    const auto worst = std::ranges::max_element(of_gates);
    if (worst == of_gates.end()) return;
    all_.insert(all_.end(), of_gates.begin(), of_gates.end());
    models_.emplace_back(*worst, model);
    if (*worst > worst_) {
      worst_ = *worst;
      worst_gate_ = worst - of_gates.begin();
    }
  }

  void report(Comparison& comparison, std::int64_t most_named) && {
    comparison.worst = worst_;
    comparison.worst_gate = worst_gate_;
    comparison.median = median_of(all_);
    const auto named = std::min(static_cast<std::size_t>(most_named), models_.size());
    const auto end = models_.begin() + static_cast<std::ptrdiff_t>(named);
    std::partial_sort(models_.begin(), end, models_.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (auto model = models_.begin(); model != end; ++model) {
      comparison.worst_models.push_back(model->second);
    }
  }

 private:
  std::vector<double> all_;
  std::vector<std::pair<double, std::int64_t>> models_;  // worst difference, number
  double worst_ = 0.0;
  std::int64_t worst_gate_ = 0;
};

}  // namespace

Comparison compare(const System& system, const Responses& tested, const Responses& truth,
                   bool skip_out_of_range, std::int64_t most_named) {
  const std::vector<double> sizes = core::response_sizes(system, truth);
  const auto gates = static_cast<std::size_t>(truth.gates);
  Comparison comparison;
  comparison.models = truth.models;
  Differences differences;
  std::vector<double> of_gates(gates);
  for (std::int64_t model = 0; model < truth.models; ++model) {
    const Status status = tested.status[static_cast<std::size_t>(model)];
    const Status expected = truth.status[static_cast<std::size_t>(model)];
    if (skip_out_of_range && status == Status::out_of_range) {
      ++comparison.out_of_range;
      continue;
    }
    if (status != Status::ok && status == expected) continue;
    if (status != expected) {
      std::ranges::fill(of_gates, infinity);
    } else {
      for (std::size_t gate = 0; gate < gates; ++gate) {
        const std::size_t i = static_cast<std::size_t>(model) * gates + gate;
        of_gates[gate] = difference(tested.response[i], truth.response[i], sizes[i]);
      }
    }
    differences.add(model, of_gates);
  }
  std::move(differences).report(comparison, most_named);
  return comparison;
}

}  // namespace stratem::dispatch
