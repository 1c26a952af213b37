#include "core/options.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "stratem/error.hpp"
#include "stratem/models.hpp"

namespace stratem {
namespace {

using core::Option;
using core::OptionEffect;
using core::OptionValue;

template <class Value>
struct Word {
  Value value;
  std::string_view word;
};

constexpr std::array yes_or_no{Word<bool>{true, "yes"}, Word<bool>{false, "no"}};
constexpr std::array backend_words{
    Word<Backend>{Backend::automatic, "auto"}, Word<Backend>{Backend::cpu, "cpu"},
    Word<Backend>{Backend::cuda, "cuda"}, Word<Backend>{Backend::reference, "reference"},
    Word<Backend>{Backend::hybrid, "hybrid"}};
constexpr std::array precision_words{Word<Precision>{Precision::float64, "double"},
                                     Word<Precision>{Precision::float32, "single"}};
constexpr std::array out_of_range_words{Word<OutOfRange>{OutOfRange::flag, "flag"},
                                        Word<OutOfRange>{OutOfRange::reference, "reference"}};

const auto& words_of(bool /*type*/) { return yes_or_no; }
const auto& words_of(Backend /*type*/) { return backend_words; }
const auto& words_of(Precision /*type*/) { return precision_words; }
const auto& words_of(OutOfRange /*type*/) { return out_of_range_words; }

template <class Value>
concept HasWords = std::is_enum_v<Value> || std::is_same_v<Value, bool>;

constexpr double any_height = std::numeric_limits<double>::max();

constexpr std::array table{
    Option{{"backend", "what computes: the fastest usable one, or the one named", "auto",
            "auto, cpu, cuda, reference or hybrid"},
           &Options::backend,
           OptionEffect::device,
           "",
           {}},
    Option{{"tolerance", "largest relative error of a response, per gate", "1e-4", "1e-7 to 1e-1"},
           &Options::tolerance,
           OptionEffect::nodes,
           "tolerance",
           {1e-7, largest_tolerance}},
    Option{{"precision", "arithmetic of the reflection coefficient", "double", "double or single"},
           &Options::precision,
           OptionEffect::nodes,
           "precision",
           {}},
    Option{{"threads", "threads on this machine's cores; 0: one for every core", "0", "0 to 1024"},
           &Options::threads,
           OptionEffect::nothing,
           "",
           {0, 1024}},
    Option{
        {"resistivity-range", "resistivities in ohm-m, smallest,largest, that the plan is made for",
         "0.1,10000", "two increasing numbers from 1e-4 to 1e8"},
        &Options::resistivity,
        OptionEffect::nodes,
        "resistivity",
        {1e-4, 1e8}},
    Option{{"polarizable", "whether the plan is made for polarizable layers too", "the models' own",
            "yes or no"},
           &Options::polarizable,
           OptionEffect::nodes,
           "polarizable",
           {}},
    Option{{"layers", "largest layer count that the plan is measured with", "30", "1 to 200"},
           &Options::layers,
           OptionEffect::nodes,
           "layers",
           {1, max_layers}},
    Option{{"out-of-range", "models outside the plan's range: flag or compute them", "flag",
            "flag or reference"},
           &Options::out_of_range,
           OptionEffect::responses,
           "",
           {}},
    Option{{"height-range", "transmitter heights in m, lowest,highest, that the plan is made for",
            "the models' own", "two numbers from 0, not decreasing"},
           &Options::height,
           OptionEffect::nodes,
           "height",
           {0, any_height}},
    Option{{"batch", "models that a thread or stream takes at a time; 0: automatic", "0",
            "0 to 1048576"},
           &Options::batch,
           OptionEffect::nothing,
           "",
           {0, 1048576}},
    Option{{"devices", "ordinals of the devices that cuda and hybrid use", "all",
            "all, or different whole numbers from 0 to 1023 such as 0,1"},
           &Options::devices,
           OptionEffect::device,
           "",
           {0, 1023}},
    Option{{"streams", "batches that a device computes at a time", "3", "1 to 16"},
           &Options::streams,
           OptionEffect::nothing,
           "",
           {1, 16}},
    Option{{"cache", "folder that plans are kept in, or none", "the user's cache folder",
            "a folder or none"},
           &Options::cache,
           OptionEffect::nothing,
           "",
           {}},
};

template <class Value>
std::string_view word_of(Value value) {
  for (const auto& entry : words_of(value)) {
    if (entry.value == value) return entry.word;
  }
  return "unknown";
}

const Option* find(std::string_view name) {
  const auto found =
      std::ranges::find(table, name, [](const Option& option) { return option.description.name; });
  return found == table.end() ? nullptr : &*found;
}

[[noreturn]] void reject(const OptionDescription& option, std::string_view text) {
  throw InputError(std::string(option.name) + ": " + std::string(text) + ", allowed is " +
                   std::string(option.allowed));
}

// Text to values. These functions return false if the text is not a value.

template <HasWords Value>
bool parse(std::string_view text, Value& value) {
  for (const auto& entry : words_of(Value{})) {
    if (entry.word != text) continue;
    value = entry.value;
    return true;
  }
  return false;
}

template <class Number>
requires(std::is_arithmetic_v<Number> && !HasWords<Number>) bool parse(std::string_view text,
                                                                       Number& value) {
  const auto number = base::parse_number<Number>(text);
  if (number) value = *number;
  return number.has_value();
}

/// The value of the option `name`.
template <HasWords Value>
Value parse_word(std::string_view name, std::string_view text) {
  Value value{};
  if (!parse(text, value)) reject(find(name)->description, text);
  return value;
}

bool parse(std::string_view text, Range& range) {
  const auto comma = text.find(',');
  return comma != std::string_view::npos && parse(text.substr(0, comma), range.min) &&
         parse(text.substr(comma + 1), range.max);
}

bool parse(std::string_view text, std::optional<Range>& range) {
  return parse(text, range.emplace());
}

bool parse(std::string_view text, std::vector<int>& devices) {
  devices.clear();
  if (text == "all") return true;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    if (!parse(text.substr(start, end - start), devices.emplace_back())) return false;
    start = end + 1;
  }
  return true;
}

bool parse(std::string_view text, std::string& value) {
  value = text;
  return true;
}

// Values within bounds.

bool within(double value, const Range& bounds) {
  return value >= bounds.min && value <= bounds.max;
}
bool within(const Range& range, const Range& bounds) {
  return within(range.min, bounds) && within(range.max, bounds);
}

template <class Value>
bool in_bounds(const Value& value, const Range& bounds) {
  if constexpr (HasWords<Value>) {
    return std::ranges::find(words_of(value), value, &Word<Value>::value) != words_of(value).end();
  } else {
    return within(static_cast<double>(value), bounds);
  }
}

bool in_bounds(const Range& range, const Range& bounds) {
  return within(range, bounds) && range.min < range.max;
}

bool in_bounds(const std::optional<Range>& range, const Range& bounds) {
  return !range || (within(*range, bounds) && range->min <= range->max);
}

bool in_bounds(std::vector<int> devices, const Range& bounds) {
  std::ranges::sort(devices);
  return std::ranges::adjacent_find(devices) == devices.end() &&
         std::ranges::all_of(devices, [&](int device) { return within(device, bounds); });
}

bool in_bounds(const std::string& /*text*/, const Range& /*bounds*/) { return true; }

// Values in JSON and as text.

template <class Value>
std::optional<OptionValue> json_value(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return std::string(word_of(value));
  } else if constexpr (std::is_same_v<Value, int>) {
    return std::int64_t{value};
  } else if constexpr (std::is_same_v<Value, Range>) {
    return std::array{value.min, value.max};
  } else if constexpr (std::is_same_v<Value, std::optional<Range>>) {
    return value ? json_value(*value) : std::nullopt;
  } else {
    return value;
  }
}

std::string to_text(bool value) { return std::string(word_of(value)); }
std::string to_text(std::int64_t value) { return std::to_string(value); }
std::string to_text(double value) { return base::to_text(value); }
std::string to_text(const std::string& value) { return value; }
std::string to_text(const std::array<double, 2>& range) {
  return base::to_text(range[0]) + "," + base::to_text(range[1]);
}
std::string to_text(const std::vector<int>& devices) {
  std::string text;
  for (const int device : devices) text += (text.empty() ? "" : ",") + std::to_string(device);
  return text;
}

}  // namespace

std::span<const core::Option> core::option_table() { return table; }

std::optional<core::OptionValue> core::value_of(const Option& option, const Options& options) {
  return std::visit([&](auto member) { return json_value(options.*member); }, option.member);
}

bool core::is_allowed(const Option& option, const Options& options) {
  return std::visit([&](auto member) { return in_bounds(options.*member, option.bounds); },
                    option.member);
}

std::string_view to_string(Backend backend) { return word_of(backend); }
std::string_view to_string(Precision precision) { return word_of(precision); }
std::string_view to_string(OutOfRange out_of_range) { return word_of(out_of_range); }

Backend parse_backend(std::string_view word) { return parse_word<Backend>("backend", word); }
Precision parse_precision(std::string_view word) {
  return parse_word<Precision>("precision", word);
}
OutOfRange parse_out_of_range(std::string_view word) {
  return parse_word<OutOfRange>("out-of-range", word);
}

void check(const Options& options) {
  for (const Option& option : table) {
    if (core::is_allowed(option, options)) continue;
    const auto value = core::value_of(option, options);
    reject(option.description,
           std::visit([](const auto& known) { return to_text(known); }, value.value()));
  }
}

std::span<const OptionDescription> describe_options() {
  static const auto descriptions = [] {
    std::array<OptionDescription, table.size()> all{};
    std::ranges::transform(table, all.begin(), &Option::description);
    return all;
  }();
  return descriptions;
}

void set_option(Options& options, std::string_view name, std::string_view text) {
  const Option* const option = find(name);
  if (option == nullptr) throw InputError("option " + std::string(name) + ": not known");
  const bool is_spelled = std::visit(
      [&](auto member) {
        auto value = options.*member;
        if (!parse(text, value)) return false;
        options.*member = std::move(value);
        return true;
      },
      option->member);
  if (!is_spelled) reject(option->description, text);
}

}  // namespace stratem
