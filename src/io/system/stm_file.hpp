// The block language of .stm files: nested "Name Begin" ... "Name End", "key = value", rows of
// numbers, // comments.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/system/text_lines.hpp"

namespace stratem::io {

/// One block. Names of blocks and keys are the same in upper and lower case. Readers throw
/// InputError "file:line: Block.key: ...".
class StmBlock {
 public:
  struct Entry {
    std::string key;  ///< as written
    std::string value;
    std::size_t line;
  };
  struct Row {
    std::string text;
    std::size_t line;
  };

  StmBlock(std::string name, FilePosition place)
      : name_(std::move(name)), place_(std::move(place)) {}

  const std::string& name() const { return name_; }
  /// Where the block begins.
  const FilePosition& place() const { return place_; }
  FilePosition place_of(std::string_view key) const;

  void add(Entry entry);
  void add(StmBlock block);
  void add(Row row) { rows_.push_back(std::move(row)); }

  /// Throws InputError naming the first key, block or row that is not among those listed, and the
  /// nearest one.
  void reject_unknown(std::initializer_list<std::string_view> keys,
                      std::initializer_list<std::string_view> blocks, bool rows_allowed) const;

  bool has(std::string_view key) const;
  bool has_block(std::string_view name) const;
  const StmBlock& block(std::string_view name) const;

  std::string text(std::string_view key) const;
  std::optional<std::string> optional_text(std::string_view key) const;
  double number(std::string_view key) const;
  std::optional<double> optional_number(std::string_view key) const;
  /// One or more numbers.
  std::vector<double> numbers(std::string_view key) const;
  /// The block's rows, each of exactly `columns` numbers; at least one.
  std::vector<std::vector<double>> table(std::size_t columns) const;

 private:
  const Entry& entry(std::string_view key) const;
  const StmBlock* find_block(std::string_view name) const;

  std::string name_;
  FilePosition place_;
  std::map<std::string, Entry> entries_;  // by lower-case key
  std::vector<StmBlock> blocks_;
  std::vector<Row> rows_;
};

/// The one outermost block of a file, which must be called `name`. Throws InputError on text that
/// is not in the block language, blocks that do not end (a truncated file) and keys or blocks given
/// twice.
StmBlock parse_stm(std::string_view text, std::string_view name, const std::string& origin);

}  // namespace stratem::io
