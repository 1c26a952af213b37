// How slowly a field over layered ground may decay at one wavenumber.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/earth/layered_model.hpp"

namespace stratem::core {

/// A model's modes at a wavenumber lambda decay as e^{-t/tau} or faster where, for any layer i,
///     tau lambda^2 = mu0 sigma_i + lambda sheet_i/2
/// and sheet_i is the sum of mu0 sigma h over all layers that conduct better than layer i, infinite
/// if the basement is one of them. See README.md.
class DecayBound {
 public:
  /// Cost: the square of the number of layers.
  explicit DecayBound(const LayeredModel& model);

  /// The least tau lambda^2 of all layers, s/m^2. It is infinite if layers are polarizable, because
  /// polarization decays at its own rate at any wavenumber.
  double operator()(double wavenumber) const {
    double least = permeance_[0] + 0.5 * wavenumber * sheet_[0];
    for (std::size_t i = 1; i < permeance_.size(); ++i) {
      least = std::min(least, permeance_[i] + 0.5 * wavenumber * sheet_[i]);
    }
    return least;
  }

  /// The number of increasing wavenumbers before the first one whose modes all decay faster than
  /// e^{-t/shortest}.
  std::size_t kept(std::span<const double> wavenumber, double shortest) const;

 private:
  std::vector<double> permeance_, sheet_;  // [layers]
};

}  // namespace stratem::core
