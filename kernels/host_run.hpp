// Runs the kernels on the host, block by block, for tests on a machine without a GPU.
#pragma once

#include <cstdint>

#include "core/earth/declared_range.hpp"
#include "kernels/batch_pointers.hpp"
#include "kernels/forward.hpp"
#include "kernels/packed_plan.hpp"
#include "kernels/response_counts.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::kernels {

/// The order in which the threads of a block run a stage. A device guarantees no order.
enum class ThreadOrder : std::uint8_t { forwards, backwards, interleaved };

struct HostShape {
  int threads = 0;  ///< of a block; 0: as many as the plan wants
  std::int64_t blocks = 1;
  ThreadOrder order = ThreadOrder::forwards;
};

/// Does the work of one block of a launch of forward_kernel<polarizable, by_admittance, T>, with
/// the launch's arguments. `memory` is the block's shared memory, aligned to 16 bytes. Pointers are
/// the host's; shape.threads is not 0.
template <class T>
void run_block_on_host(const ForwardArguments<T>& arguments, const ConstantBank& bank,
                       Complex<T>* scratch, bool polarizable, void* memory, std::int64_t block,
                       const HostShape& shape);

/// The same for a plan, one precision after another, in memory that the function allocates.
void run_block_on_host(const PackedPlan& plan, const BatchPointers& batch,
                       const ResponsePointers& responses, std::int64_t block,
                       const HostShape& shape);

/// Computes a batch like launch_forward, one block after another.
void run_on_host(const PackedPlan& plan, const ModelBatch& models, const ResponseView& responses,
                 const HostShape& shape = {});

/// Does the work of launch_range_check. Pointers are the host's; shape.threads is not 0.
void check_range_on_host(const BatchPointers& batch, const ResponsePointers& responses,
                         std::int64_t gates, const core::DeclaredRange& range,
                         const HostShape& shape);
/// The same for one batch in views.
void check_range_on_host(const ModelBatch& models, Responses& responses,
                         const core::DeclaredRange& range, const HostShape& shape);

/// Does the work of launch_layer_count. Pointers are the host's; shape.threads is not 0.
void count_layers_on_host(const BatchPointers& batch, std::int32_t* layer_count,
                          const HostShape& shape);

/// Do the work of launch_summaries and launch_counts, with the given number of threads in a block.
/// There is one block for each gate, or shape.blocks blocks. Pointers are the host's.
void summarize_on_host(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                       GateSummary* to, int threads);
void count_on_host(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   const CountTable& table, const HostShape& shape);

}  // namespace stratem::kernels
