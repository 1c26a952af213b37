#include "cli/arguments.hpp"

#include <algorithm>
#include <cxxopts.hpp>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

constexpr std::size_t help_width = 100;

/// The name by which a verb asks for an option: "output" of "o,output".
std::string long_name(const OptionSpec& option) {
  return option.names.substr(option.names.find(',') + 1);
}

std::string dashed(std::string_view name) {
  return (name.size() == 1 ? "-" : "--") + std::string(name);
}

std::vector<OptionSpec> with_help(const Usage& usage) {
  auto options = usage.options;
  options.push_back({"h,help", "", "show this"});
  return options;
}

// Values stay text here, because cxxopts reads numbers by the locale and splits lists at commas.
cxxopts::Options make_parser(const Usage& usage) {
  cxxopts::Options parser("stratem " + usage.verb, usage.summary + "\n");
  parser.custom_help("[OPTIONS]").set_width(help_width).allow_unrecognised_options();
  for (const auto& option : with_help(usage)) {
    if (option.value.empty()) {
      parser.add_options()(option.names, option.help);
    } else {
      parser.add_options()(option.names, option.help, cxxopts::value<std::string>(), option.value);
    }
  }
  return parser;
}

bool is_optional(const std::string& positional) { return positional.starts_with('['); }

/// Any number of words, at least one.
bool is_list(const std::string& positional) { return positional.ends_with("..."); }

/// True if a word is an option of the verb, so that it cannot be another's value.
bool is_option(const std::string& word, const Usage& usage) {
  const auto options = with_help(usage);
  return std::any_of(options.begin(), options.end(),
                     [&](const auto& option) { return word == dashed(long_name(option)); });
}

[[noreturn]] void refuse(const std::string& verb, const std::string& message) {
  throw InputError(verb + ": " + message + " (see stratem " + verb + " --help)");
}

cxxopts::ParseResult parse(cxxopts::Options& parser, const std::string& verb,
                           const std::vector<const char*>& words) {
  try {
    return parser.parse(static_cast<int>(words.size()), words.data());
  } catch (const cxxopts::exceptions::missing_argument&) {
    refuse(verb, std::string(words.back()) + " has no value");
  } catch (const cxxopts::exceptions::exception& error) {
    refuse(verb, error.what());
  }
}

std::string unknown_option(const std::string& word, const Usage& usage) {
  const auto options = with_help(usage);
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const auto& option : options) names.push_back(dashed(long_name(option)));
  const std::string name = word.substr(0, word.find('='));
  return "unknown option " + name + suggestion(name, names);
}

}  // namespace

std::string help_text(const Usage& usage) {
  auto parser = make_parser(usage);
  std::string words = "[OPTIONS]";
  for (const auto& positional : usage.positionals) words += " " + positional;
  parser.custom_help(words);
  std::string text = parser.help();
  if (!usage.details.empty()) text += "\n" + usage.details + "\n";
  return text;
}

Arguments::Arguments(const Usage& usage, std::span<const char* const> words)
    : verb_(usage.verb), expected_(usage.positionals) {
  const auto separator = std::find(words.begin(), words.end(), std::string_view("--"));
  std::vector<const char*> before{"stratem"};
  before.insert(before.end(), words.begin(), separator);

  auto parser = make_parser(usage);
  const auto parsed = parse(parser, verb_, before);
  for (const auto& word : parsed.unmatched()) {
    if (word.size() > 1 && word.starts_with('-')) fail(unknown_option(word, usage));
    positionals_.push_back(word);
  }
  if (separator != words.end()) positionals_.insert(positionals_.end(), separator + 1, words.end());

  for (const auto& option : with_help(usage)) {
    const std::string name = long_name(option);
    if (parsed.count(name) == 0) continue;
    if (parsed.count(name) > 1) fail(dashed(name) + " is given more than once");
    if (option.value.empty()) {
      if (parsed[name].as<bool>()) flags_.insert(name);
      continue;
    }
    const auto& text = parsed[name].as<std::string>();
    if (text.empty() || is_option(text, usage)) fail(dashed(name) + " has no value");
    values_[name] = text;
  }
}

bool Arguments::has(const std::string& name) const {
  return flags_.contains(name) || values_.contains(name);
}

std::optional<std::string> Arguments::value(const std::string& name) const {
  const auto entry = values_.find(name);
  if (entry == values_.end()) return std::nullopt;
  return entry->second;
}

std::string Arguments::required(const std::string& name) const {
  const auto text = value(name);
  if (!text) fail("--" + name + " is missing");
  return *text;
}

void Arguments::check_positionals() const {
  const bool any_number = !expected_.empty() && is_list(expected_.back());
  if (positionals_.size() > expected_.size() && !any_number) {
    fail("'" + positionals_[expected_.size()] + "' is one argument too many");
  }
  if (positionals_.size() < expected_.size() && !is_optional(expected_[positionals_.size()])) {
    fail(expected_[positionals_.size()] + " is missing");
  }
}

void Arguments::fail(const std::string& message) const { refuse(verb_, message); }

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto nearest = base::nearest_word(word, views);
  return nearest.empty() ? std::string() : ", did you mean " + std::string(nearest) + "?";
}

}  // namespace stratem::cli
