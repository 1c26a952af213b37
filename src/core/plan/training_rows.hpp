// The rows that the wavenumbers of a window are fitted to.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "core/plan/ensemble.hpp"
#include "core/plan/gate_windows.hpp"
#include "core/plan/laplace_nodes.hpp"
#include "core/plan/survey_setup.hpp"

namespace stratem::core {

/// See WavenumberTarget::rows. O(models x layers x wavenumbers x nodes).
std::vector<Eigen::MatrixXd> training_rows(const Ensemble& training, const SurveySetup& survey,
                                           const GateWindow& window, const LaplaceNodes& laplace,
                                           const std::vector<double>& wavenumber);

/// See WavenumberTarget::response. The values belong to the same rows, for one geometry's gates.
Eigen::VectorXd training_responses(const Ensemble& training, const std::vector<std::size_t>& gates);

}  // namespace stratem::core
