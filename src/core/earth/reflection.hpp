// The reflection coefficient of a layered earth, one wavenumber and Laplace node at a time, for
// setting plans up.
#pragma once

#include <complex>
#include <cstddef>

#include "core/earth/layered_model.hpp"

namespace stratem::core {

/// Conductivities of a model's layers at a Laplace node, times mu0 s: k_i of src/core/README.md.
std::vector<std::complex<double>> layer_constants(const LayeredModel& model,
                                                  std::complex<double> s);

/// r_TE(lambda) for layers with the constants k, upward from the basement.
std::complex<double> reflection_coefficient(const std::vector<std::complex<double>>& k,
                                            const std::vector<double>& thickness, double lambda);
/// The same for the first `layers` layers, the last of them taken as infinitely thick.
std::complex<double> reflection_coefficient(const std::vector<std::complex<double>>& k,
                                            const std::vector<double>& thickness, double lambda,
                                            std::size_t layers);

}  // namespace stratem::core
