// Quadrature nodes over wavenumber with the geometry's weight on them.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <vector>

#include "core/survey/loop_weight.hpp"

namespace stratem::reference {

/// A node of the quadrature: sum of weight x integrand(lambda).
struct WavenumberNode {
  double lambda = 0.0;  ///< 1/m
  double weight = 0.0;  ///< quadrature weight x w(lambda)
};

/// Gauss-Legendre panels on octaves 2^p .. 2^{p+1} of wavenumber, cut finer where w(lambda)
/// oscillates, and one panel from 0 to 2^p. The octaves are computed when they are first needed;
/// thread-safe.
class WavenumberGrid {
 public:
  explicit WavenumberGrid(const core::LoopWeight& weight);

  /// Calls visit(node) from lambda = 0 to at least `last`, with the first panel ending at or below
  /// `smooth`, the wavenumber below which the integrand has no structure.
  void for_each(double smooth, double last,
                const std::function<void(const WavenumberNode&)>& visit) const;

 private:
  static constexpr int lowest = -60;
  static constexpr int highest = 40;
  static constexpr std::size_t octaves = highest - lowest + 1;

  struct Octave {
    std::once_flag once;
    std::vector<WavenumberNode> nodes;
  };
  const std::vector<WavenumberNode>& octave(int p) const;
  const std::vector<WavenumberNode>& head(int p) const;
  void append_panel(double begin, double end, std::vector<WavenumberNode>& nodes) const;

  core::LoopWeight weight_;
  mutable std::array<Octave, octaves> octaves_;
  mutable std::array<Octave, octaves> heads_;
};

}  // namespace stratem::reference
