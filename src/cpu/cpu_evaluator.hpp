// The cpu backend: SIMD over models, threads over chunks of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/model_outcome.hpp"
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
  /// Copies the table, whose windows say in which precision they are computed. Of the system it
  /// needs the heights that the table was made for, of the options threads and batch.
  CpuEvaluator(const core::PlanTable& table, const System& system, const Options& options);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  std::string device() const override { return "CPU, " + instruction_set(); }

 private:
  struct Scratch;
  /// The windows of one precision.
  struct Part {
    Precision precision = Precision::in_double;
    core::PlanTable table;
    std::vector<std::int64_t> gates;  // those that the part gives
  };

  std::int64_t chunk_size(std::int64_t models) const;
  void forward_chunk(const ModelBatch& models, const ResponseView& responses, std::int64_t first,
                     std::int64_t last, Scratch& scratch) const;
  Status gather_column(const ModelBatch& models, std::int64_t index, EarthColumn& column) const;
  void forward_group(const Part& part, std::span<const EarthColumn* const> columns,
                     const ResponseView& responses, Scratch& scratch) const;

  std::vector<Part> parts_;
  Options options_;
  core::SystemHeights heights_;
};

}  // namespace stratem::cpu
