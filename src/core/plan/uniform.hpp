// Uniform random numbers that are the same with every standard library.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace stratem::core {

class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : engine_(seed) {}

  /// A number from `low` to `high`.
  double operator()(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }
  /// A number whose logarithm is uniform.
  double log(double low, double high) { return std::exp((*this)(std::log(low), std::log(high))); }
  /// A whole number from `low` to `high`, both included.
  int whole(int low, int high) {
    return low + static_cast<int>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(double probability) { return (*this)(0.0, 1.0) < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace stratem::core
