// The table of all options: each is named here once, with what it sets and what depends on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stratem/options.hpp"

namespace stratem::core {

/// What changes with an option.
enum class OptionEffect : std::uint8_t {
  nodes,      ///< nodes, weights and so responses: it belongs to the key of a cached plan and to a
              ///< run's identity
  responses,  ///< responses alone: it belongs to a run's identity
  device,     ///< what computes. A run's identity has the backend and the devices in use instead
  nothing,    ///< only how fast or where something is done
};

/// The member that an option sets.
using OptionMember =
    std::variant<double PlanOptions::*, int PlanOptions::*, bool PlanOptions::*,
                 Range PlanOptions::*, std::optional<Range> PlanOptions::*,
                 Precision PlanOptions::*, Backend ExecutionOptions::*, int ExecutionOptions::*,
                 std::int64_t ExecutionOptions::*, OutOfRange ExecutionOptions::*,
                 std::vector<int> ExecutionOptions::*, std::string ExecutionOptions::*>;

struct Option {
  OptionDescription description;
  OptionMember member;
  OptionEffect effect = OptionEffect::nothing;
  std::string_view key;  ///< its name in the key of a cached plan; empty if it is not in there
  Range bounds;          ///< allowed range of its numbers; not used for words and text
};

/// All options, in the order in which help shows them and a run's identity lists them. Static
/// storage.
std::span<const Option> option_table();

/// A value as JSON has it; a range is its two ends.
using OptionValue =
    std::variant<bool, std::int64_t, double, std::string, std::array<double, 2>, std::vector<int>>;

/// The option's value; nothing if the option is optional and not given.
std::optional<OptionValue> value_of(const Option& option, const Options& options);

/// Whether the option's value is within its bounds.
bool is_allowed(const Option& option, const Options& options);

}  // namespace stratem::core
