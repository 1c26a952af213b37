#include "kernels/host_run.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "core/earth/model_arrays.hpp"
#include "kernels/layer_count.hpp"
#include "kernels/range_check.hpp"

namespace stratem::kernels {
namespace {

/// A block whose threads run one after another.
class HostBlock {
 public:
  HostBlock(std::int64_t index, std::int64_t count, int threads, ThreadOrder order)
      : index_(index), count_(count), threads_(threads), order_(order) {}

  template <class Body>
  void for_each_thread(Body body) const {
    for (int turn = 0; turn < threads_; ++turn) body(thread_at(turn));
  }
  int threads() const { return threads_; }
  std::int64_t index() const { return index_; }
  std::int64_t count() const { return count_; }
  static void lower(std::int32_t& shared, std::int32_t value) { shared = std::min(shared, value); }
  static void raise(std::int32_t& shared, std::int32_t value) { shared = std::max(shared, value); }
  static std::int32_t ticket(std::int32_t& shared) { return shared++; }
  static void increment(std::uint32_t& counter) { ++counter; }

 private:
  int thread_at(int turn) const {
    if (order_ == ThreadOrder::forwards) return turn;
    if (order_ == ThreadOrder::backwards) return threads_ - 1 - turn;
    const int half = (threads_ + 1) / 2;
    return turn < half ? 2 * turn : 2 * (turn - half) + 1;
  }

  std::int64_t index_, count_;
  int threads_;
  ThreadOrder order_;
};

/// A batch copied into dense arrays.
struct DenseBatch {
  ModelSet arrays;
  BatchPointers pointers;

  explicit DenseBatch(const ModelBatch& models) {
    pointers.models = models.models;
    pointers.layers = models.layers;
    core::for_each_model_array([&](const auto& array) {
      auto& values = arrays.*array.values;
      copy(models.*array.view, values);
      pointers.*array.pointer = values.empty() ? nullptr : values.data();
    });
  }

 private:
  static void copy(const MatrixView<const double>& from, std::vector<double>& to) {
    for (std::int64_t row = 0; row < (from.empty() ? 0 : from.rows()); ++row) {
      for (std::int64_t column = 0; column < from.columns(); ++column) {
        to.push_back(from(row, column));
      }
    }
  }
  template <class T>
  static void copy(const VectorView<const T>& from, std::vector<T>& to) {
    for (std::int64_t i = 0; i < (from.empty() ? 0 : from.size()); ++i) to.push_back(from[i]);
  }
};

template <class T>
void run_forward(const HostBlock& block, const ForwardArguments<T>& arguments,
                 const ConstantBank& bank, bool polarizable, void* memory, Complex<T>* constants) {
  if (polarizable) {
    forward<true, true>(block, arguments, bank, memory, constants);
  } else if (!reads_contrasts<T> || arguments.plan.by_admittance) {
    forward<false, true>(block, arguments, bank, memory, constants);
  } else {
    forward<false, false>(block, arguments, bank, memory, constants);
  }
}

template <class T>
void run_windows(const PackedPlan& plan, const PackedWindows<T>& windows,
                 const BatchPointers& batch, const ResponsePointers& responses, std::int64_t index,
                 const HostShape& shape) {
  if (windows.empty()) return;
  const bool polarizable = batch.chargeability != nullptr;
  const ConstantBank bank = constant_bank(windows);
  const ForwardArguments<T> arguments{batch, responses, host_arrays(plan, windows)};
  const HostBlock block(index, shape.blocks, shape.threads > 0 ? shape.threads : windows.threads,
                        shape.order);
  // A block must not rely on the initial contents of its memory.
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  std::vector<Complex<double>> memory(
      shared_bytes(windows, batch.layers) / sizeof(Complex<double>) + 1, {nothing, nothing});
  std::vector<Complex<T>> constants(scratch_bytes(windows, batch.layers, 1, polarizable) /
                                    sizeof(Complex<T>));
  run_forward(block, arguments, bank, polarizable, memory.data(), constants.data());
}

}  // namespace

template <class T>
void run_block_on_host(const ForwardArguments<T>& arguments, const ConstantBank& bank,
                       Complex<T>* scratch, bool polarizable, void* memory, std::int64_t block,
                       const HostShape& shape) {
  const HostBlock own(block, shape.blocks, shape.threads, shape.order);
  run_forward(own, arguments, bank, polarizable, memory,
              polarizable ? own_constants(own, arguments, scratch) : nullptr);
}
template void run_block_on_host(const ForwardArguments<double>&, const ConstantBank&,
                                Complex<double>*, bool, void*, std::int64_t, const HostShape&);
template void run_block_on_host(const ForwardArguments<float>&, const ConstantBank&,
                                Complex<float>*, bool, void*, std::int64_t, const HostShape&);

void run_block_on_host(const PackedPlan& plan, const BatchPointers& batch,
                       const ResponsePointers& responses, std::int64_t block,
                       const HostShape& shape) {
  run_windows(plan, plan.in_double, batch, responses, block, shape);
  run_windows(plan, plan.in_single, batch, responses, block, shape);
  run_windows(plan, plan.again, batch, responses, block, shape);
}

void run_on_host(const PackedPlan& plan, const ModelBatch& models, const ResponseView& responses,
                 const HostShape& shape) {
  const DenseBatch dense(models);
  Responses computed(models.models, plan.gates);
  const ResponsePointers to{computed.response.data(), computed.status.data()};
  for (std::int64_t block = 0; block < shape.blocks; ++block) {
    run_block_on_host(plan, dense.pointers, to, block, shape);
  }
  for (std::int64_t model = 0; model < models.models; ++model) {
    responses.status[model] = computed.status[static_cast<std::size_t>(model)];
    for (std::int64_t gate = 0; gate < computed.gates; ++gate) {
      responses.response(model, gate) = computed(model, gate);
    }
  }
}

void check_range_on_host(const BatchPointers& batch, const ResponsePointers& responses,
                         std::int64_t gates, const core::DeclaredRange& range,
                         const HostShape& shape) {
  for (std::int64_t index = 0; index < shape.blocks; ++index) {
    check_range(HostBlock(index, shape.blocks, shape.threads, shape.order), batch, responses, gates,
                range);
  }
}

void check_range_on_host(const ModelBatch& models, Responses& responses,
                         const core::DeclaredRange& range, const HostShape& shape) {
  check_range_on_host(DenseBatch(models).pointers,
                      {responses.response.data(), responses.status.data()}, responses.gates, range,
                      shape);
}

void count_layers_on_host(const BatchPointers& batch, std::int32_t* layer_count,
                          const HostShape& shape) {
  for (std::int64_t index = 0; index < shape.blocks; ++index) {
    count_layers(HostBlock(index, shape.blocks, shape.threads, shape.order), batch, layer_count);
  }
}

void summarize_on_host(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                       GateSummary* to, int threads) {
  for (std::int64_t gate = 0; gate < gates; ++gate) {
    to[gate] = {};
    for (int thread = 0; thread < threads; ++thread) {
      to[gate].add(summarize(responses, models, gates, gate, thread, threads));
    }
  }
}

void count_on_host(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   const CountTable& table, const HostShape& shape) {
  for (std::int64_t index = 0; index < shape.blocks; ++index) {
    count(HostBlock(index, shape.blocks, shape.threads, shape.order), responses, models, gates,
          table);
  }
}

}  // namespace stratem::kernels
