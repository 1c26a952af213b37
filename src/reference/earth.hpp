// The layered earth in the wavenumber and Laplace domain.
#pragma once

#include <complex>
#include <vector>

#include "core/layered_model.hpp"

namespace stratem::reference {

/// Pelton's Cole-Cole conductivity of a layer, in parts that are added without cancellation:
/// sigma(s) = 1/rho + increase(s).
std::complex<double> cole_cole_increase(double resistivity, double chargeability,
                                        double time_constant, double exponent,
                                        std::complex<double> s);

/// r_TE(lambda, s) of a model and what is left of it beyond its two limits. Either remainder has
/// relative accuracy near rounding however small it is; a limit is what the inverse Laplace
/// transform turns into nothing for t > 0.
struct Reflection {
  /// The limit of small conductivity or late time, linear in the layers' s sigma:
  /// -mu0 s/(4 lambda^2) sum_i sigma_i (e^{-2 lambda z_i} - e^{-2 lambda z_{i+1}}).
  std::complex<double> linear;
  std::complex<double> beyond_linear;  ///< r_TE - linear
  std::complex<double>
      beyond_mirror;  ///< r_TE + 1, beyond the limit of a perfect conductor or early time
};

/// A model at a set of Laplace nodes.
class Earth {
 public:
  Earth(const core::LayeredModel& model, const std::vector<std::complex<double>>& nodes);

  /// One Reflection for each node, all at the wavenumber lambda.
  void reflect(double lambda, std::vector<Reflection>& reflections) const;

 private:
  std::size_t nodes_ = 0;
  std::vector<double> thickness_;
  std::vector<std::complex<double>> k_;  // mu0 s sigma, [nodes, layers]
};

/// The factors of s sigma_i in the linear part of r_TE: -mu0/(4 lambda^2) (e^{-2 lambda z_i} -
/// e^{-2 lambda z_{i+1}}), added to `sums`[i] times `weight`.
void add_linear_factors(const core::LayeredModel& model, double lambda, double weight,
                        std::vector<double>& sums);

}  // namespace stratem::reference
