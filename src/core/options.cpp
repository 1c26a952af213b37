#include "stratem/options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "stratem/error.hpp"
#include "stratem/models.hpp"

namespace stratem {
namespace {

template <class Value>
struct Word {
  Value value;
  std::string_view word;
};

constexpr std::array backend_words{
    Word<Backend>{Backend::automatic, "auto"}, Word<Backend>{Backend::cpu, "cpu"},
    Word<Backend>{Backend::cuda, "cuda"}, Word<Backend>{Backend::reference, "reference"},
    Word<Backend>{Backend::hybrid, "hybrid"}};
constexpr std::array precision_words{Word<Precision>{Precision::float64, "double"},
                                     Word<Precision>{Precision::float32, "single"}};
constexpr std::array out_of_range_words{Word<OutOfRange>{OutOfRange::flag, "flag"},
                                        Word<OutOfRange>{OutOfRange::reference, "reference"}};

constexpr Range tolerances{1e-7, largest_tolerance};
constexpr Range resistivities{1e-4, 1e8};
constexpr int most_threads = 1024;
constexpr int most_streams = 16;
constexpr int largest_ordinal = 1023;
constexpr std::int64_t largest_batch = std::int64_t{1} << 20;

constexpr std::array descriptions{
    OptionDescription{"backend", "what computes: the fastest usable one, or the one named", "auto",
                      "auto, cpu, cuda, reference or hybrid"},
    OptionDescription{"tolerance", "largest relative error of a response, per gate", "1e-4",
                      "1e-7 to 1e-1"},
    OptionDescription{"precision", "arithmetic of the reflection coefficient", "double",
                      "double or single"},
    OptionDescription{"threads", "threads on this machine's cores; 0: one for every core", "0",
                      "0 to 1024"},
    OptionDescription{"resistivity-range",
                      "resistivities in ohm-m, smallest,largest, that the plan is made for",
                      "0.1,10000", "two increasing numbers from 1e-4 to 1e8"},
    OptionDescription{"height-range",
                      "transmitter heights in m, lowest,highest, that the plan is made for",
                      "the models' own", "two numbers from 0, not decreasing"},
    OptionDescription{"layers", "largest layer count that the plan is measured with", "30",
                      "1 to 200"},
    OptionDescription{"out-of-range", "models outside the plan's range: flag or compute them",
                      "flag", "flag or reference"},
    OptionDescription{"batch", "models that a thread or stream takes at a time; 0: chosen", "0",
                      "0 to 1048576"},
    OptionDescription{"devices", "ordinals of the devices that cuda and hybrid use", "all",
                      "all, or different whole numbers from 0 to 1023 such as 0,1"},
    OptionDescription{"streams", "batches that a device has in work at a time", "3", "1 to 16"},
    OptionDescription{"cache", "folder that plans are kept in, or none", "the user's cache folder",
                      "a folder or none"},
};

template <class Value, std::size_t size>
std::string_view word_of(const std::array<Word<Value>, size>& words, Value value) {
  for (const auto& entry : words) {
    if (entry.value == value) return entry.word;
  }
  return "unknown";
}

[[noreturn]] void reject(std::string_view name, std::string_view text) {
  std::string allowed;
  for (const auto& option : descriptions) {
    if (option.name == name) allowed = option.allowed;
  }
  throw InputError(std::string(name) + ": " + std::string(text) + ", allowed is " + allowed);
}

template <class Value, std::size_t size>
Value parse_word(const std::array<Word<Value>, size>& words, std::string_view name,
                 std::string_view text) {
  for (const auto& entry : words) {
    if (entry.word == text) return entry.value;
  }
  reject(name, text);
}

template <class Number>
Number number_of(std::string_view name, std::string_view text, std::string_view whole) {
  const auto value = base::parse_number<Number>(text);
  if (!value) reject(name, whole);
  return *value;
}

Range parse_range(std::string_view name, std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) reject(name, text);
  return {number_of<double>(name, text.substr(0, comma), text),
          number_of<double>(name, text.substr(comma + 1), text)};
}

std::vector<int> parse_devices(std::string_view name, std::string_view text) {
  std::vector<int> devices;
  if (text == "all") return devices;
  std::size_t start = 0;
  while (start <= text.size()) {
    const auto end = std::min(text.find(',', start), text.size());
    devices.push_back(number_of<int>(name, text.substr(start, end - start), text));
    start = end + 1;
  }
  return devices;
}

std::string to_text(const std::vector<int>& devices) {
  std::string text;
  for (const int device : devices) text += (text.empty() ? "" : ",") + std::to_string(device);
  return text;
}

bool distinct_ordinals(std::vector<int> devices) {
  std::ranges::sort(devices);
  return std::ranges::adjacent_find(devices) == devices.end() &&
         (devices.empty() || (devices.front() >= 0 && devices.back() <= largest_ordinal));
}

std::string to_text(const Range& range) {
  return base::to_text(range.min) + "," + base::to_text(range.max);
}

bool within(double value, const Range& range) { return value >= range.min && value <= range.max; }

}  // namespace

std::string_view to_string(Backend backend) { return word_of(backend_words, backend); }
std::string_view to_string(Precision precision) { return word_of(precision_words, precision); }
std::string_view to_string(OutOfRange out_of_range) {
  return word_of(out_of_range_words, out_of_range);
}

Backend parse_backend(std::string_view word) { return parse_word(backend_words, "backend", word); }
Precision parse_precision(std::string_view word) {
  return parse_word(precision_words, "precision", word);
}
OutOfRange parse_out_of_range(std::string_view word) {
  return parse_word(out_of_range_words, "out-of-range", word);
}

void check(const Options& options) {
  if (!within(options.tolerance, tolerances)) {
    reject("tolerance", base::to_text(options.tolerance));
  }
  if (options.threads < 0 || options.threads > most_threads) {
    reject("threads", std::to_string(options.threads));
  }
  const Range& rho = options.resistivity;
  if (!within(rho.min, resistivities) || !within(rho.max, resistivities) || !(rho.min < rho.max)) {
    reject("resistivity-range", to_text(rho));
  }
  if (options.height &&
      !(options.height->min >= 0.0 && options.height->max >= options.height->min &&
        std::isfinite(options.height->max))) {
    reject("height-range", to_text(*options.height));
  }
  if (options.layers < 1 || options.layers > max_layers) {
    reject("layers", std::to_string(options.layers));
  }
  if (options.batch < 0 || options.batch > largest_batch) {
    reject("batch", std::to_string(options.batch));
  }
  if (options.streams < 1 || options.streams > most_streams) {
    reject("streams", std::to_string(options.streams));
  }
  if (!distinct_ordinals(options.devices)) reject("devices", to_text(options.devices));
}

std::span<const OptionDescription> describe_options() { return descriptions; }

void set_option(Options& options, std::string_view name, std::string_view text) {
  if (name == "backend") {
    options.backend = parse_backend(text);
  } else if (name == "tolerance") {
    options.tolerance = number_of<double>(name, text, text);
  } else if (name == "precision") {
    options.precision = parse_precision(text);
  } else if (name == "threads") {
    options.threads = number_of<int>(name, text, text);
  } else if (name == "resistivity-range") {
    options.resistivity = parse_range(name, text);
  } else if (name == "height-range") {
    options.height = parse_range(name, text);
  } else if (name == "layers") {
    options.layers = number_of<int>(name, text, text);
  } else if (name == "out-of-range") {
    options.out_of_range = parse_out_of_range(text);
  } else if (name == "batch") {
    options.batch = number_of<std::int64_t>(name, text, text);
  } else if (name == "devices") {
    options.devices = parse_devices(name, text);
  } else if (name == "streams") {
    options.streams = number_of<int>(name, text, text);
  } else if (name == "cache") {
    options.cache = text;
  } else {
    throw InputError("option " + std::string(name) + ": not known");
  }
}

}  // namespace stratem
