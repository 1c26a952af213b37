// The responses that the workers of one device have counted.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "core/backend/worker.hpp"
#include "core/statistics/response_histograms.hpp"
#include "cuda/memory.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {

/// Counters in the device's memory, filled by its workers' kernels. Summaries of the counted
/// responses, and batches that cannot be counted there, are kept on the host.
class DeviceCounters final : public core::Counters {
 public:
  /// Allocates no memory before start(). Throws kernels::CudaError.
  DeviceCounters(int ordinal, std::int64_t gates);

  /// Allocates memory for the counters if there are none yet and a quarter of the device's free
  /// memory suffices. The memory is kept.
  void start() override;
  void collect(core::ResponseHistograms& to) override;

  /// The counters; none if there is no memory for them. They hold 2^32 - 1 models at most;
  /// stratem::Plan collects long before that.
  std::optional<kernels::CountTable> table() const { return table_; }

  // Workers call these whenever they have finished a batch, any number of workers at once.

  /// Adds a batch whose responses have been counted in the table, by its summaries [gates].
  void add(std::span<const kernels::GateSummary> summaries, const VectorView<const Status>& status);
  /// Adds a batch whose responses are on the host.
  void add(const MatrixView<const double>& response, const VectorView<const Status>& status);

 private:
  bool take_memory();
  std::span<const std::uint8_t> fetch_used();
  const std::uint32_t* fetch(std::span<const std::int64_t> pages);

  int ordinal_;
  std::int64_t gates_;
  DeviceBuffer counters_;
  PinnedBuffer host_used_, host_counters_;
  StreamOwner stream_;  // is destroyed before the buffers
  std::optional<kernels::CountTable> table_;
  std::mutex mutex_;  // guards the member that follows
  core::ResponseHistograms beside_;
};

}  // namespace stratem::cuda
