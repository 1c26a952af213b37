#include "core/response_digest.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace stratem::core {
namespace {

/// Neighbours in a row of responses, which come into the cache together.
constexpr std::int64_t gates_at_once = 8;

}  // namespace

std::int64_t count_failed(const VectorView<const Status>& status) {
  std::int64_t failed = 0;
  for (std::int64_t model = 0; model < status.size(); ++model) {
    if (status[model] != Status::ok) ++failed;
  }
  return failed;
}

void ResponseDigest::add(const MatrixView<const double>& response,
                         const VectorView<const Status>& status) {
  add_models(response.rows(), count_failed(status));
  const tbb::blocked_range<std::int64_t> all(0, gates(), gates_at_once);
  tbb::parallel_for(all, [&](const tbb::blocked_range<std::int64_t>& some) {
    for (std::int64_t model = 0; model < response.rows(); ++model) {
      for (std::int64_t g = some.begin(); g < some.end(); ++g) {
        const double value = response(model, g);
        if (counts(status[model], value)) gate(g).add(value);
      }
    }
  });
}

void ResponseDigest::add(const ResponseDigest& other) {
  add_models(other.models(), other.failed());
  tbb::parallel_for(std::int64_t{0}, gates(), [&](std::int64_t g) { gate(g).add(other.gate(g)); });
}

void ResponseDigest::add_models(std::int64_t models, std::int64_t failed) {
  models_ += models;
  failed_ += failed;
}

}  // namespace stratem::core
