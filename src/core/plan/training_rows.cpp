#include "core/plan/training_rows.hpp"

#include <cmath>

#include "core/earth/layered_model.hpp"
#include "core/earth/reflection.hpp"

namespace stratem::core {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::vector<MatrixXd> training_rows(const Ensemble& training, const SurveySetup& survey,
                                    const GateWindow& window, const LaplaceNodes& laplace,
                                    const std::vector<double>& wavenumber) {
  const auto count = static_cast<Index>(wavenumber.size());
  const auto nodes = static_cast<Index>(laplace.node.size());
  const ModelBatch batch = training.models.view();
  std::vector<MatrixXd> rows;
  for (const auto& geometry : window.geometries) {
    rows.emplace_back(batch.models * std::ssize(geometry.gates), count);
  }
  LayeredModel model;
  Eigen::MatrixXcd r(count, nodes);
  for (std::int64_t m = 0; m < batch.models; ++m) {
    gather(batch, m, model);
    const double change = survey.height_change(batch, m);
    for (Index j = 0; j < nodes; ++j) {
      const auto k = layer_constants(model, laplace.node[static_cast<std::size_t>(j)]);
      for (Index i = 0; i < count; ++i) {
        const double lambda = wavenumber[static_cast<std::size_t>(i)];
        r(i, j) = reflection_coefficient(k, model.thickness, lambda) * std::exp(-lambda * change);
      }
    }
    const MatrixXd response = (r * laplace.weight).real();  // [wavenumbers, gates]
    Index column = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Index row = m * std::ssize(window.geometries[i].gates);
      for (const std::size_t gate : window.geometries[i].gates) {
        const auto at = static_cast<std::size_t>(m * training.truth.gates) + gate;
        rows[i].row(row++) = response.col(column++).transpose() / training.size[at];
      }
    }
  }
  return rows;
}

VectorXd training_responses(const Ensemble& training, const std::vector<std::size_t>& gates) {
  VectorXd response(training.models.models * std::ssize(gates));
  Index row = 0;
  for (std::int64_t m = 0; m < training.models.models; ++m) {
    for (const std::size_t g : gates) {
      const auto i = static_cast<std::size_t>(m * training.truth.gates) + g;
      response[row++] = training.truth.response[i] / training.size[i];
    }
  }
  return response;
}

}  // namespace stratem::core
