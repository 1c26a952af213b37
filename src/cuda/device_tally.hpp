// What the lanes of one device have counted.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "core/response_digest.hpp"
#include "cuda/memory.hpp"
#include "dispatch/lane.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {

/// Counters in the device's memory, filled by its lanes' kernels; summaries of what they count, and
/// the batches that they cannot, on the host.
class DeviceTally final : public dispatch::Tally {
 public:
  /// Takes no memory before start(). Throws kernels::CudaError.
  DeviceTally(int ordinal, std::int64_t gates);

  /// Takes memory for the counters if there are none and a quarter of what the device has free
  /// suffices; it is kept.
  void start() override;
  void collect(core::ResponseDigest& to) override;

  /// The counters; none if there is no memory for them. Of 2^32 - 1 models at most: stratem::Plan
  /// collects long before.
  std::optional<kernels::CountTable> table() const { return table_; }

  // Lanes call these whenever they have something; any number at once.

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
  StreamOwner stream_;  // goes before them
  std::optional<kernels::CountTable> table_;
  std::mutex mutex_;  // guards what follows
  core::ResponseDigest beside_;
};

}  // namespace stratem::cuda
