// Plans kept on disk, so that a system's plan is built once. A file that is damaged, or contains
// another plan than its name says, is ignored.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/plan/builder.hpp"

namespace stratem::io {

class PlanCache {
 public:
  /// `folder` as in ExecutionOptions::cache. Never throws; without a folder no plan is kept.
  explicit PlanCache(const std::string& folder);

  std::optional<core::BuiltPlan> load(const std::string& key) const;
  /// Writes under a temporary name and renames. If the folder cannot be written to, this is not an
  /// error; the plan is then not kept.
  void store(const std::string& key, const core::BuiltPlan& plan) const;
  /// The path of a plan's file; empty if plans are not kept.
  std::filesystem::path path(const std::string& key) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace stratem::io
