// The cpu backend: SIMD over models, threads over chunks of them.
#pragma once

#include <cstdint>
#include <span>

#include "core/plan_table.hpp"
#include "cpu/kernel.hpp"
#include "dispatch/evaluator.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::cpu {

/// A model's responses depend on nothing but the model, the table and the instruction set: bitwise
/// the same for any number of threads, chunk, batch and order.
class CpuEvaluator final : public dispatch::Evaluator {
 public:
  /// Copies the table. Of the system it needs the heights that the table was made for, of the
  /// options precision, threads and batch.
  CpuEvaluator(core::PlanTable table, const System& system, const Options& options);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;

 private:
  struct Scratch;

  std::int64_t chunk_size(std::int64_t models) const;
  void forward_chunk(const ModelBatch& models, const ResponseView& responses, std::int64_t first,
                     std::int64_t last, Scratch& scratch) const;
  Status gather_column(const ModelBatch& models, std::int64_t index, EarthColumn& column) const;
  void forward_group(std::span<const EarthColumn* const> columns, const ResponseView& responses,
                     Scratch& scratch) const;

  core::PlanTable table_;
  Options options_;
  double height_ = 0.0;  // of the system's first transmitter
  double lowest_ = 0.0;  // of all transmitters and receivers
};

}  // namespace stratem::cpu
