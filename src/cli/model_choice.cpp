#include "cli/model_choice.hpp"

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

constexpr std::size_t models_position = 1;

bool names_model_file(const Arguments& arguments) {
  return arguments.positional_count() > models_position;
}

void refuse_without_prior(const Arguments& arguments) {
  for (const char* name : {"count", "seed"}) {
    if (!arguments.has(name)) continue;
    throw InputError("forward: --" + std::string(name) + " means nothing without --prior");
  }
}

}  // namespace

std::vector<OptionSpec> model_option_specs() {
  return {{"prior", "PRIOR", "draw the models from a prior (.json), instead of MODELS"},
          {"n,count", "N", "with --prior: number of models"},
          {"seed", "S", "with --prior: start of the random numbers, 0 to 2^64 - 1"},
          {"grid", "GRID", "every combination of a grid (.json), instead of MODELS"}};
}

std::filesystem::path model_file(const Arguments& arguments) {
  const auto prior = arguments.value("prior");
  const auto grid = arguments.value("grid");
  const bool models = names_model_file(arguments);
  if (static_cast<int>(prior.has_value()) + static_cast<int>(grid.has_value()) +
          static_cast<int>(models) >
      1) {
    throw InputError("forward: models come from one of MODELS, --prior and --grid");
  }
  if (!prior && !grid && !models) {
    throw InputError(
        "forward: MODELS is missing, or --prior or --grid (see stratem forward --help)");
  }
  if (!prior) refuse_without_prior(arguments);
  const std::string path = prior ? *prior : grid ? *grid : arguments.positional(models_position);
  check_input(path);
  return path;
}

std::unique_ptr<ModelSource> choose_models(const Arguments& arguments) {
  if (const auto path = arguments.value("prior")) {
    const std::int64_t count = parse_whole("count", arguments.required("count"), 1);
    const std::uint64_t seed = parse_seed("seed", arguments.required("seed"));
    return prior_source(read_prior(*path), seed, count);
  }
  if (const auto path = arguments.value("grid")) return grid_source(read_grid(*path));
  return open_models(arguments.positional(models_position));
}

}  // namespace stratem::cli
