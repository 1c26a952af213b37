#include "core/plan/modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <unordered_map>

#include "base/constants.hpp"
#include "core/plan/log_grid.hpp"

namespace stratem::core {
namespace {

using Complex = std::complex<double>;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The geometry's weight, tabulated: envelopes do not need it accurately.
class WeightTable {
 public:
  WeightTable(const LoopWeight& weight, double least, double most)
      : wavenumber_(log_grid_per_decade(least, most, 120)),
        log_step_(std::log(wavenumber_[1] / wavenumber_[0])) {
    for (const double lambda : wavenumber_) value_.push_back(weight(lambda));
  }
  double operator()(double lambda) const {
    const double u = std::log(lambda / wavenumber_[0]) / log_step_;
    if (u <= 0.0) return value_.front() * lambda * lambda / (wavenumber_[0] * wavenumber_[0]);
    const auto i = std::min(static_cast<std::size_t>(u), value_.size() - 2);
    const double part = std::min(u - static_cast<double>(i), 1.0);
    return value_[i] + part * (value_[i + 1] - value_[i]);
  }
  double last() const { return wavenumber_.back(); }

 private:
  std::vector<double> wavenumber_;
  std::vector<double> value_;
  double log_step_;
};

/// Spectral density of a half-space, per unit of log x. It is the jump of r_TE across the negative
/// real axis, where u = i lambda q with lambda = cutoff cos(theta), q = tan(theta) and cutoff^2 = x
/// mu0/rho.
double half_space_density(const WeightTable& weight, double height_sum, double longest, double rate,
                          double resistivity) {
  const double cutoff = std::sqrt(rate * base::mu0 / resistivity);
  const double limit = std::min(cutoff, weight.last());
  const int steps = static_cast<int>(std::min(2000.0, 40.0 + limit * longest));
  const double first_angle = std::acos(std::min(1.0, limit / cutoff));
  const double step = (0.5 * std::numbers::pi - first_angle) / steps;
  double sum = 0.0;
  for (int i = 0; i < steps; ++i) {
    const double angle = first_angle + (i + 0.5) * step;
    const double lambda = cutoff * std::cos(angle);
    const double q = std::tan(angle);
    sum += weight(lambda) * std::exp(-lambda * height_sum) * 2.0 * q / (1.0 + q * q) * cutoff *
           std::sin(angle);
  }
  return sum * step / std::numbers::pi;
}

/// The same for a thin sheet of conductance S, where only one wavenumber contributes: lambda = x
/// mu0 S/2.
double sheet_density(const WeightTable& weight, double height_sum, double rate,
                     double conductance) {
  const double lambda = 0.5 * rate * base::mu0 * conductance;
  return lambda < weight.last() ? weight(lambda) * std::exp(-lambda * height_sum) * lambda : 0.0;
}

/// Raises the `significance` of the decays, whose rates are log-spaced, to the envelope at one
/// height sum.
void add_significance(const WeightTable& weight, double longest, double height_sum,
                      const GroundRange& range, const std::vector<double>& rate,
                      const MatrixXd& responses, MatrixXd& significance) {
  const auto rho = log_grid(range.least_resistivity, range.most_resistivity, 23);
  const auto sheets = log_grid(0.05, 3000.0, 25);
  const auto depths = log_grid(10.0, 10000.0, 10);  // m
  const auto rates = static_cast<Eigen::Index>(rate.size());
  MatrixXd half(rates, static_cast<Eigen::Index>(rho.size()));
  MatrixXd sheet(rates, static_cast<Eigen::Index>(sheets.size()));
  for (Eigen::Index i = 0; i < rates; ++i) {
    const double x = rate[static_cast<std::size_t>(i)];
    for (std::size_t k = 0; k < rho.size(); ++k) {
      half(i, static_cast<Eigen::Index>(k)) =
          half_space_density(weight, height_sum, longest, x, rho[k]);
    }
    for (std::size_t k = 0; k < sheets.size(); ++k) {
      sheet(i, static_cast<Eigen::Index>(k)) = sheet_density(weight, height_sum, x, sheets[k]);
    }
  }
  const double step = std::log(rate[1] / rate[0]);
  const Eigen::Map<const VectorXd> x(rate.data(), rates);
  for (Eigen::Index g = 0; g < responses.cols(); ++g) {
    const VectorXd response = responses.col(g) * step;
    const VectorXd of_half = (half.transpose() * response).cwiseAbs();
    const VectorXd of_sheet = (sheet.transpose() * response).cwiseAbs();
    // For sheets on the most resistive ground, the ground's own response is the smallest possible.
    const double floor = of_half.minCoeff();
    VectorXd envelope = VectorXd::Zero(rates);
    for (Eigen::Index k = 0; k < half.cols(); ++k) {
      envelope = envelope.cwiseMax(half.col(k).cwiseAbs() / of_half[k]);
    }
    for (Eigen::Index k = 0; k < sheet.cols(); ++k) {
      envelope = envelope.cwiseMax(sheet.col(k).cwiseAbs() / (of_sheet[k] + floor));
    }
    // Below a resistive cover, a sheet responds as if it were seen from higher up, by twice the
    // cover's thickness. The smallest possible response stays the same.
    for (const double depth : depths) {
      for (Eigen::Index k = 0; k < sheet.cols(); ++k) {
        const double decay = base::mu0 * sheets[static_cast<std::size_t>(k)] * depth;
        const VectorXd covered =
            sheet.col(k).cwiseAbs().cwiseProduct((-decay * x).array().exp().matrix());
        envelope = envelope.cwiseMax(covered / (std::abs(covered.dot(response)) + floor));
      }
    }
    // The envelope has dips at zeros of the Bessel functions. They are filled, because the modes
    // there still matter.
    for (int pass = 0; pass < 2; ++pass) {
      for (Eigen::Index i = 1; i + 1 < rates; ++i) {
        envelope[i] = std::max({envelope[i], 0.5 * envelope[i - 1], 0.5 * envelope[i + 1]});
      }
    }
    significance.col(g) = significance.col(g).cwiseMax(envelope * std::sqrt(step));
  }
}

/// Significance of the decays, [rates, gates].
MatrixXd decay_significance(const GeometryGates& geometry, const GroundRange& range, double first,
                            const std::vector<double>& rate, const MatrixXd& responses) {
  double last_wavenumber = std::sqrt(60.0 * base::mu0 / (range.least_resistivity * first));
  if (geometry.height_sum.min > 0.0) {
    last_wavenumber = std::min(last_wavenumber, 40.0 / geometry.height_sum.min);
  }
  const WeightTable table(*geometry.weight, 1e-8, last_wavenumber);
  const double longest = geometry.weight->longest();
  MatrixXd significance = MatrixXd::Zero(responses.rows(), responses.cols());
  add_significance(table, longest, geometry.height_sum.min, range, rate, responses, significance);
  if (geometry.height_sum.max > geometry.height_sum.min) {
    add_significance(table, longest, geometry.height_sum.max, range, rate, responses, significance);
  }
  return significance;
}

/// Responses of a geometry's gates, in columns from `first_column`, to the modes, to F = 1 and to
/// F = s.
void add_responses(const GeometryGates& geometry, Eigen::Index first_column, GateModes& modes) {
  const auto mode_count = static_cast<Eigen::Index>(modes.mode.size());
  std::unordered_map<std::size_t, Eigen::Index> column;
  for (const std::size_t gate : geometry.gates) {
    column[gate] = first_column + static_cast<Eigen::Index>(column.size());
  }
  for (const auto& octave : *geometry.octaves) {
    const auto nodes = static_cast<Eigen::Index>(octave.node.size());
    Eigen::MatrixXcd value(mode_count, nodes);
    for (Eigen::Index j = 0; j < nodes; ++j) {
      const Complex s = octave.node[static_cast<std::size_t>(j)];
      for (Eigen::Index i = 0; i < mode_count; ++i) {
        value(i, j) = -modes.mode[static_cast<std::size_t>(i)](s);
      }
    }
    for (const auto& share : octave.shares) {
      const auto found = column.find(share.gate);
      if (found == column.end()) continue;
      const Eigen::Map<const Eigen::VectorXcd> w(share.weight.data(), nodes);
      modes.response.col(found->second) += (value * w).real();
      modes.constant[found->second] += share.constant_response;
      modes.linear[found->second] += share.linear_response;
    }
  }
}

}  // namespace

GateModes gate_modes(const std::vector<GeometryGates>& geometries, const GroundRange& range,
                     double first, double last) {
  constexpr int decays_per_decade = 20;
  constexpr int decays_per_oscillation = 2;
  constexpr double oscillation_part = 1e-2;

  GateModes modes;
  const auto rate = log_grid_per_decade(1e-4 / last, 1e5 / first, decays_per_decade);
  for (const double x : rate) modes.mode.emplace_back(Mode::Kind::decay, x);
  std::vector<Eigen::Index> decay_of_oscillation;
  for (std::size_t i = 0; range.angle > 0.0 && i < rate.size(); i += decays_per_oscillation) {
    for (const auto kind : {Mode::Kind::even_oscillation, Mode::Kind::odd_oscillation}) {
      modes.mode.emplace_back(kind, std::polar(rate[i], range.angle));
      decay_of_oscillation.push_back(static_cast<Eigen::Index>(i));
    }
  }

  Eigen::Index gates = 0;
  for (const auto& geometry : geometries) {
    modes.gates_of_geometry.push_back(static_cast<Eigen::Index>(geometry.gates.size()));
    gates += modes.gates_of_geometry.back();
  }
  const auto decays = static_cast<Eigen::Index>(rate.size());
  const auto oscillations = static_cast<Eigen::Index>(decay_of_oscillation.size());
  modes.response = MatrixXd::Zero(decays + oscillations, gates);
  modes.constant = VectorXd::Zero(gates);
  modes.linear = VectorXd::Zero(gates);
  modes.significance.resize(decays + oscillations, gates);
  Eigen::Index column = 0;
  for (std::size_t i = 0; i < geometries.size(); ++i) {
    const Eigen::Index count = modes.gates_of_geometry[i];
    add_responses(geometries[i], column, modes);
    modes.significance.block(0, column, decays, count) = decay_significance(
        geometries[i], range, first, rate, modes.response.block(0, column, decays, count));
    column += count;
  }
  const double part = oscillation_part * std::sqrt(static_cast<double>(decays_per_oscillation));
  for (Eigen::Index i = 0; i < oscillations; ++i) {
    modes.significance.row(decays + i) =
        part * modes.significance.row(decay_of_oscillation[static_cast<std::size_t>(i)]);
  }
  return modes;
}

}  // namespace stratem::core
