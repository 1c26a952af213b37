#include "cpu/cpu_evaluator.hpp"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "core/earth/layered_model.hpp"

namespace stratem::cpu {
namespace {

// A chunk has so many models that, after sorting, those in one vector have nearly the same number
// of layers.
constexpr std::int64_t largest_chunk = 256;
// The wavenumber at which models that leave out many wavenumbers are sorted from the others.
constexpr double typical_wavenumber = 0.05;  // 1/m
// Each thread has so many chunks that no thread waits long for the last one.
constexpr std::int64_t chunks_per_thread = 4;

/// Roughly proportional to core::DecayBound: the minimum over only two of the layers.
double slowness_of(const core::LayeredModel& model) {
  const double basement = 1.0 / model.resistivity.back();
  double best = basement;
  double sheet = 0.0;
  for (std::size_t i = 0; i < model.thickness.size(); ++i) {
    const double conductivity = 1.0 / model.resistivity[i];
    best = std::max(best, conductivity);
    if (conductivity > basement) sheet += conductivity * model.thickness[i];
  }
  return std::min(best, basement + 0.5 * typical_wavenumber * sheet);
}

bool is_polarizable(const EarthColumn& column) { return !column.model.chargeability.empty(); }

/// Models next to each other in this order take about the same path through the kernel.
bool less_work(const EarthColumn* a, const EarthColumn* b) {
  const auto key = [](const EarthColumn* column) {
    return std::tuple(is_polarizable(*column), column->model.resistivity.size(), column->slowness);
  };
  return key(a) < key(b);
}

}  // namespace

/// The working memory of one thread.
struct CpuEvaluator::Scratch {
  std::vector<EarthColumn> columns;
  std::vector<const EarthColumn*> order;
  std::vector<const EarthColumn*> cancelled;  // too far for single precision
  ModelGroup group;
  Workspace workspace;
};

CpuEvaluator::Part CpuEvaluator::make_part(const core::PlanTable& table, Precision precision) {
  Part part{precision, table, {}};
  std::erase_if(part.table.windows, [&](const core::PlanWindow& window) {
    return window.single_precision != (precision == Precision::float32);
  });
  for (const auto& window : part.table.windows) {
    for (const auto& row : window.rows) part.gates.push_back(row.gate);
  }
  std::ranges::sort(part.gates);
  part.gates.erase(std::unique(part.gates.begin(), part.gates.end()), part.gates.end());
  return part;
}

CpuEvaluator::CpuEvaluator(const core::PlanTable& table, const System& system,
                           const ExecutionOptions& options)
    : options_(options), heights_(system) {
  // The order matters: how far sums cancel is measured against the complete response.
  for (const Precision precision : {Precision::float64, Precision::float32}) {
    Part part = make_part(table, precision);
    if (part.gates.empty()) continue;
    if (precision == Precision::float32) {
      all_in_double_ = make_part(table.in_double(), Precision::float64);
    }
    parts_.push_back(std::move(part));
  }
}

void CpuEvaluator::forward(const ModelBatch& models, const ResponseView& responses) const {
  const std::int64_t chunk = chunk_size(models.models);
  if (models.models <= chunk) {
    Scratch scratch;
    forward_chunk(models, responses, 0, models.models, scratch);
    return;
  }
  tbb::enumerable_thread_specific<Scratch> scratch;
  tbb::task_arena arena(options_.threads > 0 ? options_.threads : tbb::task_arena::automatic);
  arena.execute([&] {
    const std::int64_t chunks = (models.models + chunk - 1) / chunk;
    tbb::parallel_for(std::int64_t{0}, chunks, [&](std::int64_t i) {
      forward_chunk(models, responses, i * chunk, std::min((i + 1) * chunk, models.models),
                    scratch.local());
    });
  });
}

std::int64_t CpuEvaluator::chunk_size(std::int64_t models) const {
  if (options_.batch > 0) return options_.batch;
  const auto vector = static_cast<std::int64_t>(lanes(Precision::float32));
  const std::int64_t threads =
      options_.threads > 0 ? options_.threads : tbb::this_task_arena::max_concurrency();
  const std::int64_t vectors = models / (chunks_per_thread * threads * vector);
  return std::clamp(vectors * vector, vector, largest_chunk);
}

Status CpuEvaluator::gather_column(const ModelBatch& models, std::int64_t index,
                                   EarthColumn& column) const {
  column.index = index;
  Status status = core::gather(models, index, column.model);
  if (status == Status::ok) {
    status = heights_.change_of(models, index, column.height_change);
  }
  if (status != Status::ok) return status;
  merge_equal_layers(column.model);
  column.slowness = slowness_of(column.model);
  return Status::ok;
}

void CpuEvaluator::forward_chunk(const ModelBatch& models, const ResponseView& responses,
                                 std::int64_t first, std::int64_t last, Scratch& scratch) const {
  scratch.columns.resize(static_cast<std::size_t>(last - first));
  scratch.order.clear();
  for (std::int64_t index = first; index < last; ++index) {
    EarthColumn& column = scratch.columns[static_cast<std::size_t>(index - first)];
    const Status status = gather_column(models, index, column);
    if (status == Status::ok) {
      scratch.order.push_back(&column);
    } else {
      core::mark_failed(responses, index, status);
    }
  }
  std::stable_sort(scratch.order.begin(), scratch.order.end(), less_work);

  scratch.cancelled.clear();
  open(scratch.order, responses);
  for (const Part& part : parts_) add(part, scratch.order, responses, scratch);
  open(scratch.cancelled, responses);
  add(all_in_double_, scratch.cancelled, responses, scratch);
}

/// Sets the responses of these models to 0 and their status to ok.
void CpuEvaluator::open(Columns columns, const ResponseView& responses) {
  for (const auto* column : columns) {
    responses.status[column->index] = Status::ok;
    for (std::int64_t gate = 0; gate < responses.response.columns(); ++gate) {
      responses.response(column->index, gate) = 0.0;
    }
  }
}

void CpuEvaluator::add(const Part& part, Columns columns, const ResponseView& responses,
                       Scratch& scratch) {
  // Polarizable models are in separate groups, because they need another recursion.
  while (!columns.empty()) {
    const Columns full = columns.first(std::min(columns.size(), lanes(part.precision)));
    const auto end = std::ranges::find_if(full, [&full](const EarthColumn* column) {
      return is_polarizable(*column) != is_polarizable(*full.front());
    });
    const Columns group = full.first(static_cast<std::size_t>(end - full.begin()));
    add_group(part, group, responses, scratch);
    columns = columns.subspan(group.size());
  }
}

void CpuEvaluator::add_group(const Part& part, Columns columns, const ResponseView& responses,
                             Scratch& scratch) {
  const std::size_t stride = lanes(part.precision);
  const bool in_single = part.precision == Precision::float32;
  scratch.group.pack(columns, stride);
  evaluate(part.table, scratch.group, part.precision, scratch.workspace);
  for (std::size_t lane = 0; lane < columns.size(); ++lane) {
    const std::int64_t index = columns[lane]->index;
    if (responses.status[index] != Status::ok) continue;  // the other precision's part failed
    for (const std::int64_t gate : part.gates) {
      const std::size_t at = static_cast<std::size_t>(gate) * stride + lane;
      const double sum = responses.response(index, gate) + scratch.workspace.response[at];
      if (in_single) {
        const double most = part.table.largest_cancellation * std::abs(sum);
        if (!std::isfinite(sum) || scratch.workspace.moduli[at] > most) {
          scratch.cancelled.push_back(columns[lane]);
          break;
        }
      } else if (!std::isfinite(sum)) {
        core::mark_failed(responses, index, Status::failed);
        break;
      }
      responses.response(index, gate) = sum;
    }
  }
}

}  // namespace stratem::cpu
