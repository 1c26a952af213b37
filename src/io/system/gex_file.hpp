// The text of a .gex file: sections of key=value lines. gex_import knows the meaning of the keys.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/system/text_lines.hpp"

namespace stratem::io {

/// One section, such as [General]. Its readers throw InputError "file:line: key: ..." and remember
/// which keys were asked for.
class GexSection {
 public:
  struct Entry {
    std::string value;
    std::size_t line;
  };

  GexSection(std::string name, FilePosition place)
      : name_(std::move(name)), place_(std::move(place)) {}

  const std::string& name() const { return name_; }
  /// Where the section starts.
  const FilePosition& place() const { return place_; }
  FilePosition place_of(const std::string& key) const;
  void add(const std::string& key, Entry entry);

  bool has(const std::string& key) const { return entries_.contains(key); }
  /// How many keys are `stem` followed by digits only.
  std::size_t count_numbered(const std::string& stem) const;

  std::string text(const std::string& key) const;
  std::optional<std::string> optional_text(const std::string& key) const;
  double number(const std::string& key) const;
  std::optional<double> optional_number(const std::string& key) const;
  /// A whole number from 0 to a million.
  std::size_t count(const std::string& key) const;
  /// Exactly `size` numbers.
  std::vector<double> numbers(const std::string& key, std::size_t size) const;
  /// The rows of stem1, stem2, ... (or stem01, ...), which must be numbered without a gap; none if
  /// there are none.
  std::vector<std::vector<double>> rows(const std::string& stem, std::size_t size) const;

  /// The keys that were not read, sorted.
  std::vector<std::string> unused_keys() const;

 private:
  const Entry& entry(const std::string& key) const;

  std::string name_;
  FilePosition place_;
  std::map<std::string, Entry> entries_;
  mutable std::set<std::string> asked_;
};

/// The key without the digits it ends with.
std::string_view stem_of(std::string_view key);

/// Splits a file into its sections. Lines that start with / or # are comments, # also ends a value;
/// text before the first section is ignored. Throws InputError on anything else.
std::vector<GexSection> parse_gex(std::string_view text, const std::string& origin);

}  // namespace stratem::io
