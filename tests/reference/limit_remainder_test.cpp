// Compares the difference between r_TE and its limits with fifty-digit results, with every
// instruction set.
#include "reference/limit_remainder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_complex.hpp>
#include <cmath>
#include <complex>
#include <random>
#include <string>
#include <vector>

#include "base/constants.hpp"
#include "cpu/kernel.hpp"
#include "reference/earth.hpp"

namespace stratem::reference {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;
using Number = boost::multiprecision::cpp_complex_50;

struct Layers {
  std::vector<double> resistivity, thickness;
};

/// r_TE and its linear limit by their definitions.
struct Exact {
  Number r = 0;
  Number linear = 0;
};
Exact exact(const Layers& layers, double lambda, std::complex<double> s) {
  const auto k = [&](std::size_t i) {
    // Rounded as in the backend: errors of this input are not tested here.
    const std::complex<double> product = base::mu0 * s * std::complex(1.0 / layers.resistivity[i]);
    return Number(product.real(), product.imag());
  };
  const auto u = [&](std::size_t i) -> Number {
    return sqrt(Number(Real(lambda) * Real(lambda)) + k(i));
  };
  Exact at;
  for (std::size_t i = layers.resistivity.size(); i-- > 0;) {
    const Number u_above = i == 0 ? Number(lambda) : u(i - 1);
    const Number r = (u_above - u(i)) / (u_above + u(i));
    if (i < layers.thickness.size()) {
      at.r *= exp(Number(-2 * Real(layers.thickness[i])) * u(i));
      at.linear *= exp(Real(-2) * Real(lambda) * Real(layers.thickness[i]));
    }
    at.r = (r + at.r) / (Number(1) + r * at.r);
    at.linear += ((i == 0 ? Number(0) : k(i - 1)) - k(i)) / (4 * Real(lambda) * Real(lambda));
  }
  return at;
}

double relative_error(std::complex<double> found, const Number& expected) {
  const Number difference = Number(found.real(), found.imag()) - expected;
  return static_cast<double>(Real(abs(difference) / abs(expected)));
}

class LimitRemainder : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(cpu::use_instruction_set(GetParam())); }
  void TearDown() override { cpu::use_instruction_set(""); }
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, LimitRemainder,
                         testing::ValuesIn(cpu::instruction_sets()),
                         [](const auto& set) { return set.param; });

TEST_P(LimitRemainder, IsRightToTwelveDigitsHoweverSmall) {
  std::mt19937_64 random(7);
  const auto log_uniform = [&](double low, double high) {
    return std::exp(std::uniform_real_distribution(std::log(low), std::log(high))(random));
  };
  // Nodes on rays up to near the negative axis, like those of contours.
  std::vector<std::complex<double>> nodes;
  for (int j = 0; j < 11; ++j) nodes.push_back(std::polar(log_uniform(1e0, 1e8), 0.24 * j));
  double worst = 0.0;
  int late = 0;
  constexpr int models = 60;
  for (int m = 0; m < models; ++m) {
    Layers layers;
    for (int i = 0; i <= m % 5; ++i) layers.resistivity.push_back(log_uniform(0.05, 2e4));
    for (int i = 0; i < m % 5; ++i) layers.thickness.push_back(log_uniform(0.5, 300.0));
    core::LayeredModel model;
    model.resistivity = layers.resistivity;
    model.thickness = layers.thickness;
    const Earth earth(model, nodes);
    NodeArray found(nodes.size());
    const double lambda = log_uniform(1e-5, 3.0);
    const Limit limit = earth.reflect(lambda, found);
    late += limit == Limit::linear;
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      const Exact at = exact(layers, lambda, nodes[j]);
      const Number expected =
          limit == Limit::linear ? Number(at.r - at.linear) : Number(at.r + Number(1));
      worst = std::max(worst, relative_error({found.re()[j], found.im()[j]}, expected));
    }
  }
  EXPECT_LT(worst, 1e-12);
  EXPECT_GT(late, models / 10);
  EXPECT_LT(late, models * 9 / 10);
}

}  // namespace
}  // namespace stratem::reference
