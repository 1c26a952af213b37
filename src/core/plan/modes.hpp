// The responses of a system's gates to single modes, and how much each mode can matter.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "core/lag_octaves.hpp"
#include "core/loop_weight.hpp"

namespace stratem::core {

/// A transform F(s) of a layered earth without polarization is a superposition of modes -s/(s + x)
/// over rates x > 0.
struct GateModes {
  std::vector<double> rate;      ///< x, 1/s, log-spaced
  Eigen::MatrixXd response;      ///< [rates, gates] of the gates to F = -s/(s + x)
  Eigen::MatrixXd significance;  ///< [rates, gates]: largest share of a mode relative to the
                                 ///< response, see below
  Eigen::VectorXd constant;      ///< [gates], response to F = 1
  Eigen::VectorXd linear;        ///< [gates], response to F = s
};

/// What a plan is declared for, as far as its geometry goes.
struct GeometryRange {
  double least_height_sum = 0.0;  ///< m
  double most_height_sum = 0.0;
  double least_resistivity = 0.0;  ///< ohm-m
  double most_resistivity = 0.0;
};

/// Modes of `gates` (indices among all gates of the system) from rates far below 1/last to far
/// above 1/first, the times over which the gates extend. The significance of a mode for a gate is
/// the envelope, over half-spaces of the declared resistivities and over thin sheets on the most
/// resistive ground, of the mode's spectral density by the gate's response.
GateModes gate_modes(const std::vector<LagOctave>& octaves, const std::vector<std::size_t>& gates,
                     const LoopWeight& weight, const GeometryRange& range, double first,
                     double last);

}  // namespace stratem::core
