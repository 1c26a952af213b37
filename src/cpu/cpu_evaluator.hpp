// The cpu backend: SIMD over models, threads over chunks of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/backend/evaluator.hpp"
#include "core/earth/model_outcome.hpp"
#include "core/plan/plan_table.hpp"
#include "cpu/kernel.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::cpu {

/// A model's responses depend only on the model, the table and the instruction set. They are
/// bitwise the same for any number of threads, chunk, batch and order.
class CpuEvaluator final : public core::Evaluator {
 public:
  /// Copies the table, whose windows say in which precision they are computed. Models whose sums
  /// cancel too far for single precision are computed again, all in double. Uses only the heights
  /// of the system, which the table was made for, and the options threads and batch.
  CpuEvaluator(const core::PlanTable& table, const System& system, const ExecutionOptions& options);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  std::string device() const override { return "CPU, " + instruction_set(); }

 private:
  struct Scratch;
  using Columns = std::span<const EarthColumn* const>;
  /// The windows of one precision.
  struct Part {
    Precision precision = Precision::float64;
    core::PlanTable table;
    std::vector<std::int64_t> gates;  // the gates that this part contributes to
  };
  static Part make_part(const core::PlanTable& table, Precision precision);

  std::int64_t chunk_size(std::int64_t models) const;
  void forward_chunk(const ModelBatch& models, const ResponseView& responses, std::int64_t first,
                     std::int64_t last, Scratch& scratch) const;
  Status gather_column(const ModelBatch& models, std::int64_t index, EarthColumn& column) const;
  static void open(Columns columns, const ResponseView& responses);
  static void add(const Part& part, Columns columns, const ResponseView& responses,
                  Scratch& scratch);
  static void add_group(const Part& part, Columns columns, const ResponseView& responses,
                        Scratch& scratch);

  std::vector<Part> parts_;
  Part all_in_double_;  // without windows if there is no single precision
  ExecutionOptions options_;
  core::SystemHeights heights_;
};

}  // namespace stratem::cpu
