// The kernel's elementary functions on every instruction set, against long double.
#include "core/simd/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/math_test.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
//
#include <hwy/highway.h>

#include <complex>

#include "cpu/math-inl.h"

#ifndef STRATEM_CPU_MATH_TEST_EXPONENTIAL
#define STRATEM_CPU_MATH_TEST_EXPONENTIAL
namespace stratem::cpu {
/// e^{-z} by itself, e^{-z} and 1 - e^{-z} together
template <class T>
struct Exponential {
  std::complex<T> alone, decay, rest;
};
}  // namespace stratem::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {

template <class D>
std::complex<hn::TFromD<D>> first_lane(D /*d*/, Complex<hn::Vec<D>> z) {
  return {hn::GetLane(z.re), hn::GetLane(z.im)};
}

template <class T>
Exponential<T> exponential_of(std::complex<T> z) {
  const hn::ScalableTag<T> d;
  const Complex<hn::Vec<decltype(d)>> lanes{hn::Set(d, z.real()), hn::Set(d, z.imag())};
  const auto both = decay_and_rest(d, lanes);
  return {first_lane(d, decaying_exponential(d, lanes)), first_lane(d, both.decay),
          first_lane(d, both.rest)};
}

template <class T>
std::complex<T> root_of(std::complex<T> z) {
  const hn::ScalableTag<T> d;
  return first_lane(
      d, square_root_of_twice<true>(
             d, Complex<hn::Vec<decltype(d)>>{hn::Set(d, z.real()), hn::Set(d, z.imag())}));
}

inline Exponential<double> exponential_in_double(std::complex<double> z) {
  return exponential_of(z);
}
inline Exponential<float> exponential_in_single(std::complex<float> z) { return exponential_of(z); }
inline std::complex<double> root_in_double(std::complex<double> z) { return root_of(z); }
inline std::complex<float> root_in_single(std::complex<float> z) { return root_of(z); }

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include "cpu/kernel.hpp"
#include "cpu/plain_kernel.hpp"

namespace stratem::cpu {

HWY_EXPORT(exponential_in_double);
HWY_EXPORT(exponential_in_single);
HWY_EXPORT(root_in_double);
HWY_EXPORT(root_in_single);

Exponential<double> exponential(std::complex<double> z) {
  return HWY_DYNAMIC_DISPATCH(exponential_in_double)(z);
}
Exponential<float> exponential(std::complex<float> z) {
  return HWY_DYNAMIC_DISPATCH(exponential_in_single)(z);
}
std::complex<double> root(std::complex<double> z) {
  return HWY_DYNAMIC_DISPATCH(root_in_double)(z);
}
std::complex<float> root(std::complex<float> z) { return HWY_DYNAMIC_DISPATCH(root_in_single)(z); }

namespace {

using Wide = std::complex<long double>;

class CpuMath : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(use_instruction_set(GetParam())); }
  void TearDown() override { use_instruction_set(""); }

  /// In the units that they are counted in.
  struct Worst {
    double alone = 0.0, together = 0.0;
  };
  template <class T>
  Worst worst_exponential(double largest) {
    Worst worst;
    for (int i = 0; i < 20000; ++i) {
      const std::complex<T> z(static_cast<T>(test::log_uniform(random_, 1e-6, largest)),
                              static_cast<T>(test::log_uniform(random_, 1e-6, 2000.0)));
      const auto [alone, decay, rest] = exponential(z);
      const long double epsilon = std::numeric_limits<T>::epsilon() / 2;
      const long double of_argument = z.real() + z.imag();
      const long double modulus = std::exp(-static_cast<long double>(z.real()));
      const auto raise = [&](double& most, Wide error, double units, long double size) {
        most = std::max(
            most, static_cast<double>(std::abs(error) / ((units + of_argument) * epsilon * size)));
      };
      raise(worst.alone, Wide(alone) - std::exp(-Wide(z)), 4.0, modulus);
      raise(worst.together, Wide(decay) - std::exp(-Wide(z)), 6.0, modulus);
      raise(worst.together, Wide(rest) - rest_of(z), 6.0, std::min(1.0L, std::abs(Wide(z))));
    }
    return worst;
  }

  /// 1 - e^{-z} without cancellation
  static Wide rest_of(Wide z) {
    const long double half = std::sin(z.imag() / 2);
    return {2 * half * half * std::exp(-z.real()) - std::expm1(-z.real()),
            std::sin(z.imag()) * std::exp(-z.real())};
  }

  /// In units of an ulp of the root's modulus.
  template <class T>
  double worst_root() {
    double worst = 0.0;
    for (int i = 0; i < 20000; ++i) {
      const std::complex<T> z(std::polar(test::log_uniform(random_, 1e-15, 1e12),
                                         test::uniform(random_, -3.1415926, 3.1415926)));
      const Wide truth = std::sqrt(Wide(z) * 2.0L);
      const long double error = std::abs(Wide(root(z)) - truth) / std::abs(truth);
      worst = std::max(worst, static_cast<double>(error / std::numeric_limits<T>::epsilon()));
    }
    return worst;
  }

  test::Random random_{5};
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, CpuMath, testing::ValuesIn(instruction_sets()),
                         [](const auto& set) { return set.param; });

TEST_P(CpuMath, ExponentialsKeepTheirErrorBounds) {
  const Worst in_double = worst_exponential<double>(199.0);
  EXPECT_LT(in_double.alone, 1.0);
  EXPECT_LT(in_double.together, 1.0);
  const Worst in_single = worst_exponential<float>(39.0);
  EXPECT_LT(in_single.alone, 1.0);
  EXPECT_LT(in_single.together, 1.0);
}

TEST_P(CpuMath, DecayStaysFiniteAndSmallFarOut) {
  const auto expect_small = [](const auto& of, double bound) {
    EXPECT_LT(std::abs(of.alone), bound);
    EXPECT_LT(std::abs(of.decay), bound);
  };
  for (const double x : {1e2, 1e3, 1e5, 1e9, 1e30}) {
    for (const double y : {0.0, 1e3, 1e6, 1e12, 1e30}) {
      expect_small(exponential(std::complex<double>(x, y)), 1e-43);
      expect_small(exponential(std::complex<float>(std::complex<double>(x, y))), 1e-17);
    }
  }
  const auto expect_one = [](const auto& of) {
    using T = typename std::decay_t<decltype(of.rest)>::value_type;
    EXPECT_LE(std::abs(of.alone - T(1)), std::numeric_limits<T>::epsilon());
    EXPECT_EQ(of.decay, T(1));
    EXPECT_EQ(of.rest, T(0));
  };
  expect_one(exponential(std::complex<double>()));
  expect_one(exponential(std::complex<float>()));
}

TEST_P(CpuMath, SquareRootOfTwiceKeepsItsErrorBoundInTheWholeCutPlane) {
  EXPECT_LT(worst_root<double>(), 4.0);
  EXPECT_LT(worst_root<float>(), 4.0);
  EXPECT_EQ(root(std::complex<double>(8.0, 0.0)), 4.0);
}

}  // namespace
}  // namespace stratem::cpu
#endif
