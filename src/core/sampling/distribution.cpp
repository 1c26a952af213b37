#include "core/sampling/distribution.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::core {
namespace {

using Kind = Distribution::Kind;

constexpr double infinity = std::numeric_limits<double>::infinity();
/// The least probability allowed between the truncation points. With less, the inverse would reach
/// the smallest doubles: 35 standard deviations from the mean.
constexpr double least_probability = 1e-270;

/// Boost must not compute in long double, whose format and results depend on the processor.
using DoubleOnly = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

/// Probability of a standard normal number below z.
double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// The number with probability p of a standard normal number below it; accurate for small p.
double normal_quantile(double p) {
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * p, DoubleOnly());
}

bool is_logarithmic(Kind kind) { return kind == Kind::log_uniform || kind == Kind::log_normal; }
bool is_bounded(Kind kind) { return kind == Kind::uniform || kind == Kind::log_uniform; }

[[noreturn]] void fail(const char* key, const char* member, double value,
                       const std::string& allowed) {
  throw InputError(std::string(key) + "." + member + ": " + base::to_text(value) + ", allowed is " +
                   allowed);
}

void check_bound(const Distribution& distribution, const char* key, const char* member,
                 const std::optional<double>& bound) {
  if (!bound) {
    if (is_bounded(distribution.kind)) {
      throw InputError(std::string(key) + "." + member + ": missing, it needs a lower and an " +
                       "upper bound");
    }
    return;
  }
  if (!std::isfinite(*bound)) fail(key, member, *bound, "a finite number");
  if (is_logarithmic(distribution.kind) && *bound <= 0.0) fail(key, member, *bound, "above 0");
}

/// Truncation points of the standard normal.
struct Truncation {
  double min;
  double max;
};

Truncation truncation(const Distribution& distribution) {
  const bool logarithmic = distribution.kind == Kind::log_normal;
  const auto scale = [logarithmic](double value) { return logarithmic ? std::log(value) : value; };
  const auto standardize = [&](double bound) {
    return (scale(bound) - scale(distribution.value)) / distribution.sigma;
  };
  return {distribution.min ? standardize(*distribution.min) : -infinity,
          distribution.max ? standardize(*distribution.max) : infinity};
}

void check_normal(const Distribution& distribution, const char* key) {
  const bool logarithmic = distribution.kind == Kind::log_normal;
  const char* centre = logarithmic ? "median" : "mean";
  if (!std::isfinite(distribution.value)) fail(key, centre, distribution.value, "a finite number");
  if (logarithmic && distribution.value <= 0.0) fail(key, centre, distribution.value, "above 0");
  if (!std::isfinite(distribution.sigma) || distribution.sigma <= 0.0) {
    fail(key, "standard_deviation", distribution.sigma, "a finite number above 0");
  }
  const auto [low, high] = truncation(distribution);
  const double probability =
      low > 0.0 ? normal_below(-low) - normal_below(-high) : normal_below(high) - normal_below(low);
  if (probability >= least_probability) return;
  const bool too_high = low > 0.0;
  fail(key, too_high ? "min" : "max", too_high ? *distribution.min : *distribution.max,
       std::string("a bound that leaves some of the distribution about its ") + centre + " of " +
           base::to_text(distribution.value));
}

}  // namespace

double uniform(const RandomCounter& counter) {
  const philox4x32_ctr_t position = {
      {low_word(counter.model), high_word(counter.model), counter.parameter, counter.draw}};
  const philox4x32_key_t key = {{low_word(counter.seed), high_word(counter.seed)}};
  const philox4x32_ctr_t random = philox4x32(position, key);
  const std::uint64_t bits = (std::uint64_t{random.v[1]} << 32) | random.v[0];
  return static_cast<double>((bits >> 11) | 1U) * 0x1p-53;
}

Support support(const Distribution& distribution) {
  if (distribution.kind == Kind::fixed) return {distribution.value, distribution.value};
  const double lowest = distribution.kind == Kind::log_normal ? 0.0 : -infinity;
  return {distribution.min.value_or(lowest), distribution.max.value_or(infinity)};
}

void check(const Distribution& distribution, const char* key) {
  if (distribution.kind == Kind::fixed) {
    if (!std::isfinite(distribution.value)) {
      fail(key, "value", distribution.value, "a finite number");
    }
    return;
  }
  check_bound(distribution, key, "min", distribution.min);
  check_bound(distribution, key, "max", distribution.max);
  if (distribution.min && distribution.max && *distribution.min >= *distribution.max) {
    fail(key, "min", *distribution.min, "below the max of " + base::to_text(*distribution.max));
  }
  if (!is_bounded(distribution.kind)) check_normal(distribution, key);
}

Quantile::Quantile(const Distribution& distribution)
    : kind_(distribution.kind), support_(support(distribution)) {
  const auto scale = [this](double value) {
    return is_logarithmic(kind_) ? std::log(value) : value;
  };
  if (kind_ == Kind::fixed) return;
  if (is_bounded(kind_)) {
    first_ = scale(support_.min);
    second_ = scale(support_.max);
    return;
  }
  first_ = scale(distribution.value);
  second_ = distribution.sigma;
  const auto [low, high] = truncation(distribution);
  mirrored_ = low > 0.0;
  below_min_ = normal_below(mirrored_ ? -low : low);
  below_max_ = normal_below(mirrored_ ? -high : high);
}

double Quantile::normal(double u) const {
  const double z = normal_quantile(below_min_ + u * (below_max_ - below_min_));
  return first_ + second_ * (mirrored_ ? -z : z);
}

double Quantile::operator()(double u) const {
  if (kind_ == Kind::fixed) return support_.min;
  const double value = is_bounded(kind_) ? std::lerp(first_, second_, u) : normal(u);
  // Rounding may exceed a bound by its last digit.
  return std::clamp(is_logarithmic(kind_) ? std::exp(value) : value, support_.min, support_.max);
}

}  // namespace stratem::core
