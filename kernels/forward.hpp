// The forward kernel: one model per block, in stages that run alike on a device and on the host.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/batch_pointers.hpp"
#include "kernels/block.hpp"
#include "kernels/complex_math.hpp"
#include "kernels/ground.hpp"
#include "kernels/layer_constants.hpp"
#include "kernels/plan_layout.hpp"
#include "kernels/recursion.hpp"
#include "kernels/shared_memory.hpp"

namespace stratem::kernels {

/// What one launch computes.
template <class T>
struct ForwardArguments {
  BatchPointers batch;
  ResponsePointers responses;
  PlanArrays<T> plan;
};

/// core::DecayBound of the block's model.
template <class T>
STRATEM_DEVICE double decay_bound(const SharedMemory<T>& shared, double wavenumber) {
  double least = INFINITY;
  for (std::int32_t i = 0; i < shared.model->layers; ++i) {
    least = std::fmin(least, std::fma(0.5 * wavenumber, shared.sheet[i], shared.bulk[i]));
  }
  return least;
}

/// Whether a piece's geometry keeps wavenumber m in the block's model: not all modes there decay
/// faster than e^{-t/shortest}. The kept wavenumbers come before all others, and are the same in
/// both precisions.
template <class T>
STRATEM_DEVICE bool keeps(double wavenumber, double shortest, const SharedMemory<T>& shared) {
  return shortest * wavenumber * wavenumber <= decay_bound(shared, wavenumber);
}

/// Stage: computes the factor e^{-lambda change} of each weight, due to the model's height, and how
/// many wavenumbers are kept. A warp's number of threads goes through each piece.
template <class T, class Block>
STRATEM_DEVICE void form_factors(const Block& block, const PlanArrays<T>& plan, const Pass& pass,
                                 const SharedMemory<T>& shared) {
  block.for_each_thread([&](int thread) {
    const double change = shared.model->height_sum_change;
    const int side_by_side = block.threads() < 32 ? block.threads() : 32;
    const int groups = block.threads() / side_by_side;
    if (thread >= groups * side_by_side) return;
    for (std::int32_t p = thread / side_by_side; p < pass.pieces; p += groups) {
      const Piece piece = plan.piece[pass.piece + p];
      const std::int32_t last = piece.wavenumbers - 1;
      for (std::int32_t m = thread % side_by_side; m <= last; m += side_by_side) {
        const double* const wavenumber = plan.wavenumber + piece.wavenumber;
        const double here = read_only(wavenumber + m);
        shared.factor[piece.factor + m] =
            change == 0.0 ? 1.0 : std::exp(std::fmin(-here * change, 700.0));
        // The thread that has the first wavenumber to leave out, or the last one if all are kept,
        // writes the number of kept ones.
        for (std::int32_t g = 0; g < piece.geometries; ++g) {
          const double shortest = read_only(plan.shortest_decay + piece.shortest_decay + g);
          const bool kept = shortest == 0.0 || keeps(here, shortest, shared);
          if (kept && m == last) shared.kept[piece.kept + g] = piece.wavenumbers;
          if (!kept && (m == 0 || keeps(read_only(wavenumber + m - 1), shortest, shared))) {
            shared.kept[piece.kept + g] = m;
          }
        }
      }
    }
  });
}

/// The wavenumbers that some geometry of a piece keeps in the block's model.
template <class T>
STRATEM_DEVICE std::int32_t most_kept(const Piece& piece, const SharedMemory<T>& shared) {
  std::int32_t most = shared.kept[piece.kept];
  for (std::int32_t g = 1; g < piece.geometries; ++g) {
    const std::int32_t kept = shared.kept[piece.kept + g];
    if (kept > most) most = kept;
  }
  return most;
}

/// Goes through the rows [count(piece)][nodes] of all pieces of a pass, one after another, and
/// calls body(p, piece, row, node) for every threads()-th element, a thread's own.
template <class T, class Block, class Count, class Body>
STRATEM_DEVICE void for_own_elements(const Block& block, int thread, const PlanArrays<T>& plan,
                                     const Pass& pass, Count count, Body body) {
  std::int32_t p = pass.piece;
  const std::int32_t end = pass.piece + pass.pieces;
  if (p == end) return;
  Piece piece = plan.piece[p];
  std::int32_t left = count(piece) * piece.nodes;
  std::int32_t element = thread;
  for (;;) {
    while (element >= left) {
      element -= left;
      if (++p == end) return;
      piece = plan.piece[p];
      left = count(piece) * piece.nodes;
    }
    const std::int32_t row = row_of(piece, element);
    body(p, piece, row, element - row * piece.nodes);
    element += block.threads();
  }
}

/// The number of interfaces of the block's model, counted from the top, that a wave comes back
/// from.
template <class T>
STRATEM_DEVICE std::int32_t interfaces_within_reach(const Node& node, T reach,
                                                    const SharedMemory<T>& shared) {
  const T diffusion_reach = static_cast<T>(node.diffusion_reach);
  std::int32_t within = 0;
  std::int32_t end = shared.model->layers - 1;
  while (within < end) {
    const std::int32_t middle = within + (end - within) / 2;
    if (shared.bottom[middle] > reach || shared.diffusion[middle] > diffusion_reach) {
      end = middle;
    } else {
      within = middle + 1;
    }
  }
  return within;
}

/// Computes r_TE of node j and wavenumber m of a piece, and stores it in its place.
template <bool polarizable, bool by_admittance, class T>
STRATEM_DEVICE void evaluate(const PlanArrays<T>& plan, const Piece& piece, std::int32_t m,
                             std::int32_t j, const Complex<T>* constants,
                             const SharedMemory<T>& shared) {
  const Node& node = plan.node[piece.node + j];
  const std::int32_t interfaces =
      interfaces_within_reach(node, read_only(plan.reach + piece.wavenumber + m), shared);
  const T twice_wavenumber = read_only(plan.twice_wavenumber + piece.wavenumber + m);
  Complex<T>& value = shared.value[piece.value + m * piece.nodes + j];
  if constexpr (polarizable) {
    const PolarizableLayers<T> layers(constants, piece.node + j, plan.nodes);
    value = reflection(layers, shared.thickness, interfaces, twice_wavenumber);
  } else {
    const PlainLayers<T, by_admittance> layers(node, shared);
    value = reflection(layers, shared.thickness, interfaces, twice_wavenumber);
  }
}

/// Stages: puts the evaluations of a pass in the order of their interfaces, the most first.
/// Evaluations with equally many interfaces may come in any order, because each has its own place
/// for r_TE.
template <class T, class Block>
STRATEM_DEVICE void sort_evaluations(const Block& block, const PlanArrays<T>& plan,
                                     const Pass& pass, const SharedMemory<T>& shared) {
  const std::int32_t layers = shared.model->layers;
  const auto kept = [&](const Piece& piece) { return most_kept(piece, shared); };
  block.for_each_thread([&](int thread) {
    for (std::int32_t i = thread; i <= layers; i += block.threads()) shared.first[i] = 0;
  });
  // Until r_TE is computed, its place holds the rank.
  const auto rank_of = [&](const Piece& piece, std::int32_t m, std::int32_t j) -> std::int32_t* {
    return reinterpret_cast<std::int32_t*>(shared.value + piece.value + m * piece.nodes + j);
  };
  block.for_each_thread([&](int thread) {
    for_own_elements(block, thread, plan, pass, kept,
                     [&](std::int32_t, const Piece& piece, std::int32_t m, std::int32_t j) {
                       const std::int32_t interfaces = interfaces_within_reach(
                           plan.node[piece.node + j], read_only(plan.reach + piece.wavenumber + m),
                           shared);
                       std::int32_t* const rank = rank_of(piece, m, j);
                       rank[0] = interfaces;
                       rank[1] = block.ticket(shared.first[interfaces]);
                     });
  });
  block.for_each_thread([&](int thread) {
    if (thread != 0) return;
    std::int32_t before = 0;
    for (std::int32_t i = layers - 1; i >= 0; --i) {
      const std::int32_t count = shared.first[i];
      shared.first[i] = before;
      before += count;
    }
    shared.first[layers] = before;
  });
  block.for_each_thread([&](int thread) {
    for_own_elements(block, thread, plan, pass, kept,
                     [&](std::int32_t p, const Piece& piece, std::int32_t m, std::int32_t j) {
                       const std::int32_t* const rank = rank_of(piece, m, j);
                       shared.order[shared.first[rank[0]] + rank[1]] =
                           (p - pass.piece) << 16 | (m * piece.nodes + j);
                     });
  });
}

/// Stages: computes all r_TE of a pass.
template <bool polarizable, bool by_admittance, class T, class Block>
STRATEM_DEVICE void evaluate_all(const Block& block, const PlanArrays<T>& plan, const Pass& pass,
                                 const Complex<T>* constants, const SharedMemory<T>& shared) {
  const std::int32_t layers = shared.model->layers;
  const bool sorted = layers >= fewest_sorted_layers;
  if (sorted) sort_evaluations(block, plan, pass, shared);
  block.for_each_thread([&](int thread) {
    if (sorted) {
      const std::int32_t evaluations = shared.first[layers];
      for (std::int32_t i = thread; i < evaluations; i += block.threads()) {
        const std::int32_t at = shared.order[i];
        const Piece& piece = plan.piece[pass.piece + (at >> 16)];
        const std::int32_t element = at & 0xffff;
        const std::int32_t m = row_of(piece, element);
        evaluate<polarizable, by_admittance>(plan, piece, m, element - m * piece.nodes, constants,
                                             shared);
      }
      return;
    }
    for_own_elements(
        block, thread, plan, pass, [&](const Piece& piece) { return most_kept(piece, shared); },
        [&](std::int32_t, const Piece& piece, std::int32_t m, std::int32_t j) {
          evaluate<polarizable, by_admittance>(plan, piece, m, j, constants, shared);
        });
  });
}

/// Stage: the sums over wavenumbers, in their order and in double. The formula of the plan:
///     F_j = sum_m weight[m] e^{-lambda_m change} r_TE(lambda_m, s_j)
template <class T, class Block>
STRATEM_DEVICE void sum_wavenumbers(const Block& block, const PlanArrays<T>& plan,
                                    const ConstantBank& bank, const Pass& pass,
                                    const SharedMemory<T>& shared) {
  const Weights<T> weights(plan, bank);
  block.for_each_thread([&](int thread) {
    for_own_elements(
        block, thread, plan, pass, [](const Piece& piece) { return piece.geometries; },
        [&](std::int32_t, const Piece& piece, std::int32_t g, std::int32_t j) {
          const std::int32_t kept = shared.kept[piece.kept + g];
          Complex<double> sum{0.0, 0.0};
          [[maybe_unused]] float moduli = 0.0F;
          for (std::int32_t m = 0; m < kept; ++m) {
            const Complex<T> r = shared.value[piece.value + m * piece.nodes + j];
            const double weight = shared.factor[piece.factor + m] *
                                  weights[piece.weight + g * piece.weight_stride + m];
            sum = {sum.re + weight * static_cast<double>(r.re),
                   sum.im + weight * static_cast<double>(r.im)};
            if constexpr (sums_moduli<T>) {
              moduli += std::fabs(static_cast<float>(weight)) * (std::fabs(r.re) + std::fabs(r.im));
            }
          }
          const std::int32_t slot = piece.slot + g * piece.nodes + j;
          shared.transform[slot] = sum;
          if constexpr (sums_moduli<T>) shared.moduli[slot] = moduli;
        });
  });
}

/// Stage: response[gate] += sum_j Re(W_j F_j), rows and nodes in their order. In single precision,
/// also marks the model if a response is too small a remainder of its terms.
template <class T, class Block>
STRATEM_DEVICE void sum_gates(const Block& block, const PlanArrays<T>& plan, const Pass& pass,
                              bool first, double* response, const SharedMemory<T>& shared) {
  block.for_each_thread([&](int thread) {
    for (std::int32_t gate = thread; gate < plan.gates; gate += block.threads()) {
      const std::int32_t begin = read_only(plan.first_row + pass.row + gate);
      const std::int32_t end = read_only(plan.first_row + pass.row + gate + 1);
      if (begin == end && !first) continue;
      double sum = first ? 0.0 : response[gate];
      [[maybe_unused]] double moduli = 0.0;
      for (std::int32_t i = begin; i < end; ++i) {
        const Row row = plan.row[i];
        for (std::int32_t j = 0; j < row.nodes; ++j) {
          const Complex<double>* const at =
              plan.row_weight + row.weight + static_cast<std::int64_t>(j) * row.stride;
          const Complex<double> f = shared.transform[row.slot + j];
          sum += at->re * f.re - at->im * f.im;
          if constexpr (sums_moduli<T>) {
            moduli += (std::fabs(at->re) + std::fabs(at->im)) *
                      static_cast<double>(shared.moduli[row.slot + j]);
          }
        }
      }
      response[gate] = sum;
      if constexpr (sums_moduli<T>) {
        if (!std::isfinite(sum) || moduli > plan.largest_cancellation * std::fabs(sum)) {
          block.raise(shared.model->cancelled, 1);
        }
      } else if (!std::isfinite(sum)) {
        block.lower(shared.model->fault, fault_not_finite);
      }
    }
  });
}

/// Stage: writes the status and, if the model has failed, NaN in place of its responses.
template <class T, class Block>
STRATEM_DEVICE void close_model(const Block& block, std::int32_t gates, double* response,
                                Status& status, const SharedMemory<T>& shared) {
  block.for_each_thread([&](int thread) {
    const std::int32_t fault = shared.model->fault;
    if (thread == 0) {
      status = shared.model->cancelled != 0 ? for_double_precision : status_of(fault);
    }
    if (fault == no_fault) return;
    for (std::int32_t gate = thread; gate < gates; gate += block.threads()) {
      response[gate] = no_response;
    }
  });
}

/// A block's part of the scratch memory of a launch, [blocks][layers][nodes].
template <class T, class Block>
STRATEM_DEVICE Complex<T>* own_constants(const Block& block, const ForwardArguments<T>& arguments,
                                         Complex<T>* scratch) {
  return scratch + block.index() * arguments.batch.layers * arguments.plan.nodes;
}

/// The work of one block: computes models index(), index() + count(), ... of the batch. `memory` is
/// its shared memory of shared_bytes(). `constants` is its scratch memory, [layers][nodes], which
/// only polarizable layers need. `by_admittance` is that of core::PlanTable.
template <bool polarizable, bool by_admittance, class T, class Block>
STRATEM_DEVICE void forward(const Block& block, const ForwardArguments<T>& arguments,
                            const ConstantBank& bank, void* memory, Complex<T>* constants) {
  const PlanArrays<T>& plan = arguments.plan;
  const BatchPointers& batch = arguments.batch;
  const auto shared = carve<T>(memory, plan.most, batch.layers);

  for (std::int64_t model = block.index(); model < batch.models; model += block.count()) {
    Status& status = arguments.responses.status[model];
    double* const response = arguments.responses.response + element(model, plan.gates, 0);
    if (plan.again && status != for_double_precision) continue;
    if (!plan.first && status != Status::ok) continue;  // the other precision's windows failed
    prepare(block, batch, model, plan, shared);
    if (shared.model->fault == no_fault) {
      if constexpr (polarizable) {
        form_constants(block, ModelRows(batch, model), shared.model->layers, plan, constants);
      }
      for (std::int32_t p = 0; p < plan.passes; ++p) {
        const Pass pass = plan.pass[p];
        form_factors(block, plan, pass, shared);
        evaluate_all<polarizable, by_admittance>(block, plan, pass, constants, shared);
        sum_wavenumbers(block, plan, bank, pass, shared);
        sum_gates(block, plan, pass, plan.first && p == 0, response, shared);
      }
    }
    close_model(block, plan.gates, response, status, shared);
  }
}

}  // namespace stratem::kernels
