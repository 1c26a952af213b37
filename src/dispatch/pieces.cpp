#include "dispatch/pieces.hpp"

#include <thread>

namespace stratem::dispatch {
namespace {

// On each thread.
constexpr std::int64_t at_once_by_reference = 8;
constexpr std::int64_t at_once_by_plan = 1024;

}  // namespace

int host_threads(const ExecutionOptions& options, std::size_t devices) {
  if (options.threads > 0) return options.threads;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores - static_cast<int>(devices));
}

std::int64_t models_at_once(Backend backend, const ExecutionOptions& options) {
  const bool slow = backend == Backend::reference;
  return host_threads(options) * (slow ? at_once_by_reference : at_once_by_plan);
}

}  // namespace stratem::dispatch
