// The cases of data/reference: responses computed independently of the project, with errors of
// about 1e-8.
#pragma once

#include <string>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

/// One model under one system.
struct ReferenceCase {
  std::string name;
  System system;
  ModelSet model;                ///< one model
  std::vector<double> expected;  ///< [gates of all moments]
};

/// Every quantity of every file of data/reference, each a system of one moment.
std::vector<ReferenceCase> reference_cases();

/// Every model of every file of data/reference/surveys, under the system of data/systems that the
/// file names.
std::vector<ReferenceCase> survey_cases();

}  // namespace stratem::test
