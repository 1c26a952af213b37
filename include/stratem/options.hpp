// The one options struct of all backends. The command line's help and checks are made from
// describe_options().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stratem {

enum class Backend : std::uint8_t { automatic, reference, cpu, cuda };

/// "auto", "reference", "cpu", "cuda".
std::string_view to_string(Backend backend);
/// Throws InputError naming the allowed words.
Backend parse_backend(std::string_view word);

struct Options {
  Backend backend = Backend::automatic;  ///< automatic: the fastest usable one
  double tolerance = 1e-4;  ///< relative, per gate, 1e-7 .. 1e-1; the reference ignores it
  int threads = 0;          ///< 0 .. 1024; 0: one for every core
};

/// Throws InputError naming the option, its value and its bounds.
void check(const Options& options);

/// What the command line, JSON and Python say of an option.
struct OptionDescription {
  std::string_view name;           ///< as on the command line, without dashes
  std::string_view help;           ///< one line, with unit
  std::string_view default_value;  ///< as text
  std::string_view allowed;        ///< as text
};

/// All options, in the order in which help shows them. Static storage.
std::span<const OptionDescription> describe_options();

}  // namespace stratem
