#include "io/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

using nlohmann::json;

/// Longest piece of the input that a message repeats.
constexpr std::size_t longest_quote = 60;

std::string quote(std::string_view text) {
  // json::dump escapes control characters, so the message stays on one line.
  return json(text.size() <= longest_quote ? std::string(text)
                                           : std::string(text.substr(0, longest_quote)) + "...")
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "null";
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "a list";
    case json::value_t::string:
      return quote(value.get_ref<const std::string&>());
    case json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case json::value_t::number_float:
      return base::to_text(value.get<double>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return value.dump();
    default:
      return "a value of another kind";
  }
}

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

std::string join(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

[[noreturn]] void fail_at(const std::string& origin, const std::string& path,
                          const std::string& found, const std::string& allowed) {
  throw InputError(origin + ": " + (path.empty() ? "" : path + ": ") + found + ", allowed is " +
                   allowed);
}

/// Follows the parser through the text, to detect keys given twice. JSON itself would use the last
/// one.
class DuplicateKeys {
 public:
  explicit DuplicateKeys(const std::string& origin) : origin_(origin) {}

  bool operator()(int /*depth*/, json::parse_event_t event, json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
      case json::parse_event_t::array_start:
        enter(event == json::parse_event_t::array_start);
        break;
      case json::parse_event_t::key:
        take_key(parsed.get_ref<const std::string&>());
        break;
      case json::parse_event_t::object_end:
      case json::parse_event_t::array_end:
        levels_.pop_back();
        break;
      case json::parse_event_t::value:
        count_element();
        break;
    }
    return true;
  }

 private:
  struct Level {
    bool is_array;
    std::size_t elements = 0;
    std::string key;
    std::vector<std::string> keys;  // sorted
  };

  void count_element() {
    if (!levels_.empty() && levels_.back().is_array) ++levels_.back().elements;
  }

  void enter(bool is_array) {
    count_element();
    levels_.push_back({is_array, 0, {}, {}});
  }

  void take_key(const std::string& key) {
    Level& level = levels_.back();
    const auto place = std::lower_bound(level.keys.begin(), level.keys.end(), key);
    if (place != level.keys.end() && *place == key) {
      throw InputError(origin_ + ": " + path() + quote(key) + " is given twice, allowed is once");
    }
    level.keys.insert(place, key);
    level.key = key;
  }

  std::string path() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      path = levels_[i].is_array ? join(path, levels_[i].elements - 1) : join(path, levels_[i].key);
    }
    return path.empty() ? path : path + ": ";
  }

  std::string origin_;
  std::vector<Level> levels_;
};

/// "line:column" of a byte, both from 1.
std::string position(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  const auto lines = std::count(text.begin(), end, '\n');
  const auto line_start = std::find(std::make_reverse_iterator(end), text.rend(), '\n').base();
  return std::to_string(lines + 1) + ":" +
         std::to_string(std::max<std::ptrdiff_t>(1, end - line_start));
}

/// The parser's reason without its own preamble and its copy of the input.
std::string reason(std::string_view what) {
  if (const auto dash = what.find(" - "); dash != std::string_view::npos)
    what.remove_prefix(dash + 3);
  std::string text(what);
  if (const auto read = text.find("; last read: "); read != std::string_view::npos) {
    const auto expected = text.find("; expected", read);
    text = text.substr(0, read) + (expected == std::string_view::npos ? "" : text.substr(expected));
  }
  return text.substr(0, 4 * longest_quote);
}

/// The number in a message such as "... number overflow parsing '1e999'".
std::string quoted_number(std::string_view message) {
  const auto last = message.rfind('\'');
  const auto first = last == std::string_view::npos ? last : message.rfind('\'', last - 1);
  if (first == std::string_view::npos) return "a number";
  return base::printable(message.substr(first + 1, last - first - 1));
}

double to_number(const json& value, const std::string& origin, const std::string& path) {
  if (!value.is_number()) fail_at(origin, path, describe(value), "a number");
  return value.get<double>();
}

const json& to_list(const json& value, const std::string& origin, const std::string& path,
                    const std::string& allowed) {
  if (!value.is_array()) fail_at(origin, path, describe(value), allowed);
  return value;
}

std::array<double, 2> to_pair(const json& value, const std::string& origin,
                              const std::string& path) {
  const std::string allowed = "a pair of numbers [x, y]";
  if (to_list(value, origin, path, allowed).size() != 2) {
    fail_at(origin, path, "a list of " + std::to_string(value.size()), allowed);
  }
  return {to_number(value[0], origin, join(path, std::size_t{0})),
          to_number(value[1], origin, join(path, std::size_t{1}))};
}

}  // namespace

nlohmann::json parse_json(const std::string& text, const std::string& origin) {
  try {
    return json::parse(text, DuplicateKeys(origin));
  } catch (const json::parse_error& error) {
    throw InputError(origin + ":" + position(text, error.byte) +
                     ": not valid JSON: " + reason(error.what()));
  } catch (const json::out_of_range& error) {
    throw InputError(origin + ": " + quoted_number(error.what()) +
                     " is too large, allowed is a number below 1.8e308");
  }
}

JsonObject::JsonObject(const nlohmann::json& value, std::string origin, std::string path)
    : value_(&value), origin_(std::move(origin)), path_(std::move(path)) {
  if (!value.is_object()) fail_at(origin_, path_, describe(value), "an object {...}");
}

void JsonObject::reject_unknown_keys(std::initializer_list<std::string_view> known) const {
  reject_unknown_keys(std::span(known.begin(), known.size()));
}

void JsonObject::reject_unknown_keys(std::span<const std::string_view> known) const {
  for (const auto& [key, unused] : value_->items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto nearest = base::nearest_word(key, known);
    throw InputError(origin_ + ": " + (path_.empty() ? "" : path_ + ": ") + "unknown key " +
                     quote(key) +
                     (nearest.empty() ? "" : ", did you mean " + quote(nearest) + "?"));
  }
}

const nlohmann::json* JsonObject::find(std::string_view key) const {
  const auto member = value_->find(key);
  return member == value_->end() ? nullptr : &*member;
}

bool JsonObject::has(std::string_view key) const { return find(key) != nullptr; }

const nlohmann::json& JsonObject::value(std::string_view key) const {
  if (const auto* member = find(key)) return *member;
  throw InputError(origin_ + ": " + (path_.empty() ? "" : path_ + ": ") + "key " + quote(key) +
                   " is missing");
}

std::string JsonObject::path_of(std::string_view key) const { return join(path_, key); }

void JsonObject::fail(std::string_view key, const std::string& found,
                      const std::string& allowed) const {
  fail_at(origin_, path_of(key), found, allowed);
}

double JsonObject::number(std::string_view key) const {
  return to_number(value(key), origin_, path_of(key));
}

std::optional<double> JsonObject::optional_number(std::string_view key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::int64_t JsonObject::integer(std::string_view key) const {
  constexpr double two_to_63 = 9223372036854775808.0;
  const auto& member = value(key);
  if (member.is_number_unsigned() &&
      member.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)) {
    return member.get<std::int64_t>();
  }
  if (member.is_number_integer() && !member.is_number_unsigned()) {
    return member.get<std::int64_t>();
  }
  if (member.is_number_float()) {
    const double number = member.get<double>();
    if (std::trunc(number) == number && std::abs(number) < two_to_63) {
      return static_cast<std::int64_t>(number);
    }
  }
  fail(key, describe(member), "a whole number");
}

std::optional<std::int64_t> JsonObject::optional_integer(std::string_view key) const {
  return has(key) ? std::optional(integer(key)) : std::nullopt;
}

std::optional<bool> JsonObject::optional_boolean(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  if (!value(key).is_boolean()) fail(key, describe(value(key)), "true or false");
  return value(key).get<bool>();
}

std::string JsonObject::string(std::string_view key) const {
  if (!value(key).is_string()) fail(key, describe(value(key)), "a text in quotes");
  return value(key).get<std::string>();
}

std::optional<std::string> JsonObject::optional_string(std::string_view key) const {
  return has(key) ? std::optional(string(key)) : std::nullopt;
}

std::vector<double> JsonObject::numbers(std::string_view key) const {
  const std::string path = path_of(key);
  const auto& list = to_list(value(key), origin_, path, "a list of numbers");
  std::vector<double> result;
  result.reserve(list.size());
  for (const auto& element : list) {
    result.push_back(to_number(element, origin_, join(path, result.size())));
  }
  return result;
}

std::array<double, 2> JsonObject::pair(std::string_view key) const {
  return to_pair(value(key), origin_, path_of(key));
}

std::vector<std::array<double, 2>> JsonObject::pairs(std::string_view key) const {
  const std::string path = path_of(key);
  const auto& list = to_list(value(key), origin_, path, "a list of pairs [[x, y], ...]");
  std::vector<std::array<double, 2>> result;
  result.reserve(list.size());
  for (const auto& element : list) {
    result.push_back(to_pair(element, origin_, join(path, result.size())));
  }
  return result;
}

JsonObject JsonObject::object(std::string_view key) const {
  return {value(key), origin_, path_of(key)};
}

std::optional<JsonObject> JsonObject::optional_object(std::string_view key) const {
  return has(key) ? std::optional(object(key)) : std::nullopt;
}

std::vector<JsonObject> JsonObject::objects(std::string_view key) const {
  const std::string path = path_of(key);
  std::vector<JsonObject> result;
  for (const auto& element : to_list(value(key), origin_, path, "a list of objects")) {
    result.emplace_back(element, origin_, join(path, result.size()));
  }
  return result;
}

std::vector<JsonObject> JsonObject::object_or_objects(std::string_view key) const {
  if (value(key).is_array()) return objects(key);
  if (!value(key).is_object()) fail(key, describe(value(key)), "an object or a list of objects");
  return {object(key)};
}

}  // namespace stratem::io
