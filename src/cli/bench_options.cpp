#include "cli/bench_options.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include "cli/numbers.hpp"
#include "stratem/backends.hpp"

namespace stratem::cli {
namespace {

constexpr std::array<std::string_view, 7> varied_options{
    "backend", "tolerance", "precision", "threads", "streams", "layers", "batch"};

std::vector<Backend> usable_backends() {
  std::vector<Backend> usable;
  for (const auto& status : backends()) {
    if (status.usable && status.backend != Backend::reference) usable.push_back(status.backend);
  }
  return usable;
}

/// 1, 2, 4 ... and all cores, for a backend that computes on them alone.
std::vector<int> usual_threads(Backend backend) {
  if (uses_devices(backend)) return {ExecutionOptions{}.threads};
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<int> counts;
  for (int threads = 1; threads < cores; threads *= 2) counts.push_back(threads);
  counts.push_back(cores);
  return counts;
}

std::vector<int> usual_streams(Backend backend) {
  if (backend == Backend::cuda) return {1, 2, 3, 4};
  return {ExecutionOptions{}.streams};
}

/// The values of a list; none if it is not given. Each value is checked, even if no backend needs
/// it.
template <class Value, class Owner>
std::vector<Value> given_values(const Arguments& arguments, const std::string& name,
                                Value Owner::*field) {
  std::vector<Value> values;
  if (!arguments.has(name)) return values;
  for (const auto& word : split_list(name, arguments.required(name))) {
    Options options;
    set_option(options, name, word);
    check(options);
    values.push_back(options.*field);
  }
  return values;
}

/// Combines every element of `all` with every value that `values_for` has for it.
template <class Value, class Owner, class ValuesFor>
std::vector<Options> varied(const std::vector<Options>& all, Value Owner::*field,
                            ValuesFor values_for) {
  std::vector<Options> combined;
  for (const auto& options : all) {
    for (const Value& value : values_for(options)) {
      combined.push_back(options);
      combined.back().*field = value;
    }
  }
  return combined;
}

/// Combines every element of `all` with every value of the list, if it is given.
template <class Value, class Owner>
std::vector<Options> varied_if_given(const std::vector<Options>& all, const Arguments& arguments,
                                     const std::string& name, Value Owner::*field) {
  const auto values = given_values(arguments, name, field);
  const auto same_for_all = [&values](const Options&) -> const auto& { return values; };
  return values.empty() ? all : varied(all, field, same_for_all);
}

/// The backend that Backend::automatic selects here.
Backend named(Backend backend) {
  if (backend != Backend::automatic) return backend;
  const auto all = backends();
  return std::ranges::find(all, true, &BackendStatus::usable)->backend;
}

Options fixed_options(const Arguments& arguments) {
  Options options;
  for (const auto& option : describe_options()) {
    if (is_varied(option.name)) continue;
    const std::string name(option.name);
    if (const auto text = arguments.value(name)) set_option(options, name, *text);
  }
  check(options);
  return options;
}

}  // namespace

bool is_varied(std::string_view option) {
  return std::ranges::find(varied_options, option) != varied_options.end();
}

bool uses_devices(Backend backend) {
  return backend == Backend::cuda || backend == Backend::hybrid;
}

bool uses_cores(Backend backend) { return backend != Backend::cuda; }

std::vector<Options> bench_options(const Arguments& arguments) {
  auto chosen = given_values(arguments, "backend", &Options::backend);
  if (chosen.empty()) chosen = usable_backends();
  std::ranges::transform(chosen, chosen.begin(), named);
  const auto threads = given_values(arguments, "threads", &Options::threads);
  const auto streams = given_values(arguments, "streams", &Options::streams);

  std::vector<Options> all{fixed_options(arguments)};
  all = varied(all, &Options::backend, [&](const Options&) { return chosen; });
  all = varied_if_given(all, arguments, "tolerance", &Options::tolerance);
  all = varied_if_given(all, arguments, "precision", &Options::precision);
  all = varied_if_given(all, arguments, "batch", &Options::batch);
  all = varied(all, &Options::threads, [&](const Options& options) {
    return threads.empty() || !uses_cores(options.backend) ? usual_threads(options.backend)
                                                           : threads;
  });
  return varied(all, &Options::streams, [&](const Options& options) {
    return streams.empty() || !uses_devices(options.backend) ? usual_streams(options.backend)
                                                             : streams;
  });
}

}  // namespace stratem::cli
