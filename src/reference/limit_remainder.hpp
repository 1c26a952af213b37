// The difference between r_TE of a layered earth and one of its two limits, computed without
// cancellation, for many Laplace nodes side by side in vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stratem::reference {

/// Limits of r_TE(lambda, s). The inverse Laplace transform of either limit is zero for t > 0. The
/// difference between r_TE and a limit is accurate nearly to rounding, however small it is.
enum class Limit : std::uint8_t {
  /// The limit of small conductivity or late time, linear in the layers' s sigma:
  /// -mu0 s/(4 lambda^2) sum_i sigma_i (e^{-2 lambda z_i} - e^{-2 lambda z_{i+1}}).
  linear,
  mirror  ///< the limit of a perfect conductor or early time: -1
};

/// Complex numbers, one for each Laplace node, padded to fill the widest vectors.
class NodeArray {
 public:
  explicit NodeArray(std::size_t nodes = 0)
      : size_((nodes + widest - 1) / widest * widest), value_(2 * size_) {}
  std::size_t size() const { return size_; }
  double* re() { return value_.data(); }
  double* im() { return value_.data() + size_; }
  const double* re() const { return value_.data(); }
  const double* im() const { return value_.data() + size_; }

 private:
  static constexpr std::size_t widest = 8;
  std::size_t size_;
  std::vector<double> value_;
};

/// The layers that matter at a wavenumber.
struct Reach {
  double lambda = 0.0;                ///< 1/m
  const double* thickness = nullptr;  ///< m, of all layers but the last
  std::vector<double> attenuation;    ///< e^{-2 lambda h} of these
  std::size_t layers() const { return attenuation.size() + 1; }
};

/// The difference between r_TE and a limit; `k` = mu0 s sigma of each layer.
void limit_remainder(Limit limit, const Reach& reach, const std::vector<NodeArray>& k,
                     NodeArray& result);

}  // namespace stratem::reference
