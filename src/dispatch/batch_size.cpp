#include "dispatch/batch_size.hpp"

#include <algorithm>

namespace stratem::dispatch {
namespace {

// At most this much work is lost if a device fails in the middle of a batch.
constexpr double longest_batch_seconds = 0.5;
// A batch takes this part of the worker's share of the remaining models. The rest allows for
// changes of speed.
constexpr double taken_part = 0.5;
constexpr double largest_growth = 4.0;

std::int64_t chosen(const BatchRequest& request) {
  if (!(request.pace > 0.0)) return request.sizes.fewest;
  const double part = taken_part * request.pace / std::max(request.all_paces, request.pace);
  const double share = part * static_cast<double>(request.left);
  const double in_time = longest_batch_seconds * request.pace / static_cast<double>(request.layers);
  const double grown = largest_growth * static_cast<double>(request.last);
  const double wanted = std::min({share, in_time, grown, static_cast<double>(request.sizes.usual)});
  return std::max(static_cast<std::int64_t>(wanted), request.sizes.fewest);
}

}  // namespace

void Pace::add(std::int64_t models, std::int64_t layers, double seconds) {
  if (models < 1 || !(seconds > 0.0)) return;
  const double now = static_cast<double>(models) * static_cast<double>(layers) / seconds;
  layers_per_second_ = known() ? 0.5 * (layers_per_second_ + now) : now;
}

std::int64_t batch_size(const BatchRequest& request) {
  std::int64_t most = std::min(request.sizes.most, request.left);
  if (request.limit > 0) most = std::min(most, request.limit);
  const std::int64_t wanted = request.asked > 0 ? request.asked : chosen(request);
  return std::max(std::int64_t{1}, std::min(wanted, most));
}

}  // namespace stratem::dispatch
