// The layered earth in the wavenumber and Laplace domain.
#pragma once

#include <complex>
#include <vector>

#include "core/earth/layered_model.hpp"
#include "reference/limit_remainder.hpp"

namespace stratem::reference {

/// Pelton's Cole-Cole conductivity of a layer, in parts that are added without cancellation:
/// sigma(s) = 1/rho + increase(s).
std::complex<double> cole_cole_increase(double resistivity, double chargeability,
                                        double time_constant, double exponent,
                                        std::complex<double> s);

/// A model at a set of Laplace nodes.
class Earth {
 public:
  Earth(const core::LayeredModel& model, const std::vector<std::complex<double>>& nodes);

  /// The difference between r_TE and the nearer limit, which is the same limit at all nodes.
  Limit reflect(double lambda, NodeArray& remainder) const;

 private:
  std::vector<double> thickness_;
  std::vector<NodeArray> k_;  // mu0 s sigma, [layers]
};

/// Adds the factors of s sigma_i in the linear part of r_TE, times `weight`, to `sums`[i]. They are
/// -mu0/(4 lambda^2) (e^{-2 lambda z_i} - e^{-2 lambda z_{i+1}}).
void add_linear_factors(const core::LayeredModel& model, double lambda, double weight,
                        std::vector<double>& sums);

}  // namespace stratem::reference
