#include "cli/plan_options.hpp"

#include <cmath>
#include <string>

#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

/// Below this tolerance a plan for polarizable layers takes minutes to build, and not every system
/// has one.
constexpr double tight_if_polarizable = 1e-4;

}  // namespace

std::vector<OptionSpec> plan_option_specs() {
  std::vector<OptionSpec> specs;
  for (const auto& option : describe_options()) {
    const std::string help = std::string(option.help) + " (" + std::string(option.allowed) +
                             "; default " + std::string(option.default_value) + ")";
    specs.push_back({std::string(option.name), "X", help});
  }
  return specs;
}

Options read_plan_options(const Arguments& arguments) {
  Options options;
  for (const auto& option : describe_options()) {
    const std::string name(option.name);
    if (const auto text = arguments.value(name)) set_option(options, name, *text);
  }
  check(options);
  return options;
}

void declare_needs(const ModelNeeds& needs, const Arguments& arguments, Options& options) {
  const bool by_reference =
      options.out_of_range == OutOfRange::reference && options.tolerance < tight_if_polarizable;
  if (!arguments.has("polarizable")) options.polarizable = needs.polarizable && !by_reference;
  if (options.height || !needs.height) return;
  if (!std::isfinite(needs.height->max)) {
    throw InputError(
        "height-range: missing, and the prior's heights have no upper end; allowed is the range of "
        "transmitter heights in m that the plan is made for");
  }
  // Round to whole metres, so that runs with about the same heights share one plan.
  options.height = {std::floor(needs.height->min), std::ceil(needs.height->max)};
}

}  // namespace stratem::cli
