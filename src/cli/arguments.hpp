// The words after a verb: options with and without a value, and positional arguments.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::cli {

/// One option of a verb.
struct OptionSpec {
  std::string names;  ///< "tolerance", or with a one-letter name before it: "o,output"
  std::string value;  ///< name of its value in the help text; empty: a flag
  std::string help;
};

/// The arguments that a verb takes.
struct Usage {
  std::string verb;
  std::string summary;  ///< one line
  /// In order; one in [brackets] may be left out, the last one with dots given several times.
  std::vector<std::string> positionals;
  std::vector<OptionSpec> options;
  std::string details;  ///< shown below the options; may be empty
};

/// The text of `stratem VERB --help`.
std::string help_text(const Usage& usage);

/// Parsed words. Every function throws InputError, one line naming the verb and the word.
class Arguments {
 public:
  /// Everything after a word "--" is positional. A value may begin with a minus sign.
  Arguments(const Usage& usage, std::span<const char* const> words);

  bool help() const { return has("help"); }
  /// True if the flag, or the option with a value, was given; by its long name.
  bool has(const std::string& name) const;
  std::optional<std::string> value(const std::string& name) const;
  /// The value of an option that must be given.
  std::string required(const std::string& name) const;
  /// Throws if too few or too many were given.
  void check_positionals() const;
  std::string positional(std::size_t index) const { return positionals_.at(index); }
  std::size_t positional_count() const { return positionals_.size(); }

 private:
  [[noreturn]] void fail(const std::string& message) const;

  std::string verb_;
  std::vector<std::string> expected_;
  std::vector<std::string> positionals_;
  std::map<std::string, std::string> values_;
  std::set<std::string> flags_;
};

/// ", did you mean X?" if a candidate is near; empty if none is.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace stratem::cli
