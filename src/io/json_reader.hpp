// Strict reading of JSON: every message names the file and the key's path, every key must be known.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::io {

/// Parses JSON text. Throws InputError as "origin:line:column: ..." if it is not complete, valid
/// JSON, and "origin: path: ..." if an object has a key twice. `origin` is the name of the text in
/// messages.
nlohmann::json parse_json(const std::string& text, const std::string& origin);

/// One JSON object and where it stands in its file. Its readers throw InputError such as
/// `system.json: moments[0].transmitter.height: a string, allowed is a number`.
/// Refers to the JSON value it was made from, which must outlive it. Call reject_unknown_keys()
/// first: a misspelt key is then named as such rather than as a missing one.
class JsonObject {
 public:
  /// `path` is the key path of `value`, empty for the outermost. Throws InputError if `value` is
  /// not an object.
  JsonObject(const nlohmann::json& value, std::string origin, std::string path = {});

  /// Throws InputError naming the first key that is not in `known`, and the known key nearest to
  /// it.
  void reject_unknown_keys(std::initializer_list<std::string_view> known) const;
  void reject_unknown_keys(std::span<const std::string_view> known) const;

  bool has(std::string_view key) const;
  /// The value of a required key, whatever its type.
  const nlohmann::json& value(std::string_view key) const;
  /// The key path of a member, such as "moments[0].gates".
  std::string path_of(std::string_view key) const;
  const std::string& path() const { return path_; }
  const std::string& origin() const { return origin_; }

  double number(std::string_view key) const;
  std::optional<double> optional_number(std::string_view key) const;
  /// A whole number of 64 bits; 3.0 counts as one, 3.5 does not.
  std::int64_t integer(std::string_view key) const;
  std::optional<std::int64_t> optional_integer(std::string_view key) const;
  std::optional<bool> optional_boolean(std::string_view key) const;
  std::string string(std::string_view key) const;
  std::optional<std::string> optional_string(std::string_view key) const;

  /// A list of numbers; may be empty.
  std::vector<double> numbers(std::string_view key) const;
  /// One pair of numbers [x, y].
  std::array<double, 2> pair(std::string_view key) const;
  /// A list of pairs of numbers [[x, y], ...].
  std::vector<std::array<double, 2>> pairs(std::string_view key) const;

  JsonObject object(std::string_view key) const;
  std::optional<JsonObject> optional_object(std::string_view key) const;
  /// A list of objects, with paths like "moments[0]".
  std::vector<JsonObject> objects(std::string_view key) const;
  /// A list of objects, or one object on its own (its path is then the key without an index).
  std::vector<JsonObject> object_or_objects(std::string_view key) const;

  /// Throws InputError "origin: path.key: found, allowed is `allowed`".
  [[noreturn]] void fail(std::string_view key, const std::string& found,
                         const std::string& allowed) const;

 private:
  const nlohmann::json* find(std::string_view key) const;

  const nlohmann::json* value_;
  std::string origin_;
  std::string path_;
};

}  // namespace stratem::io
