#include "cli/plan_options.hpp"

#include <string>

namespace stratem::cli {

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

}  // namespace stratem::cli
