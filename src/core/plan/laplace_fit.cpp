#include "core/plan/laplace_fit.hpp"

#include <cmath>
#include <utility>

namespace stratem::core {
namespace {

using Complex = std::complex<double>;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

}  // namespace

template <class T>
ConstrainedBasis<T>::ConstrainedBasis(const LaplacePlaces& nodes, const std::vector<Mode>& modes)
    : scale_(T(std::abs(nodes[0]))) {
  const auto n = static_cast<Index>(nodes.size());
  const auto count = static_cast<Index>(modes.size());
  mode.resize(count, 2 * n);
  Matrix constraint(2, 2 * n);
  for (Index j = 0; j < n; ++j) {
    const T re = T(nodes[static_cast<std::size_t>(j)].real());
    const T im = T(nodes[static_cast<std::size_t>(j)].imag());
    for (Index i = 0; i < count; ++i) {
      const std::complex<T> value = modes[static_cast<std::size_t>(i)](std::complex<T>(re, im));
      mode(i, j) = value.real();
      mode(i, n + j) = -value.imag();
    }
    constraint(0, j) = T(1);
    constraint(0, n + j) = T(0);
    constraint(1, j) = re / scale_;
    constraint(1, n + j) = -im / scale_;
  }
  const Eigen::HouseholderQR<Matrix> qr(constraint.transpose());
  const Matrix q = qr.householderQ();
  constrained_ = q.leftCols(2);
  free = q.rightCols(2 * n - 2);
  const Matrix upper = qr.matrixQR().topRows(2).template triangularView<Eigen::Upper>();
  triangle_ = upper.transpose();
}

template <class T>
typename ConstrainedBasis<T>::Vector ConstrainedBasis<T>::particular(double constant,
                                                                     double linear) const {
  Vector value(2);
  value << T(constant), T(linear) / scale_;
  const Vector y = triangle_.template triangularView<Eigen::Lower>().solve(value);
  return constrained_ * y;
}

LaplaceFit::LaplaceFit(LaplacePlaces nodes, const GateModes& modes, const std::vector<Index>& gates)
    : nodes_(std::move(nodes)), modes_(&modes), basis_(nodes_, modes.mode) {
  const MatrixXd basis = basis_.mode * basis_.free;
  for (const Index g : gates) gates_.push_back(fit(g, basis));
}

double LaplaceFit::cost() const {
  double sum = 0.0;
  for (const auto& gate : gates_) sum += gate.misfit().squaredNorm();
  return sum;
}

LaplaceFit::Linear LaplaceFit::linearized() const {
  const auto n = static_cast<Index>(nodes_.size());
  const auto count = static_cast<Index>(modes_->mode.size());
  Eigen::MatrixXcd slope(count, n);
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < count; ++i) {
      slope(i, j) =
          modes_->mode[static_cast<std::size_t>(i)].slope(nodes_[static_cast<std::size_t>(j)]);
    }
  }
  // The change of the unknowns that restores the linear constraint when it is violated by one.
  const VectorXd restored = basis_.mode * basis_.particular(0.0, 1.0);
  Linear linear{MatrixXd::Zero(2 * n, 2 * n), VectorXd::Zero(2 * n)};
  for (const auto& gate : gates_) {
    MatrixXd change(count, 2 * n);
    for (Index j = 0; j < n; ++j) {
      const Complex weight{gate.unknowns[j], gate.unknowns[n + j]};
      const Complex moment = weight * nodes_[static_cast<std::size_t>(j)];
      const Eigen::VectorXcd moved = slope.col(j) * weight;
      change.col(2 * j) = moved.real() - moment.real() * restored;
      change.col(2 * j + 1) = -moved.imag() + moment.imag() * restored;
    }
    change.array().colwise() *= modes_->significance.col(gate.index).array();
    change.applyOnTheLeft(gate.solver.householderQ().adjoint());
    const MatrixXd jacobian = -change.bottomRows(count - gate.solver.cols());
    linear.normal += jacobian.transpose() * jacobian;
    linear.gradient += jacobian.transpose() * gate.misfit();
  }
  return linear;
}

LaplaceFit::Gate LaplaceFit::fit(Index g, const MatrixXd& basis) const {
  const VectorXd significance = modes_->significance.col(g);
  const VectorXd particular = basis_.particular(modes_->constant[g], modes_->linear[g]);
  MatrixXd weighted = significance.asDiagonal() * basis;
  const VectorXd norms = weighted.colwise().norm();
  weighted *= norms.cwiseInverse().asDiagonal();
  const Index unknowns = weighted.cols();
  Gate gate;
  gate.index = g;
  gate.solver.compute(weighted);
  gate.rotated = -significance.cwiseProduct(modes_->response.col(g) + basis_.mode * particular);
  gate.rotated.applyOnTheLeft(gate.solver.householderQ().adjoint());
  const VectorXd y = gate.solver.matrixQR().topRows(unknowns).triangularView<Eigen::Upper>().solve(
      gate.rotated.head(unknowns));
  gate.unknowns = particular + basis_.free * y.cwiseQuotient(norms);
  return gate;
}

Eigen::MatrixXcd fit_weights(const LaplacePlaces& nodes, const GateModes& modes) {
  using Basis = ConstrainedBasis<long double>;
  const Basis problem(nodes, modes.mode);
  const Basis::Matrix basis = problem.mode * problem.free;
  const auto n = static_cast<Index>(nodes.size());
  Eigen::MatrixXcd weight(n, modes.response.cols());
  for (Index g = 0; g < modes.response.cols(); ++g) {
    const Basis::Vector significance = modes.significance.col(g).cast<long double>();
    const Basis::Vector particular = problem.particular(modes.constant[g], modes.linear[g]);
    const Basis::Vector rhs = -significance.cwiseProduct(modes.response.col(g).cast<long double>() +
                                                         problem.mode * particular);
    const Basis::Matrix weighted = significance.asDiagonal() * basis;
    const Basis::Vector y = weighted.colPivHouseholderQr().solve(rhs);
    const Basis::Vector solution = particular + problem.free * y;
    for (Index j = 0; j < n; ++j) {
      weight(j, g) = {static_cast<double>(solution[j]), static_cast<double>(solution[n + j])};
    }
  }
  return weight;
}

}  // namespace stratem::core
