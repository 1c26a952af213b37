#include "io/responses/block_checksums.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <span>

#include "base/checksum.hpp"

namespace stratem::io {

std::vector<BlockChecksum> BlockChecksums::add(const Responses& responses) {
  if (responses.models == 0) return {};
  const std::int64_t before = models_ % checksum_block;
  std::vector<BlockChecksum> sums(
      static_cast<std::size_t>(checksum_blocks(before + responses.models)));
  sums.front() = unfinished_;
  tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t i) {
    const std::int64_t start = static_cast<std::int64_t>(i) * checksum_block - before;
    const auto first = static_cast<std::size_t>(std::max<std::int64_t>(start, 0));
    const auto last = static_cast<std::size_t>(std::min(start + checksum_block, responses.models));
    const auto gates = static_cast<std::size_t>(responses.gates);
    const std::span<const double> values(responses.response);
    const std::span<const Status> statuses(responses.status);
    sums[i].responses =
        base::checksum(values.subspan(first * gates, (last - first) * gates), sums[i].responses);
    sums[i].statuses = base::checksum(statuses.subspan(first, last - first), sums[i].statuses);
  });
  models_ += responses.models;
  unfinished_ = BlockChecksum();
  if (models_ % checksum_block != 0) {
    unfinished_ = sums.back();
    sums.pop_back();
  }
  return sums;
}

}  // namespace stratem::io
