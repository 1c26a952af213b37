#include "core/statistics/response_histograms.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace stratem::core {
namespace {

/// Calls body(begin, end) for groups of neighbouring gates of a row of responses, which are read
/// into the cache together. The groups run in parallel if there are enough groups and numbers.
template <class Body>
void for_groups(std::int64_t gates, std::int64_t numbers, const Body& body) {
  constexpr std::int64_t gates_at_once = 8;
  constexpr std::int64_t few_numbers = std::int64_t{1} << 15;  // a millisecond
  if (numbers <= few_numbers) {
    body(0, gates);
    return;
  }
  tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, gates, gates_at_once),
                    [&](const auto& group) { body(group.begin(), group.end()); });
}

}  // namespace

std::int64_t count_failed(const VectorView<const Status>& status) {
  std::int64_t failed = 0;
  for (std::int64_t model = 0; model < status.size(); ++model) {
    if (status[model] != Status::ok) ++failed;
  }
  return failed;
}

void ResponseHistograms::add(const MatrixView<const double>& response,
                             const VectorView<const Status>& status) {
  add_models(response.rows(), count_failed(status));
  for_groups(gates(), response.rows() * gates(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t model = 0; model < response.rows(); ++model) {
      for (std::int64_t g = begin; g < end; ++g) {
        const double value = response(model, g);
        if (counts(status[model], value)) gate(g).add(value);
      }
    }
  });
}

void ResponseHistograms::add(const ResponseHistograms& other) {
  add_models(other.models(), other.failed());
  for_groups(gates(), pages * gates(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t g = begin; g < end; ++g) gate(g).add(other.gate(g));
  });
}

void ResponseHistograms::add_models(std::int64_t models, std::int64_t failed) {
  models_ += models;
  failed_ += failed;
}

}  // namespace stratem::core
