#include "cli/plan_options.hpp"

#include <stdexcept>
#include <string>

#include "cli/numbers.hpp"

namespace stratem::cli {
namespace {

void set(Options& options, const std::string& name, const std::string& text) {
  if (name == "backend") {
    options.backend = parse_backend(text);
  } else if (name == "tolerance") {
    options.tolerance = parse_number(name, text);
  } else if (name == "threads") {
    options.threads = static_cast<int>(
        parse_whole(name, text, 0, std::numeric_limits<decltype(options.threads)>::max()));
  } else {
    throw std::logic_error("the command line does not know the option " + name);
  }
}

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
    if (const auto text = arguments.value(name)) set(options, name, *text);
  }
  check(options);
  return options;
}

}  // namespace stratem::cli
