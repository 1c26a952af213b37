#include "stratem/statistics.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/check_failure.hpp"
#include "core/statistics/response_histograms.hpp"

namespace stratem {
namespace {

void check_shapes(const MatrixView<const double>& response, const VectorView<const Status>& status,
                  std::int64_t gates) {
  if (response.rows() != status.size()) {
    throw InputError("statistics: responses of " + std::to_string(response.rows()) +
                     " models and the status of " + std::to_string(status.size()) +
                     ", allowed is as many of both");
  }
  if (response.columns() != gates) {
    throw InputError("statistics: responses of " + std::to_string(response.columns()) +
                     " gates, allowed is " + std::to_string(gates));
  }
}

/// Definition 7 of Hyndman and Fan (1996); sorted(i) is the number at place i of `count` sorted
/// numbers.
template <class Sorted>
double percentile_of(const Sorted& sorted, std::int64_t count, double percentile) {
  const double place = percentile / 100.0 * static_cast<double>(count - 1);
  const double below = std::floor(place);
  const double lower = sorted(static_cast<std::int64_t>(below));
  const double upper = sorted(static_cast<std::int64_t>(std::ceil(place)));
  return std::lerp(lower, upper, place - below);
}

/// A result with nothing counted.
ResponseStatistics empty_result(std::int64_t gates, std::span<const double> percentiles) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto columns = static_cast<std::size_t>(gates);
  ResponseStatistics result;
  result.gates = gates;
  result.percentiles.assign(percentiles.begin(), percentiles.end());
  result.percentile.assign(percentiles.size() * columns, nan);
  result.counted.assign(columns, 0);
  result.mean.assign(columns, nan);
  result.standard_deviation.assign(columns, nan);
  return result;
}

/// Writes the percentiles of one gate.
template <class Sorted>
void set_percentiles(ResponseStatistics& result, std::size_t gate, std::int64_t count,
                     const Sorted& sorted) {
  result.counted[gate] = count;
  for (std::size_t rank = 0; rank < result.percentiles.size(); ++rank) {
    result.percentile[rank * result.counted.size() + gate] =
        percentile_of(sorted, count, result.percentiles[rank]);
  }
}

void set_moments(ResponseStatistics& result, std::size_t gate, const core::Moments& moments) {
  result.mean[gate] = core::mean(moments);
  result.standard_deviation[gate] = core::standard_deviation(moments);
}

/// Writes all statistics of one gate from its values.
void set_exactly(ResponseStatistics& result, std::size_t gate, std::vector<double> values) {
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  set_percentiles(
      result, gate, static_cast<std::int64_t>(values.size()),
      [&values](std::int64_t place) { return values[static_cast<std::size_t>(place)]; });
  core::Moments moments;
  for (const double value : values) moments.add(value);
  set_moments(result, gate, moments);
}

std::vector<double> column_of(const MatrixView<const double>& response,
                              const VectorView<const Status>& status, std::int64_t gate) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(response.rows()));
  for (std::int64_t model = 0; model < response.rows(); ++model) {
    if (core::counts(status[model], response(model, gate))) values.push_back(response(model, gate));
  }
  return values;
}

}  // namespace

void check_percentiles(std::span<const double> percentiles) {
  if (percentiles.empty()) base::reject("percentiles", "none", "one or more");
  for (const double percentile : percentiles) {
    base::require(percentile >= 0.0 && percentile <= 100.0, "percentiles", percentile, "0 to 100");
  }
}

ResponseStatistics statistics(const MatrixView<const double>& response,
                              const VectorView<const Status>& status,
                              std::span<const double> percentiles) {
  check_shapes(response, status, response.columns());
  check_percentiles(percentiles);
  ResponseStatistics result = empty_result(response.columns(), percentiles);
  result.models = response.rows();
  result.failed = core::count_failed(status);
  tbb::parallel_for(std::int64_t{0}, result.gates, [&](std::int64_t gate) {
    set_exactly(result, static_cast<std::size_t>(gate), column_of(response, status, gate));
  });
  return result;
}

struct EnsembleStatistics::State {
  std::int64_t gates = 0;
  std::int64_t most_kept = 0;  // responses of all gates together
  std::int64_t models = 0;     // used, like the next two, while all responses are kept
  std::int64_t failed = 0;
  /// The responses of each gate in the order in which they were added, while there is memory for
  /// them. A deque does not move its elements when it grows.
  std::vector<std::deque<double>> kept;
  /// Takes the place of the kept responses once the memory is used up.
  std::optional<core::ResponseHistograms> histograms;

  std::int64_t all_models() const { return histograms ? histograms->models() : models; }
  std::int64_t all_failed() const { return histograms ? histograms->failed() : failed; }
  bool has_room_for(std::int64_t more) const {
    return gates == 0 || models - failed + more <= most_kept / gates;
  }
  core::ResponseHistograms histograms_of_all() const;
  void histograms_kept();
};

core::ResponseHistograms EnsembleStatistics::State::histograms_of_all() const {
  if (histograms) return *histograms;
  core::ResponseHistograms all(gates);
  all.add_models(models, failed);
  tbb::parallel_for(std::int64_t{0}, gates, [&](std::int64_t gate) {
    for (const double value : kept[static_cast<std::size_t>(gate)]) all.gate(gate).add(value);
  });
  return all;
}

/// From now on responses are counted and not kept.
void EnsembleStatistics::State::histograms_kept() {
  if (histograms) return;
  histograms = histograms_of_all();
  for (auto& column : kept) std::deque<double>().swap(column);
}

EnsembleStatistics::EnsembleStatistics(std::int64_t gates, std::int64_t memory)
    : state_(std::make_unique<State>()) {
  if (gates < 0) base::reject("gates", std::to_string(gates), "0 or above");
  if (memory < 0) base::reject("memory", std::to_string(memory), "0 or above");
  state_->gates = gates;
  state_->most_kept = memory / static_cast<std::int64_t>(sizeof(double));
  state_->kept.resize(static_cast<std::size_t>(gates));
  if (memory == 0) state_->histograms_kept();
}

EnsembleStatistics::~EnsembleStatistics() = default;
EnsembleStatistics::EnsembleStatistics(EnsembleStatistics&&) noexcept = default;
EnsembleStatistics& EnsembleStatistics::operator=(EnsembleStatistics&&) noexcept = default;

std::int64_t EnsembleStatistics::gates() const { return state_->gates; }
std::int64_t EnsembleStatistics::models() const { return state_->all_models(); }

core::ResponseHistograms* core::histograms_of(EnsembleStatistics& statistics) {
  auto& histograms = statistics.state().histograms;
  return histograms ? &*histograms : nullptr;
}

void EnsembleStatistics::add(const MatrixView<const double>& response,
                             const VectorView<const Status>& status) {
  State& state = *state_;
  check_shapes(response, status, state.gates);
  const std::int64_t failed = core::count_failed(status);
  if (!state.has_room_for(response.rows() - failed)) state.histograms_kept();
  if (state.histograms) {
    state.histograms->add(response, status);
    return;
  }
  state.models += response.rows();
  state.failed += failed;
  for (std::int64_t model = 0; model < response.rows(); ++model) {
    for (std::int64_t gate = 0; gate < state.gates; ++gate) {
      const double value = response(model, gate);
      if (core::counts(status[model], value)) {
        state.kept[static_cast<std::size_t>(gate)].push_back(value);
      }
    }
  }
}

void EnsembleStatistics::add(const Responses& responses) {
  add({responses.response.data(), responses.models, responses.gates},
      {responses.status.data(), responses.models});
}

void EnsembleStatistics::merge(const EnsembleStatistics& other) {
  State& state = *state_;
  const State& more = *other.state_;
  if (more.gates != state.gates) {
    base::reject("statistics", "merged with those of " + std::to_string(more.gates) + " gates",
                 std::to_string(state.gates));
  }
  if (more.histograms || !state.has_room_for(more.models - more.failed)) state.histograms_kept();
  if (state.histograms) {
    state.histograms->add(more.histograms_of_all());
    return;
  }
  state.models += more.models;
  state.failed += more.failed;
  for (std::size_t gate = 0; gate < state.kept.size(); ++gate) {
    state.kept[gate].insert(state.kept[gate].end(), more.kept[gate].begin(), more.kept[gate].end());
  }
}

ResponseStatistics EnsembleStatistics::result(std::span<const double> percentiles) const {
  check_percentiles(percentiles);
  const State& state = *state_;
  ResponseStatistics result = empty_result(state.gates, percentiles);
  result.models = state.all_models();
  result.failed = state.all_failed();
  result.percentile_error = state.histograms ? core::ValueHistogram::relative_error : 0.0;
  tbb::parallel_for(std::size_t{0}, state.kept.size(), [&](std::size_t gate) {
    if (!state.histograms) {
      set_exactly(result, gate, {state.kept[gate].begin(), state.kept[gate].end()});
      return;
    }
    const auto& histogram = state.histograms->gate(static_cast<std::int64_t>(gate));
    if (histogram.count() == 0) return;
    set_percentiles(result, gate, histogram.count(),
                    [&histogram](std::int64_t place) { return histogram.at(place); });
    set_moments(result, gate, histogram.summary().moments);
  });
  return result;
}

}  // namespace stratem
