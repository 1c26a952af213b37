// The kernel's elementary functions on every instruction set, against long double.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/math_test.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
//
#include <hwy/highway.h>

#include <array>
#include <complex>

#include "cpu/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {

/// e^{-z} and 1 - e^{-z}
template <class T>
std::array<std::complex<T>, 2> exponential_of(std::complex<T> z) {
  const hn::ScalableTag<T> d;
  const auto [decay, rest] =
      decay_and_rest(d, Complex<hn::Vec<decltype(d)>>{hn::Set(d, z.real()), hn::Set(d, z.imag())});
  return {std::complex<T>{hn::GetLane(decay.re), hn::GetLane(decay.im)},
          std::complex<T>{hn::GetLane(rest.re), hn::GetLane(rest.im)}};
}

template <class T>
std::complex<T> root_of(std::complex<T> z) {
  const hn::ScalableTag<T> d;
  const auto result = square_root_of_twice<true>(
      d, Complex<hn::Vec<decltype(d)>>{hn::Set(d, z.real()), hn::Set(d, z.imag())});
  return {hn::GetLane(result.re), hn::GetLane(result.im)};
}

inline std::array<std::complex<double>, 2> exponential_in_double(std::complex<double> z) {
  return exponential_of(z);
}
inline std::array<std::complex<float>, 2> exponential_in_single(std::complex<float> z) {
  return exponential_of(z);
}
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

#include "cpu/kernel.hpp"
#include "cpu/plain_kernel.hpp"

namespace stratem::cpu {

HWY_EXPORT(exponential_in_double);
HWY_EXPORT(exponential_in_single);
HWY_EXPORT(root_in_double);
HWY_EXPORT(root_in_single);

std::array<std::complex<double>, 2> exponential(std::complex<double> z) {
  return HWY_DYNAMIC_DISPATCH(exponential_in_double)(z);
}
std::array<std::complex<float>, 2> exponential(std::complex<float> z) {
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

  /// Of both, in the units that decay_and_rest counts in.
  template <class T>
  double worst_exponential(double largest) {
    double worst = 0.0;
    for (int i = 0; i < 20000; ++i) {
      const std::complex<T> z(static_cast<T>(test::log_uniform(random_, 1e-6, largest)),
                              static_cast<T>(test::log_uniform(random_, 1e-6, 2000.0)));
      const auto [decay, rest] = exponential(z);
      const Wide decay_error = Wide(decay) - std::exp(-Wide(z));
      const Wide rest_error = Wide(rest) - rest_of(z);
      const long double unit = (3 + z.real() + z.imag()) * std::numeric_limits<T>::epsilon() / 2;
      const long double modulus = std::exp(-static_cast<long double>(z.real()));
      worst = std::max(
          {worst, static_cast<double>(std::abs(decay_error) / (unit * modulus)),
           static_cast<double>(std::abs(rest_error) / (unit * std::min(1.0L, std::abs(Wide(z)))))});
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

TEST_P(CpuMath, DecayAndRestKeepTheirErrorBounds) {
  EXPECT_LT(worst_exponential<double>(199.0), 1.0);
  EXPECT_LT(worst_exponential<float>(39.0), 1.0);
}

TEST_P(CpuMath, DecayStaysFiniteAndSmallFarOut) {
  for (const double x : {1e2, 1e3, 1e5, 1e9, 1e30}) {
    for (const double y : {0.0, 1e3, 1e6, 1e12, 1e30}) {
      EXPECT_LT(std::abs(exponential(std::complex<double>(x, y))[0]), 1e-43);
      EXPECT_LT(std::abs(exponential(std::complex<float>(std::complex<double>(x, y)))[0]), 1e-17);
    }
  }
  EXPECT_EQ(exponential(std::complex<double>(0.0, 0.0))[0], 1.0);
  EXPECT_EQ(exponential(std::complex<double>(0.0, 0.0))[1], 0.0);
  EXPECT_EQ(exponential(std::complex<float>(0.0F, 0.0F))[0], 1.0F);
  EXPECT_EQ(exponential(std::complex<float>(0.0F, 0.0F))[1], 0.0F);
}

TEST_P(CpuMath, SquareRootOfTwiceKeepsItsErrorBoundInTheWholeCutPlane) {
  EXPECT_LT(worst_root<double>(), 4.0);
  EXPECT_LT(worst_root<float>(), 4.0);
  EXPECT_EQ(root(std::complex<double>(8.0, 0.0)), 4.0);
}

}  // namespace
}  // namespace stratem::cpu
#endif
