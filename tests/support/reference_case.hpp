// The cases of data/reference: responses computed apart from the project, right to 1e-8.
#pragma once

#include <string>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

/// One quantity of one file of data/reference.
struct ReferenceCase {
  std::string name;  ///< the file's name without its ending
  System system;     ///< one moment
  ModelSet model;    ///< one model
  std::vector<double> expected;
};

/// Every quantity of every file of data/reference.
std::vector<ReferenceCase> reference_cases();

}  // namespace stratem::test
