// Plans kept on disk, so that a system's plan is built once. A file that is damaged, or holds
// another plan than its name says, is as good as none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/plan/builder.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::io {

/// Everything that goes into a plan, as text: version, system, and the options that matter.
std::string plan_key(const System& system, const Options& options);

class PlanCache {
 public:
  /// `folder` as in Options::cache. Never throws; without a folder nothing is kept.
  explicit PlanCache(const std::string& folder);

  std::optional<core::BuiltPlan> load(const std::string& key) const;
  /// Writes under a temporary name and renames. A folder that cannot be written is no error: the
  /// plan is only not kept.
  void store(const std::string& key, const core::BuiltPlan& plan) const;
  /// Where a plan is kept; empty if nothing is.
  std::filesystem::path path(const std::string& key) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace stratem::io
