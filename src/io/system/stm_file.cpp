#include "io/system/stm_file.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.hpp"

namespace stratem::io {
namespace {

/// System files nest three blocks. A limit stops invalid files from nesting without end.
constexpr std::size_t deepest_nesting = 16;

bool contains(std::initializer_list<std::string_view> words, const std::string& lower_word) {
  for (const auto word : words) {
    if (base::lower_case(word) == lower_word) return true;
  }
  return false;
}

std::string did_you_mean(std::string_view word, std::initializer_list<std::string_view> known) {
  const auto nearest = base::nearest_word(word, std::span(known.begin(), known.size()));
  return nearest.empty() ? "" : ", did you mean " + base::in_quotes(nearest) + "?";
}

bool same(std::string_view a, std::string_view b) {
  return base::lower_case(a) == base::lower_case(b);
}

/// The name of a block if the line is "name word", such as "Transmitter Begin".
std::optional<std::string_view> block_line(std::string_view line, std::string_view word) {
  const auto words = split_words(line);
  if (words.size() != 2 || !same(words[1], word)) return std::nullopt;
  return words[0];
}

/// The blocks that are open while lines are read, the outermost first.
class OpenBlocks {
 public:
  explicit OpenBlocks(const std::string& origin) : file_{origin, 0} {}

  void read(std::string_view line, const FilePosition& place) {
    if (const auto name = block_line(line, "Begin")) return begin(*name, place);
    if (const auto name = block_line(line, "End")) return end(*name, place);
    if (open_.empty()) place.fail(base::in_quotes(line) + ", allowed is a block: name Begin");
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
      return open_.back().add(StmBlock::Row{std::string(line), place.line});
    open_.back().add(StmBlock::Entry{std::string(trim(line.substr(0, equals))),
                                     std::string(trim(line.substr(equals + 1))), place.line});
  }

  StmBlock finish() {
    if (!open_.empty()) {
      open_.back().place().fail("block " + base::in_quotes(open_.back().name()) +
                                " has no end, allowed is name End");
    }
    if (!outermost_) file_.fail("no block, allowed is one: name Begin ... name End");
    return std::move(*outermost_);
  }

 private:
  void begin(std::string_view name, const FilePosition& place) {
    if (open_.size() == deepest_nesting) {
      place.fail("block " + base::in_quotes(name) + " inside " + std::to_string(deepest_nesting) +
                 " others, allowed is less");
    }
    open_.emplace_back(std::string(name), place);
  }

  void end(std::string_view name, const FilePosition& place) {
    if (open_.empty() || !same(open_.back().name(), name)) {
      place.fail(base::in_quotes(name) + " End, allowed is the end of " +
                 (open_.empty() ? "a block that has begun" : base::in_quotes(open_.back().name())));
    }
    StmBlock closed = std::move(open_.back());
    open_.pop_back();
    if (!open_.empty()) return open_.back().add(std::move(closed));
    if (outermost_) {
      closed.place().fail("a second block " + base::in_quotes(closed.name()) + ", allowed is one");
    }
    outermost_ = std::move(closed);
  }

  FilePosition file_;
  std::vector<StmBlock> open_;
  std::optional<StmBlock> outermost_;
};

}  // namespace

FilePosition StmBlock::place_of(std::string_view key) const {
  const auto found = entries_.find(base::lower_case(key));
  return found == entries_.end() ? place_ : FilePosition{place_.origin, found->second.line};
}

void StmBlock::add(Entry entry) {
  const FilePosition place{place_.origin, entry.line};
  const std::string written = entry.key;
  if (!entries_.emplace(base::lower_case(written), std::move(entry)).second) {
    place.fail(name_ + ": key " + base::in_quotes(written) + " is given twice, allowed is once");
  }
}

void StmBlock::add(StmBlock block) {
  if (find_block(block.name()) != nullptr) {
    block.place().fail(name_ + ": block " + base::in_quotes(block.name()) +
                       " is given twice, allowed is once");
  }
  blocks_.push_back(std::move(block));
}

void StmBlock::reject_unknown(std::initializer_list<std::string_view> keys,
                              std::initializer_list<std::string_view> blocks,
                              bool rows_allowed) const {
  for (const auto& [lower, entry] : entries_) {
    if (contains(keys, lower)) continue;
    FilePosition{place_.origin, entry.line}.fail("unknown key " + base::in_quotes(entry.key) +
                                                 " in " + name_ + did_you_mean(entry.key, keys));
  }
  for (const auto& block : blocks_) {
    if (contains(blocks, base::lower_case(block.name()))) continue;
    block.place().fail("unknown block " + base::in_quotes(block.name()) + " in " + name_ +
                       did_you_mean(block.name(), blocks));
  }
  if (!rows_allowed && !rows_.empty()) {
    FilePosition{place_.origin, rows_[0].line}.fail(name_ + ": " + base::in_quotes(rows_[0].text) +
                                                    ", allowed is key = value");
  }
}

bool StmBlock::has(std::string_view key) const { return entries_.contains(base::lower_case(key)); }

bool StmBlock::has_block(std::string_view name) const { return find_block(name) != nullptr; }

const StmBlock* StmBlock::find_block(std::string_view name) const {
  const auto found = std::find_if(blocks_.begin(), blocks_.end(),
                                  [&](const StmBlock& block) { return same(block.name(), name); });
  return found == blocks_.end() ? nullptr : &*found;
}

const StmBlock& StmBlock::block(std::string_view name) const {
  if (const auto* found = find_block(name)) return *found;
  place_.fail(name_ + ": block " + base::in_quotes(name) + " is missing");
}

const StmBlock::Entry& StmBlock::entry(std::string_view key) const {
  const auto found = entries_.find(base::lower_case(key));
  if (found == entries_.end()) place_.fail(name_ + ": key " + base::in_quotes(key) + " is missing");
  return found->second;
}

std::string StmBlock::text(std::string_view key) const {
  const auto& found = entry(key);
  if (found.value.empty()) {
    place_of(key).fail(name_ + "." + found.key + ": no value, allowed is a text");
  }
  return found.value;
}

std::optional<std::string> StmBlock::optional_text(std::string_view key) const {
  return has(key) ? std::optional(text(key)) : std::nullopt;
}

std::vector<double> StmBlock::numbers(std::string_view key) const {
  return numbers_of(text(key), name_ + "." + entry(key).key, place_of(key));
}

double StmBlock::number(std::string_view key) const {
  const auto list = numbers(key);
  if (list.size() != 1) {
    place_of(key).fail(name_ + "." + entry(key).key + ": " + std::to_string(list.size()) +
                       " numbers, allowed is 1");
  }
  return list[0];
}

std::optional<double> StmBlock::optional_number(std::string_view key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::vector<std::vector<double>> StmBlock::table(std::size_t columns) const {
  reject_unknown({}, {}, true);
  if (rows_.empty()) {
    place_.fail(name_ + ": no rows, allowed is at least one row of " + std::to_string(columns) +
                " numbers");
  }
  std::vector<std::vector<double>> result;
  for (const auto& row : rows_) {
    const FilePosition place{place_.origin, row.line};
    result.push_back(numbers_of(row.text, name_, place));
    if (result.back().size() != columns) {
      place.fail(name_ + ": " + std::to_string(result.back().size()) + " numbers, allowed is " +
                 std::to_string(columns));
    }
  }
  return result;
}

StmBlock parse_stm(std::string_view text, std::string_view name, const std::string& origin) {
  OpenBlocks blocks(origin);
  FilePosition place{origin, 0};
  for (const auto raw : split_lines(text)) {
    ++place.line;
    const auto line = trim(raw.substr(0, raw.find("//")));
    if (!line.empty()) blocks.read(line, place);
  }
  StmBlock outermost = blocks.finish();
  if (!same(outermost.name(), name)) {
    outermost.place().fail("block " + base::in_quotes(outermost.name()) + ", allowed is " +
                           base::in_quotes(name));
  }
  return outermost;
}

}  // namespace stratem::io
