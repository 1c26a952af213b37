#include "kernels/device_plan.cuh"

namespace stratem::kernels {
namespace {

/// Copies `from` into the device's memory.
template <class T>
const T* copied(const std::vector<T>& from, std::vector<DeviceMemory>& memory) {
  memory.emplace_back(from.size() * sizeof(T));
  void* const to = memory.back().data();
  if (!from.empty()) {
    STRATEM_CUDA_CHECK(cudaMemcpy(to, from.data(), memory.back().bytes(), cudaMemcpyHostToDevice));
  }
  return static_cast<const T*>(to);
}

template <class T>
DeviceWindows<T> uploaded(const PackedPlan& plan, const PackedWindows<T>& from,
                          std::vector<DeviceMemory>& memory) {
  DeviceWindows<T> to;
  if (from.empty()) return to;
  to.threads = from.threads;
  to.bank = constant_bank(from);
  to.arrays = host_arrays(plan, from);
  to.arrays.node = copied(from.node, memory);
  to.arrays.wavenumber = copied(from.wavenumber, memory);
  to.arrays.twice_wavenumber = copied(from.twice_wavenumber, memory);
  to.arrays.reach = copied(from.reach, memory);
  to.arrays.weight = copied(from.weight, memory);
  to.arrays.shortest_decay = copied(from.shortest_decay, memory);
  to.arrays.piece = copied(from.piece, memory);
  to.arrays.pass = copied(from.pass, memory);
  to.arrays.first_row = copied(from.first_row, memory);
  to.arrays.row = copied(from.row, memory);
  to.arrays.row_weight = copied(from.row_weight, memory);
  return to;
}

}  // namespace

DevicePlan::DevicePlan(const PackedPlan& plan) : contents_(std::make_unique<Contents>()) {
  STRATEM_CUDA_CHECK(cudaGetDevice(&contents_->device));
  contents_->gates = plan.gates;
  contents_->in_double = uploaded(plan, plan.in_double, contents_->memory);
  contents_->in_single = uploaded(plan, plan.in_single, contents_->memory);
  contents_->again = uploaded(plan, plan.again, contents_->memory);
  // Copies of memory that is not pinned may return before the data is on the device, and
  // non-blocking streams do not wait for them.
  STRATEM_CUDA_CHECK(cudaStreamSynchronize(nullptr));
}

DevicePlan::~DevicePlan() = default;
DevicePlan::DevicePlan(DevicePlan&&) noexcept = default;
DevicePlan& DevicePlan::operator=(DevicePlan&&) noexcept = default;

std::int32_t DevicePlan::gates() const { return contents_->gates; }

std::size_t DevicePlan::bytes() const {
  std::size_t sum = 0;
  for (const DeviceMemory& memory : contents_->memory) sum += memory.bytes();
  return sum;
}

}  // namespace stratem::kernels
