// Stacks of layers, and the families of them that a search for hard models draws from.
#pragma once

#include <optional>
#include <vector>

#include "core/plan/ensemble.hpp"
#include "core/plan/random_polarization.hpp"
#include "core/plan/uniform.hpp"
#include "stratem/models.hpp"

namespace stratem::core {

/// Layers from the top down. A cover has a thickness for every layer. A stack that includes the
/// basement, whose last layer is infinite, has one thickness fewer.
struct LayerStack {
  std::vector<double> resistivity;         ///< ohm-m
  std::vector<double> thickness;           ///< m
  std::vector<Polarization> polarization;  ///< of every layer; empty if none is polarizable
};

/// A stack down to the basement, and the height of the transmitter above it.
struct StackedModel {
  LayerStack stack;
  double height = 0.0;  ///< of the transmitter, m; only if the range has heights
};

/// The range of thicknesses that a search draws from, m.
inline constexpr double thinnest_layer = 0.05;
inline constexpr double thickest_layer = 10000.0;

/// If the range has a `most_angle`, half of the stacks that random_cover() and random_ground() draw
/// are polarizable.
///
/// Draws a cover from these families: no layer at all; one resistive layer up to kilometres thick,
/// alone or below another layer; layers whose resistivities are ends of the range; layers of any
/// resistivity; conductive sheets; gradients.
LayerStack random_cover(const EnsembleRange& range, Uniform& uniform);

/// Draws a ground from these families: half-spaces; layers whose resistivities are ends of the
/// range; sheets on resistive or any other ground; layers of any resistivity; random walks of up to
/// 150 layers.
LayerStack random_ground(const EnsembleRange& range, Uniform& uniform);

/// The ground below the cover, `max_layers` layers at most.
LayerStack joined(const LayerStack& cover, const LayerStack& ground);

/// The least or the greatest height of the range, or one between; 0 without heights.
double random_height(const EnsembleRange& range, Uniform& uniform);

/// The models as a batch; heights are left out if the range has none.
ModelSet to_models(const std::vector<StackedModel>& stacks, const EnsembleRange& range);

/// `count` models. Half are random covers on random grounds; the other half are conductors below a
/// resistive cover of hundreds or thousands of metres. The models depend on the seed alone, on
/// every machine.
ModelSet random_stacks(const EnsembleRange& range, int count, std::uint64_t seed);

}  // namespace stratem::core
