#include "io/plan/plan_cache.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/checksum.hpp"
#include "base/text.hpp"
#include "io/plan/plan_text.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return value == nullptr ? "" : value;
}

fs::path folder_of(const std::string& option) {
  if (option == "none") return {};
  if (!option.empty()) return option;
  if (const auto own = environment("STRATEM_CACHE"); !own.empty()) {
    return own == "none" ? fs::path() : fs::path(own);
  }
  if (const auto caches = environment("XDG_CACHE_HOME"); !caches.empty()) {
    return fs::path(caches) / "stratem";
  }
  if (const auto home = environment("HOME"); !home.empty()) {
    return fs::path(home) / ".cache" / "stratem";
  }
  return {};
}

}  // namespace

PlanCache::PlanCache(const std::string& folder) : folder_(folder_of(folder)) {}

fs::path PlanCache::path(const std::string& key) const {
  return folder_.empty() ? fs::path()
                         : folder_ / (base::hexadecimal(base::checksum(key)) + ".plan");
}

std::optional<core::BuiltPlan> PlanCache::load(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream file(path(key), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  try {
    return plan_from_text(text.str(), key);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void PlanCache::store(const std::string& key, const core::BuiltPlan& plan) const {
  if (folder_.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  try {
    write_text(path(key), plan_text(key, plan), true);
  } catch (const std::exception&) {
    return;  // a plan that is not kept is built again
  }
}

}  // namespace stratem::io
