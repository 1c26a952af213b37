// The options of a plan and of its execution. Names, bounds, help and defaults are in one table of
// the library, which describe_options() shows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stratem/export.hpp"

namespace stratem {

/// hybrid: cuda and cpu share the models.
enum class Backend : std::uint8_t { automatic, reference, cpu, cuda, hybrid };

/// "auto", "reference", "cpu", "cuda", "hybrid".
STRATEM_EXPORT std::string_view to_string(Backend backend);
/// Throws InputError naming the allowed words.
STRATEM_EXPORT Backend parse_backend(std::string_view word);

/// Arithmetic of the reflection coefficient; sums over wavenumbers and nodes are always in double.
/// With float32 a plan computes evaluations in single precision where that saves time. A model
/// whose responses are too small a remainder of these terms is computed again in double.
enum class Precision : std::uint8_t { float64, float32 };

/// "double", "single".
STRATEM_EXPORT std::string_view to_string(Precision precision);
STRATEM_EXPORT Precision parse_precision(std::string_view word);

/// What to do with a model outside the range the plan was declared for.
enum class OutOfRange : std::uint8_t {
  flag,       ///< Status::out_of_range and NaN
  reference,  ///< computed by the reference backend
};

/// "flag", "reference".
STRATEM_EXPORT std::string_view to_string(OutOfRange out_of_range);
STRATEM_EXPORT OutOfRange parse_out_of_range(std::string_view word);

struct Range {
  double min = 0.0;
  double max = 0.0;

  bool operator==(const Range&) const = default;
};

/// Plans with a larger tolerance are not made.
inline constexpr double largest_tolerance = 1e-1;

/// The options that a plan's nodes and weights depend on. Bounds and defaults are stated beside
/// each field; check() enforces them. The reference ignores all of them.
struct PlanOptions {
  double tolerance = 1e-4;  ///< relative, per gate, 1e-7 .. 1e-1
  Precision precision = Precision::float64;
  Range resistivity{0.1, 10000.0};  ///< ohm-m: declared range of all layers, 1e-4 .. 1e8
  /// Declared range of the transmitter's height above the ground, m; without it models must not
  /// have heights other than the system's.
  std::optional<Range> height{};
  /// The plan also covers Cole-Cole layers, with chargeabilities up to 0.5 and any exponent, or up
  /// to 0.9 and exponents up to 0.55. Both a layer's resistivity and its value at high frequencies,
  /// resistivity (1 - chargeability), must be in the declared range. Such plans take several times
  /// as many evaluations, and minutes to build.
  bool polarizable = false;
  /// Largest layer count that the plan is measured with, 1 .. 200; above 30 it counts as 30. Models
  /// of more layers are computed too.
  int layers = 30;

  bool operator==(const PlanOptions&) const = default;
};

/// The options that no node or weight depends on: what computes, how models outside the plan's
/// range are treated, and where plans are kept. The reference ignores all except threads.
struct ExecutionOptions {
  Backend backend = Backend::automatic;  ///< automatic: the fastest usable one
  int threads = 0;                       ///< 0 .. 1024; 0: one for every core
  OutOfRange out_of_range = OutOfRange::flag;
  std::int64_t batch =
      0;  ///< models that a thread or stream takes at a time, 0 .. 2^20; 0: automatic
  /// Ordinals of the devices that cuda and hybrid use, each 0 .. 1023 and once; empty: all visible.
  std::vector<int> devices{};
  int streams = 3;  ///< 1 .. 16: batches that a device works on at a time
  /// Folder that plans are kept in: empty means STRATEM_CACHE, or else stratem in the user's cache
  /// folder; "none" keeps no plans.
  std::string cache{};

  bool operator==(const ExecutionOptions&) const = default;
};

/// Both, as a command line or a configuration file gives them.
struct Options : PlanOptions, ExecutionOptions {
  bool operator==(const Options&) const = default;
};

/// Throws InputError naming the option, its value and its bounds.
STRATEM_EXPORT void check(const Options& options);

/// The description of an option on the command line and in configuration files.
struct OptionDescription {
  std::string_view name;           ///< as on the command line, without dashes
  std::string_view help;           ///< one line, with unit
  std::string_view default_value;  ///< as text
  std::string_view allowed;        ///< as text
};

/// All options, in the order in which help shows them. Static storage.
STRATEM_EXPORT std::span<const OptionDescription> describe_options();

/// Sets an option from its name and text, as the command line and configuration files give them.
/// Throws InputError naming the option, the text and what is allowed.
STRATEM_EXPORT void set_option(Options& options, std::string_view name, std::string_view text);

}  // namespace stratem
