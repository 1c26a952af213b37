#include "cuda/host_runtime/kernels.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <numeric>
#include <random>
#include <string_view>

#include "kernels/host_run.hpp"
#include "kernels/packed_plan.hpp"
#include "kernels/shared_memory.hpp"

namespace stratem::emulated {
namespace {

using kernels::BatchPointers;
using kernels::HostShape;
using kernels::ResponsePointers;
using kernels::ThreadOrder;

template <class T>
const T& argument(void** arguments, int which) {
  return *static_cast<const T*>(arguments[which]);
}

template <class T>
Use use(const T* data, std::int64_t elements, const char* what) {
  return {data, static_cast<std::size_t>(elements) * sizeof(T), what};
}

void add_batch(const BatchPointers& batch, std::vector<Use>& to) {
  const std::int64_t all = batch.models * batch.layers;
  const auto add = [&](const auto* data, std::int64_t elements, const char* what) {
    if (data != nullptr) to.push_back(use(data, elements, what));
  };
  add(batch.resistivity, all, "resistivity");
  add(batch.thickness, all - batch.models, "thickness");
  add(batch.depth, all, "depth");
  add(batch.chargeability, all, "chargeability");
  add(batch.time_constant, all, "time constant");
  add(batch.exponent, all, "exponent");
  add(batch.height, batch.models, "height");
  add(batch.layer_count, batch.models, "layer count");
}

void add_responses(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   std::vector<Use>& to) {
  to.push_back(use(responses.response, models * gates, "responses"));
  to.push_back(use(responses.status, models, "status"));
}

/// Only the first element of arrays whose length does not follow from the arguments.
template <class T>
void add_plan(const kernels::PlanArrays<T>& plan, std::vector<Use>& to) {
  to.push_back(use(plan.node, plan.nodes, "nodes"));
  to.push_back(use(plan.wavenumber, 1, "wavenumbers"));
  to.push_back(use(plan.twice_wavenumber, 1, "twice the wavenumbers"));
  to.push_back(use(plan.reach, 1, "reach"));
  to.push_back(use(plan.weight, 1, "weights"));
  to.push_back(use(plan.shortest_decay, 1, "shortest decays"));
  to.push_back(use(plan.piece, 1, "pieces"));
  to.push_back(use(plan.pass, plan.passes, "passes"));
  to.push_back(use(plan.first_row, std::int64_t{plan.passes} * (plan.gates + 1), "first rows"));
  to.push_back(use(plan.row, 1, "rows"));
  to.push_back(use(plan.row_weight, 1, "weights of rows"));
}

/// The shared memory of a block. It has no byte more than the launch asked for, so that
/// AddressSanitizer detects overruns. Its initial numbers have no meaning.
class BlockMemory {
 public:
  explicit BlockMemory(std::size_t bytes)
      : bytes_(bytes), data_(static_cast<std::byte*>(::operator new(bytes, alignment))) {}
  ~BlockMemory() { ::operator delete(data_, alignment); }
  BlockMemory(const BlockMemory&) = delete;
  BlockMemory& operator=(const BlockMemory&) = delete;

  void* fresh() {
    std::fill_n(data_, bytes_, std::byte{0xff});
    return data_;
  }

 private:
  static constexpr std::align_val_t alignment{16};
  std::size_t bytes_;
  std::byte* data_;
};

/// Calls body(block, shape) for all blocks of a grid; neither they nor their threads have an order
/// on a device.
template <class Body>
void for_each_block(const Grid& grid, std::uint64_t number, const Body& body) {
  constexpr std::array orders{ThreadOrder::forwards, ThreadOrder::backwards,
                              ThreadOrder::interleaved};
  std::mt19937_64 random(number);
  std::vector<std::int64_t> blocks(static_cast<std::size_t>(grid.blocks));
  std::iota(blocks.begin(), blocks.end(), std::int64_t{0});
  std::ranges::shuffle(blocks, random);
  for (const std::int64_t block : blocks) {
    body(block, HostShape{grid.threads, grid.blocks, orders[random() % orders.size()]});
  }
}

template <bool polarizable, bool by_admittance, class T>
Launch prepare_forward(void** arguments, const Grid& grid) {
  struct Copied {
    kernels::ForwardArguments<T> forward;
    kernels::ConstantBank bank;
    kernels::Complex<T>* scratch;
  };
  const auto copied = std::make_shared<const Copied>(Copied{
      argument<kernels::ForwardArguments<T>>(arguments, 0),
      argument<kernels::ConstantBank>(arguments, 1), argument<kernels::Complex<T>*>(arguments, 2)});
  const BatchPointers& batch = copied->forward.batch;
  const kernels::PlanArrays<T>& plan = copied->forward.plan;
  Launch launch;
  add_batch(batch, launch.uses);
  add_responses(copied->forward.responses, batch.models, plan.gates, launch.uses);
  add_plan(plan, launch.uses);
  if (polarizable) {
    launch.uses.push_back(use(copied->scratch, grid.blocks * batch.layers * plan.nodes, "scratch"));
  }
  if (polarizable != (batch.chargeability != nullptr)) {
    launch.fault = "models with and without polarizable layers have kernels of their own";
  }
  if (sizeof(T) == sizeof(double) && !polarizable && by_admittance != plan.by_admittance) {
    launch.fault = "the other recursion's kernel";
  }
  if (kernels::shared_bytes<T>(plan.most, batch.layers) > grid.shared_bytes) {
    launch.fault = "less shared memory than the blocks use";
  }
  launch.run = [copied, grid](std::uint64_t number) {
    BlockMemory memory(grid.shared_bytes);
    for_each_block(grid, number, [&](std::int64_t block, const HostShape& shape) {
      kernels::run_block_on_host(copied->forward, copied->bank, copied->scratch, polarizable,
                                 memory.fresh(), block, shape);
    });
  };
  return launch;
}

// The kernels that loop over elements have this number of threads.
constexpr int loop_threads = 256;

Launch prepare_summary(void** arguments, const Grid& grid) {
  const auto responses = argument<ResponsePointers>(arguments, 0);
  const auto models = argument<std::int64_t>(arguments, 1);
  const auto gates = argument<std::int64_t>(arguments, 2);
  auto* const to = argument<kernels::GateSummary*>(arguments, 3);
  Launch launch;
  add_responses(responses, models, gates, launch.uses);
  launch.uses.push_back(use(to, gates, "summaries"));
  if (grid.blocks != gates || grid.threads != loop_threads) {
    launch.fault = "a grid that is not a block of 256 threads for each gate";
  }
  launch.run = [=](std::uint64_t) {
    kernels::summarize_on_host(responses, models, gates, to, grid.threads);
  };
  return launch;
}

Launch prepare_count(void** arguments, const Grid& grid) {
  const auto responses = argument<ResponsePointers>(arguments, 0);
  const auto models = argument<std::int64_t>(arguments, 1);
  const auto gates = argument<std::int64_t>(arguments, 2);
  const auto table = argument<kernels::CountTable>(arguments, 3);
  Launch launch;
  add_responses(responses, models, gates, launch.uses);
  launch.uses.push_back({table.count, kernels::count_bytes(gates), "counters"});
  launch.uses.push_back({table.used, kernels::used_bytes(gates), "pages in use"});
  launch.counts_in_shared_memory = true;
  launch.run = [=](std::uint64_t) {
    kernels::count_on_host(responses, models, gates, table, {grid.threads, grid.blocks});
  };
  return launch;
}

Launch prepare_layer_count(void** arguments, const Grid& grid) {
  const auto batch = argument<BatchPointers>(arguments, 0);
  auto* const layer_count = argument<std::int32_t*>(arguments, 1);
  Launch launch;
  add_batch(batch, launch.uses);
  launch.uses.push_back(use(layer_count, batch.models, "layer counts"));
  launch.run = [=](std::uint64_t) {
    kernels::count_layers_on_host(batch, layer_count, {grid.threads, grid.blocks});
  };
  return launch;
}

Launch prepare_range(void** arguments, const Grid& grid) {
  const auto batch = argument<BatchPointers>(arguments, 0);
  const auto responses = argument<ResponsePointers>(arguments, 1);
  const auto gates = argument<std::int64_t>(arguments, 2);
  const auto range = argument<core::DeclaredRange>(arguments, 3);
  Launch launch;
  add_batch(batch, launch.uses);
  add_responses(responses, batch.models, gates, launch.uses);
  launch.run = [=](std::uint64_t) {
    kernels::check_range_on_host(batch, responses, gates, range, {grid.threads, grid.blocks});
  };
  return launch;
}

// The number of registers that the bound of forward.cu leaves.
constexpr int forward_registers = 80;
constexpr std::array all_kernels{
    Kernel{"forward_kernel<true, true, double>", kernels::most_threads, forward_registers,
           &prepare_forward<true, true, double>},
    Kernel{"forward_kernel<false, true, double>", kernels::most_threads, forward_registers,
           &prepare_forward<false, true, double>},
    Kernel{"forward_kernel<false, false, double>", kernels::most_threads, forward_registers,
           &prepare_forward<false, false, double>},
    Kernel{"forward_kernel<true, true, float>", kernels::most_threads, forward_registers,
           &prepare_forward<true, true, float>},
    Kernel{"forward_kernel<false, true, float>", kernels::most_threads, forward_registers,
           &prepare_forward<false, true, float>},
    Kernel{"layer_count_kernel", loop_threads, 24, &prepare_layer_count},
    Kernel{"range_kernel", loop_threads, 40, &prepare_range},
    Kernel{"summary_kernel", loop_threads, 64, &prepare_summary},
    Kernel{"count_kernel", loop_threads, 32, &prepare_count},
};

}  // namespace

const Kernel* find_kernel(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> plain(
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free);
  if (status != 0) return nullptr;
  const std::string_view name(plain.get());
  const auto* const found = std::ranges::find_if(all_kernels, [&](const Kernel& kernel) {
    return name.find("::" + std::string(kernel.name) + "(") != std::string_view::npos;
  });
  return found == all_kernels.end() ? nullptr : found;
}

}  // namespace stratem::emulated
