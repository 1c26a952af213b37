#include "cuda/device_counters.hpp"

#include <cuda_runtime_api.h>

#include <cstddef>

#include "cuda/counted_pages.hpp"
#include "cuda/device_scope.hpp"

namespace stratem::cuda {
namespace {

// The workers and other programs need the rest of the memory.
constexpr std::size_t part_of_free_memory = 4;
constexpr std::size_t page_bytes = core::bins_per_page * sizeof(std::uint32_t);

}  // namespace

DeviceCounters::DeviceCounters(int ordinal, std::int64_t gates)
    : ordinal_(ordinal), gates_(gates), beside_(gates) {}

bool DeviceCounters::take_memory() {
  const std::size_t bytes = kernels::count_bytes(gates_) + kernels::used_bytes(gates_);
  std::size_t free = 0;
  std::size_t total = 0;
  kernels::check_cuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo()");
  if (bytes > free / part_of_free_memory) return false;
  try {
    std::byte* const memory = counters_.reserve(bytes);
    table_ =
        kernels::CountTable{reinterpret_cast<std::uint32_t*>(memory),
                            reinterpret_cast<std::uint8_t*>(memory + kernels::count_bytes(gates_))};
    return true;
  } catch (const kernels::CudaError& error) {
    if (error.fault() != kernels::CudaFault::out_of_memory) throw;
    return false;
  }
}

void DeviceCounters::start() {
  const DeviceScope scope(ordinal_);
  beside_ = core::ResponseHistograms(gates_);
  if (!table_ && !take_memory()) return;
  stream_.clear(table_->count, kernels::count_bytes(gates_));
  stream_.clear(table_->used, kernels::used_bytes(gates_));
  stream_.wait();
}

void DeviceCounters::collect(core::ResponseHistograms& to) {
  const DeviceScope scope(ordinal_);
  std::vector<std::int64_t> pages;
  if (table_) pages = used_pages(fetch_used());
  const std::uint32_t* const counts = fetch(pages);
  // From here on the device cannot fail.
  to.add(beside_);
  add_pages(pages, counts, to);
}

std::span<const std::uint8_t> DeviceCounters::fetch_used() {
  const std::size_t bytes = kernels::used_bytes(gates_);
  std::byte* const host = host_used_.reserve(bytes);
  stream_.to_host(host, table_->used, bytes);
  stream_.wait();
  return {reinterpret_cast<const std::uint8_t*>(host), bytes};
}

/// Neighbouring pages are copied together.
const std::uint32_t* DeviceCounters::fetch(std::span<const std::int64_t> pages) {
  std::byte* const host = host_counters_.reserve(pages.size() * page_bytes);
  for (std::size_t begin = 0, end = 0; begin < pages.size(); begin = end) {
    const std::int64_t first = pages[begin];
    do {
      ++end;
    } while (end < pages.size() && pages[end] == pages[end - 1] + 1);
    stream_.to_host(host + begin * page_bytes, table_->count + first * core::bins_per_page,
                    (end - begin) * page_bytes);
  }
  stream_.wait();
  return reinterpret_cast<const std::uint32_t*>(host);
}

void DeviceCounters::add(std::span<const kernels::GateSummary> summaries,
                         const VectorView<const Status>& status) {
  const std::lock_guard lock(mutex_);
  beside_.add_models(status.size(), core::count_failed(status));
  for (std::int64_t gate = 0; gate < gates_; ++gate) {
    beside_.gate(gate).add_summary(summaries[static_cast<std::size_t>(gate)].values);
  }
}

void DeviceCounters::add(const MatrixView<const double>& response,
                         const VectorView<const Status>& status) {
  const std::lock_guard lock(mutex_);
  beside_.add(response, status);
}

}  // namespace stratem::cuda
