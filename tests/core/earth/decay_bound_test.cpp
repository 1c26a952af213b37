// Compares the bound on how slowly a layered earth's field decays with the modes themselves. These
// are solutions of phi'' = (lambda^2 - x mu0 sigma) phi that vanish high above and deep below.
#include "core/earth/decay_bound.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/constants.hpp"

namespace stratem {
namespace {

using base::mu0;
using core::DecayBound;
using core::LayeredModel;

/// Whether no mode of the model decays as slowly as e^{-rate t}: the solution that vanishes below
/// is positive everywhere, and would have to bend more to vanish above as well.
bool all_decay_faster(const LayeredModel& model, double wavenumber, double rate) {
  const auto square = [&](std::size_t i) {
    return wavenumber * wavenumber - rate * mu0 / model.resistivity[i];
  };
  if (square(model.thickness.size()) <= 0.0) return false;
  double phi = 1.0;
  double slope = -std::sqrt(square(model.thickness.size()));  // downward
  for (std::size_t i = model.thickness.size(); i-- > 0;) {
    const double u = std::sqrt(std::abs(square(i)));
    // In each step it can change its sign once at most.
    const double steps = std::ceil(1.0 + u * model.thickness[i]);
    const double h = model.thickness[i] / steps;
    for (double step = 0.0; step < steps; ++step) {
      const bool bends_back = square(i) < 0.0;
      const double even = bends_back ? std::cos(u * h) : std::cosh(u * h);
      const double odd = bends_back ? std::sin(u * h) : std::sinh(u * h);
      const double next = even * phi - odd / u * slope;
      slope = (bends_back ? u : -u) * odd * phi + even * slope;
      phi = next;
      if (phi <= 0.0) return false;
      slope /= phi;
      phi = 1.0;
    }
  }
  return wavenumber * phi - slope > 0.0;
}

/// The slowest of all modes.
double slowest_rate(const LayeredModel& model, double wavenumber) {
  double low = 0.0;
  double high = 1.0;
  while (all_decay_faster(model, wavenumber, high)) high *= 2.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (all_decay_faster(model, wavenumber, middle) ? low : high) = middle;
  }
  return low;
}

double bound_on_rate(const LayeredModel& model, double wavenumber) {
  return wavenumber * wavenumber / DecayBound(model)(wavenumber);
}

TEST(DecayBound, IsTheSlowestModeOfAHalfSpace) {
  for (const double wavenumber : {1e-4, 1e-2, 1.0}) {
    const LayeredModel model{{50.0}, {}, {}, {}, {}};
    EXPECT_NEAR(bound_on_rate(model, wavenumber) / slowest_rate(model, wavenumber), 1.0, 1e-9);
  }
}

TEST(DecayBound, ComesNearTheModeOfAThinSheet) {
  // Sheets over and within very resistive ground.
  for (const LayeredModel& model : {LayeredModel{{0.1, 1e6}, {0.1}, {}, {}, {}},
                                    LayeredModel{{1e6, 0.1, 1e6}, {30.0, 0.1}, {}, {}, {}}}) {
    const double ratio = bound_on_rate(model, 0.01) / slowest_rate(model, 0.01);
    EXPECT_GT(ratio, 0.98);
    EXPECT_LT(ratio, 1.0);
  }
}

TEST(DecayBound, HoldsForAnyLayers) {
  std::mt19937_64 random(3);
  const auto log_uniform = [&random](double low, double high) {
    return low * std::pow(high / low, std::uniform_real_distribution<double>(0.0, 1.0)(random));
  };
  double largest = 0.0;
  for (int i = 0; i < 2000; ++i) {
    LayeredModel model;
    for (int layer = 0; layer < 1 + i % 9; ++layer) {
      model.resistivity.push_back(log_uniform(0.1, 1e4));
      if (layer > 0) model.thickness.push_back(log_uniform(0.5, 100.0));
    }
    const double wavenumber = log_uniform(1e-4, 1.0);
    const double ratio = bound_on_rate(model, wavenumber) / slowest_rate(model, wavenumber);
    EXPECT_LT(ratio, 1.0 + 1e-9);
    largest = std::max(largest, ratio);
  }
  EXPECT_GT(largest, 0.999);  // half-spaces
}

TEST(DecayBound, DoesNotHoldWherePolarizationDecaysInstead) {
  const LayeredModel model{{10.0, 100.0}, {5.0}, {0.1, 0.0}, {1e-3, 1e-3}, {0.5, 0.5}};
  EXPECT_EQ(DecayBound(model)(1e3), std::numeric_limits<double>::infinity());
  EXPECT_EQ(DecayBound(model).kept(std::vector{1.0, 10.0}, 1.0), 2U);
}

TEST(DecayBound, CountsWavenumbersBeforeTheFirstThatDecaysTooFast) {
  const LayeredModel model{{10.0}, {}, {}, {}, {}};
  const DecayBound bound(model);
  const std::vector<double> wavenumber{1e-3, 1e-2, 1e-1, 1.0};
  const auto decay = [](double lambda) { return mu0 / 10.0 / (lambda * lambda); };
  EXPECT_EQ(bound.kept(wavenumber, 0.0), 4U);
  EXPECT_EQ(bound.kept(wavenumber, 0.99 * decay(0.1)), 3U);
  EXPECT_EQ(bound.kept(wavenumber, 1.01 * decay(0.1)), 2U);
  EXPECT_EQ(bound.kept(wavenumber, 1.01 * decay(1e-3)), 0U);
}

}  // namespace
}  // namespace stratem
