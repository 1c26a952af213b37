// stratem info: this program and machine, or a system file.
#include <algorithm>
#include <iostream>
#include <thread>

#include "cli/import_options.hpp"
#include "cli/numbers.hpp"
#include "cli/system_summary.hpp"
#include "cli/verb.hpp"
#include "stratem/backends.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"

namespace stratem::cli {
namespace {

const char* compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "unknown";
#endif
}

void print_program() {
  std::cout << "stratem " << version() << "\n"
            << "compiler  " << compiler() << "\n"
            << "build     " << STRATEM_BUILD_TYPE << "\n"
            << "cores     " << std::thread::hardware_concurrency() << "\n"
            << "backends\n";
  for (const auto& each : backends()) {
    std::string name(to_string(each.backend));
    name.resize(std::max<std::size_t>(name.size(), 10), ' ');
    std::cout << "  " << name << "  " << (each.usable ? "usable" : "not usable: " + each.reason)
              << " (" << each.description << ")\n";
  }
}

void print_devices() {
  const auto all = devices();
  if (all.empty()) return;
  std::cout << "devices\n";
  for (const auto& device : all) {
    constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;
    std::cout << "  " << device.ordinal << "  " << device.name << ", "
              << rounded(static_cast<double>(device.memory) / gibibyte)
              << " GiB, compute capability " << device.compute_capability
              << ", driver for CUDA up to " << device.driver << "\n";
  }
}

void print_system(const Arguments& arguments) {
  const SystemFile file = read_system_file(arguments.positional(0), arguments);
  std::cout << summary_of(file.system);
  for (const auto& note : file.notes) std::cout << "note: " << note << "\n";
}

void refuse_options_without_system(const Arguments& arguments) {
  for (const auto& option : import_option_specs()) {
    if (arguments.has(option.names)) {
      throw InputError("info: --" + option.names + " needs a SYSTEM (see stratem info --help)");
    }
  }
}

ExitStatus info(const Arguments& arguments) {
  if (arguments.positional_count() == 0) {
    refuse_options_without_system(arguments);
    print_program();
    print_devices();
  } else {
    print_system(arguments);
  }
  return ExitStatus::done;
}

}  // namespace

Verb info_verb() {
  Usage usage;
  usage.verb = "info";
  usage.summary = "Show version and backends, or what a system file says";
  usage.positionals = {"[SYSTEM]"};
  usage.options = import_option_specs();
  return {usage, info};
}

}  // namespace stratem::cli
