#include "core/plan/node_precision.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>

#include "core/earth/decay_bound.hpp"
#include "core/earth/layered_model.hpp"
#include "core/earth/model_outcome.hpp"
#include "core/earth/reflection.hpp"

namespace stratem::core {
namespace {

/// Time of an evaluation in single precision divided by that in double, for vectors of the same
/// length.
constexpr double time_in_single = 0.5;

double modulus(std::complex<double> z) { return std::abs(z.real()) + std::abs(z.imag()); }

/// Says for every model whether it is computed again.
std::vector<bool> cancelled(const Cancellation& window, std::size_t in_double, double largest) {
  std::vector<bool> models(window.models());
  for (std::size_t m = 0; m < models.size(); ++m) models[m] = !(window(m, in_double) <= largest);
  return models;
}

/// The search for the best numbers of nodes, window by window.
class Choice {
 public:
  Choice(const std::vector<Cancellation>& windows, double largest)
      : windows_(windows), largest_(largest) {
    for (const auto& window : windows) {
      in_double_.push_back(window.nodes());
      again_.push_back(cancelled(window, window.nodes(), largest));
      all_ += static_cast<double>(window.nodes() * window.wavenumbers());
    }
  }

  /// Gives one window the best number of nodes in double precision. Returns false if it had that
  /// number before.
  bool improve(std::size_t w) {
    const std::size_t before = in_double_[w];
    std::size_t best = before;
    double least = time();
    for (std::size_t n = 0; n <= windows_[w].nodes(); ++n) {
      set(w, n);
      const double found = time();
      if (found < least) {
        least = found;
        best = n;
      }
    }
    set(w, best);
    return best != before;
  }

  const std::vector<std::size_t>& in_double() const { return in_double_; }

 private:
  void set(std::size_t w, std::size_t n) {
    in_double_[w] = n;
    again_[w] = cancelled(windows_[w], n, largest_);
  }

  /// The mean cost of a model, in evaluations in double precision.
  double time() const {
    double sum = 0.0;
    for (std::size_t w = 0; w < windows_.size(); ++w) {
      const auto in_double = static_cast<double>(in_double_[w]);
      const auto in_single = static_cast<double>(windows_[w].nodes()) - in_double;
      sum +=
          static_cast<double>(windows_[w].wavenumbers()) * (in_double + time_in_single * in_single);
    }
    const std::size_t models = windows_.front().models();
    std::size_t again = 0;
    for (std::size_t m = 0; m < models; ++m) {
      if (std::ranges::any_of(again_, [&](const auto& window) { return window[m]; })) ++again;
    }
    return sum + all_ * static_cast<double>(again) / static_cast<double>(models);
  }

  const std::vector<Cancellation>& windows_;
  double largest_;
  double all_ = 0.0;
  std::vector<std::size_t> in_double_;
  std::vector<std::vector<bool>> again_;  // [windows][models]
};

/// The same window with some of its nodes.
PlanWindow with_nodes(const PlanWindow& window, std::size_t first, std::size_t last) {
  const auto part = [&](const auto& of_all) {
    return std::vector(of_all.begin() + static_cast<std::ptrdiff_t>(first),
                       of_all.begin() + static_cast<std::ptrdiff_t>(last));
  };
  PlanWindow result = window;
  result.node = part(window.node);
  for (auto& row : result.rows) row.weight = part(row.weight);
  return result;
}

}  // namespace

Cancellation::Cancellation(const PlanWindow& window, const System& system, const ModelBatch& models,
                           const Responses& responses)
    : nodes_(window.node.size()), wavenumbers_(window.wavenumber.size()) {
  const SystemHeights heights(system);
  const std::size_t geometries = window.weight.size();
  largest_.assign(static_cast<std::size_t>(models.models) * (nodes_ + 1), 0.0);
  LayeredModel model;
  std::vector<double> moduli(geometries * nodes_);
  std::vector<std::size_t> kept(geometries, wavenumbers_);
  for (std::int64_t m = 0; m < models.models; ++m) {
    double change = 0.0;
    gather(models, m, model);
    heights.change_of(models, m, change);
    std::ranges::fill(moduli, 0.0);
    const DecayBound decay_bound(model);
    for (std::size_t g = 0; g < window.shortest_decay.size(); ++g) {
      kept[g] = decay_bound.kept(window.wavenumber, window.shortest_decay[g]);
    }
    const std::size_t most_kept = std::ranges::max(kept);
    for (std::size_t j = 0; j < nodes_; ++j) {
      const auto k = layer_constants(model, window.node[j]);
      for (std::size_t i = 0; i < most_kept; ++i) {
        const double lambda = window.wavenumber[i];
        const double r = modulus(reflection_coefficient(k, model.thickness, lambda)) *
                         std::exp(-2.0 * lambda * change);
        for (std::size_t g = 0; g < geometries; ++g) {
          if (i < kept[g]) moduli[g * nodes_ + j] += std::abs(window.weight[g][i]) * r;
        }
      }
    }
    double* const largest = &largest_[static_cast<std::size_t>(m) * (nodes_ + 1)];
    for (const auto& row : window.rows) {
      const double* const of_geometry = &moduli[static_cast<std::size_t>(row.geometry) * nodes_];
      double sum = 0.0;
      for (std::size_t j = nodes_; j-- > 0;) {
        sum += modulus(row.weight[j]) * of_geometry[j];
        largest[j] = std::max(largest[j], sum / std::abs(responses(m, row.gate)));
      }
    }
  }
}

std::vector<std::size_t> nodes_in_double(const std::vector<Cancellation>& windows, double largest) {
  Choice choice(windows, largest);
  for (bool better = true; better;) {
    better = false;
    for (std::size_t w = 0; w < windows.size(); ++w) better = choice.improve(w) || better;
  }
  return choice.in_double();
}

std::vector<PlanWindow> cut_by_precision(const PlanWindow& window, std::size_t in_double) {
  std::vector<PlanWindow> parts;
  if (in_double > 0) parts.push_back(with_nodes(window, 0, in_double));
  if (in_double < window.node.size()) {
    parts.push_back(with_nodes(window, in_double, window.node.size()));
    parts.back().single_precision = true;
  }
  return parts;
}

}  // namespace stratem::core
