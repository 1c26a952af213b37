// Which models forward computes: those of a file, of a prior or of a grid.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/model_source.hpp"

namespace stratem::cli {

std::vector<OptionSpec> model_option_specs();

/// The file that contains or describes the models. Throws InputError unless the arguments name one
/// and it can be read.
std::filesystem::path model_file(const Arguments& arguments);

/// The models that the arguments choose.
std::unique_ptr<ModelSource> choose_models(const Arguments& arguments);

}  // namespace stratem::cli
