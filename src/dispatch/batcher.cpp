#include "dispatch/batcher.hpp"

#include <map>
#include <utility>

namespace stratem::dispatch {
namespace {

/// "2 x NVIDIA H200 and CPU, AVX2".
std::string counted_names(const std::vector<std::string>& names) {
  std::map<std::string, int> counts;
  for (const auto& name : names) ++counts[name];
  std::string text;
  for (const auto& name : names) {
    const int count = std::exchange(counts[name], 0);
    if (count == 0) continue;  // already listed
    text += (text.empty() ? "" : " and ") + (count > 1 ? std::to_string(count) + " x " : "") + name;
  }
  return text;
}

}  // namespace

Batcher::Batcher(std::vector<core::ComputeDevice> devices,
                 std::shared_ptr<const core::Evaluator> last_resort, std::int64_t batch)
    : pool_(std::make_unique<WorkerPool>(std::move(devices), batch)),
      last_resort_(std::move(last_resort)) {}

template <class Compute>
void Batcher::compute_rest(WorkQueue left, const Compute& compute) const {
  while (!left.empty()) {
    const ModelSpan span = left.take(left.models());
    compute(span);
    by_last_resort_ += span.count;
  }
}

void Batcher::forward(const ModelBatch& models, const ResponseView& responses) const {
  compute_rest(pool_->compute(models, responses), [&](const ModelSpan& span) {
    last_resort_->forward(models.slice(span.first, span.count),
                          {responses.response.slice(span.first, span.count),
                           responses.status.slice(span.first, span.count)});
  });
}

void Batcher::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                         core::ResponseHistograms& histograms) const {
  compute_rest(pool_->accumulate(models, status, histograms), [&](const ModelSpan& span) {
    last_resort_->accumulate(models.slice(span.first, span.count),
                             status.slice(span.first, span.count), histograms);
  });
}

std::string Batcher::device() const {
  const std::vector<std::string> working = pool_->working();
  std::string text = working.empty() ? last_resort_->device() : counted_names(working);
  for (const auto& fault : pool_->faults()) text += "; gave up " + fault;
  return text;
}

DeviceFaults Batcher::faults() const { return {pool_->faults(), by_last_resort_}; }

}  // namespace stratem::dispatch
