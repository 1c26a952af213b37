// Random models from a prior, by counter-based random numbers. Model k of a seed is the same in any
// thread and any shard, and on any machine, except that the last digits of exp and log depend on
// the C library.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/models.hpp"

namespace stratem {

/// A one-dimensional distribution, drawn from by inversion of its cumulative distribution.
struct Distribution {
  enum class Kind : std::uint8_t { fixed, uniform, log_uniform, normal, log_normal };
  Kind kind = Kind::fixed;
  double value = 0.0;  ///< fixed: the value; normal: the mean; log_normal: the median
  /// normal: standard deviation; log_normal: standard deviation of the natural logarithm.
  double sigma = 0.0;
  /// uniform, log_uniform: the bounds; normal, log_normal: truncation, optional.
  std::optional<double> min{};
  std::optional<double> max{};
};

/// The prior of one layer.
struct LayerPrior {
  Distribution resistivity;
  /// All layers but the last have a thickness, or all but the first a depth. Depths are drawn one
  /// by one and then sorted.
  std::optional<Distribution> thickness{};
  std::optional<Distribution> depth{};
  std::optional<Distribution> chargeability{};
  std::optional<Distribution> time_constant{};
  std::optional<Distribution> exponent{};
};

struct Prior {
  std::vector<LayerPrior> layers;
  std::optional<Distribution> height{};
};

/// Throws InputError naming the key, the value and what is allowed.
STRATEM_EXPORT void check(const Prior& prior);

/// Models first .. first + count - 1 of the sequence that `seed` starts. O(count x layers);
/// thread-safe. Throws InputError naming `first` or `count` if it is negative, or if there are too
/// many models to be counted or addressed.
STRATEM_EXPORT ModelSet sample(const Prior& prior, std::uint64_t seed, std::int64_t first,
                               std::int64_t count);

}  // namespace stratem
