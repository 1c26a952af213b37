// A plan as text: what the cache keeps in a file, and what travels to another process or machine.
#pragma once

#include <string>
#include <string_view>

#include "core/plan/builder.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::io {

/// Everything that goes into a plan, as text: version, system, and the options that nodes depend
/// on.
std::string plan_key(const System& system, const PlanOptions& options);

/// A line with the checksum of the rest, and a JSON object of the key and all that was built.
/// Numbers read back to the last bit.
std::string plan_text(const std::string& key, const core::BuiltPlan& plan);

/// The plan of such a text. Throws InputError, which says whether the text is damaged, made by
/// another version, or the plan of another system or other options than those of `key`.
core::BuiltPlan plan_from_text(std::string_view text, const std::string& key);

}  // namespace stratem::io
