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

/// Calls body(share, piece, node) for the shares of a pass that are a thread's own.
template <class T, class Block, class Body>
STRATEM_DEVICE void for_own_shares(const Block& block, int thread, const PlanArrays<T>& plan,
                                   const Pass& pass, Body body) {
  for (std::int32_t i = thread; i < pass.shares; i += block.threads()) {
    const Share share = plan.share[pass.share + i];
    const Piece piece = plan.piece[share.piece];
    body(share, piece, piece.node + share.node);
  }
}

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
/// faster than e^{-t/shortest}. The kept ones come before all others. In both precisions the same.
template <class T>
STRATEM_DEVICE bool keeps(double wavenumber, double shortest, const SharedMemory<T>& shared) {
  return shortest * wavenumber * wavenumber <= decay_bound(shared, wavenumber);
}

/// Stage: what the model's height does to each weight, e^{-lambda change}, and how many wavenumbers
/// are kept. As many threads as a warp has go through a piece.
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
        // Whoever has the first wavenumber that is left out, or the last of all, says how many.
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

/// F += weight r_TE over a share's wavenumbers, in double whatever T is.
template <class T, class Layers>
STRATEM_DEVICE void sum_share(const Coefficients<T>& coefficients, const Share& share,
                              const Piece& piece, const Layers& layers, T diffusion_reach,
                              const SharedMemory<T>& shared) {
  const auto sum_of = [&](std::int32_t g) -> Complex<double>& {
    return shared.transform[slot_of(piece, g, share.slice) + share.node];
  };
  const auto moduli_of = [&](std::int32_t g) -> float& {
    return shared.moduli[slot_of(piece, g, share.slice) + share.node];
  };
  // The sum of the first geometry, often the only one, stays in registers.
  Complex<double> first_sum{0.0, 0.0};
  [[maybe_unused]] float first_moduli = 0.0F;
  for (std::int32_t g = 1; g < piece.geometries; ++g) {
    sum_of(g) = {0.0, 0.0};
    if constexpr (sums_moduli<T>) moduli_of(g) = 0.0F;
  }
  const std::int32_t* const kept = shared.kept + piece.kept;
  const std::int32_t first_kept = kept[0];
  std::int32_t most_kept = first_kept;
  for (std::int32_t g = 1; g < piece.geometries; ++g) {
    if (kept[g] > most_kept) most_kept = kept[g];
  }
  std::int32_t interfaces =
      within_reach(shared.diffusion, shared.model->layers - 1, diffusion_reach);
  for (std::int32_t m = share.slice; m < most_kept; m += piece.slices) {
    // Wavenumbers grow, so that interfaces once out of reach stay so.
    interfaces = within_reach(shared.bottom, interfaces, coefficients.reach(piece.wavenumber + m));
    const Complex<T> r = reflection(layers, shared.thickness, interfaces,
                                    coefficients.twice_wavenumber(piece.wavenumber + m));
    const double factor = shared.factor[piece.factor + m];
    const auto weight_of = [&](std::int32_t g) {
      return factor * coefficients.weight(piece.weight + g * piece.weight_stride + m);
    };
    const auto plus = [&](Complex<double> sum, double weight) -> Complex<double> {
      return {sum.re + weight * static_cast<double>(r.re),
              sum.im + weight * static_cast<double>(r.im)};
    };
    [[maybe_unused]] const auto modulus = [&](double weight) {
      return std::fabs(static_cast<float>(weight)) * (std::fabs(r.re) + std::fabs(r.im));
    };
    if (m < first_kept) {
      const double weight = weight_of(0);
      first_sum = plus(first_sum, weight);
      if constexpr (sums_moduli<T>) first_moduli += modulus(weight);
    }
    for (std::int32_t g = 1; g < piece.geometries; ++g) {
      if (m >= kept[g]) continue;
      const double weight = weight_of(g);
      sum_of(g) = plus(sum_of(g), weight);
      if constexpr (sums_moduli<T>) moduli_of(g) += modulus(weight);
    }
  }
  sum_of(0) = first_sum;
  if constexpr (sums_moduli<T>) moduli_of(0) = first_moduli;
}

/// Stage: all r_TE of a pass, summed over each share's wavenumbers. The formula of the plan:
///     F_j = sum_m weight[m] e^{-lambda_m change} r_TE(lambda_m, s_j)
template <bool polarizable, bool by_admittance, class T, class Block>
STRATEM_DEVICE void sum_wavenumbers(const Block& block, const PlanArrays<T>& plan,
                                    const ConstantBank<T>& bank, const Pass& pass,
                                    const Complex<T>* constants, const SharedMemory<T>& shared) {
  const Coefficients<T> coefficients(plan, bank);
  block.for_each_thread([&](int thread) {
    for_own_shares(block, thread, plan, pass,
                   [&](const Share& share, const Piece& piece, std::int32_t node) {
                     const Node& at = plan.node[node];
                     const T reach = static_cast<T>(at.diffusion_reach);
                     if constexpr (polarizable) {
                       const PolarizableLayers<T> layers(constants, node, plan.nodes);
                       sum_share(coefficients, share, piece, layers, reach, shared);
                     } else {
                       const PlainLayers<T, by_admittance> layers(at, shared);
                       sum_share(coefficients, share, piece, layers, reach, shared);
                     }
                   });
  });
}

/// Stage: the slices of each node, added in their order into the first.
template <class T, class Block>
STRATEM_DEVICE void sum_slices(const Block& block, const PlanArrays<T>& plan, const Pass& pass,
                               const SharedMemory<T>& shared) {
  block.for_each_thread([&](int thread) {
    for_own_shares(block, thread, plan, pass,
                   [&](const Share& share, const Piece& piece, std::int32_t) {
                     if (share.slice != 0) return;
                     for (std::int32_t g = 0; g < piece.geometries; ++g) {
                       const auto sum_of = [&](std::int32_t slice) -> Complex<double>& {
                         return shared.transform[slot_of(piece, g, slice) + share.node];
                       };
                       Complex<double> sum = sum_of(0);
                       for (std::int32_t slice = 1; slice < piece.slices; ++slice)
                         sum = sum + sum_of(slice);
                       sum_of(0) = sum;
                       if constexpr (sums_moduli<T>) {
                         float& moduli = shared.moduli[slot_of(piece, g, 0) + share.node];
                         for (std::int32_t slice = 1; slice < piece.slices; ++slice)
                           moduli += shared.moduli[slot_of(piece, g, slice) + share.node];
                       }
                     }
                   });
  });
}

/// Stage: response[gate] += sum_j Re(W_j F_j), rows and nodes in their order; in single precision
/// also whether that is a small remainder.
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

/// Stage: the status, and NaN in place of responses that there are not.
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

/// All that a block does: models index(), index() + count(), ... of the batch. `memory` is its
/// shared memory, shared_bytes() of it; `constants` its scratch memory, [layers][nodes], only with
/// polarizable layers. `by_admittance` as in core::PlanTable.
template <bool polarizable, bool by_admittance, class T, class Block>
STRATEM_DEVICE void forward(const Block& block, const ForwardArguments<T>& arguments,
                            const ConstantBank<T>& bank, void* memory, Complex<T>* constants) {
  const PlanArrays<T>& plan = arguments.plan;
  const BatchPointers& batch = arguments.batch;
  const auto shared = carve<T>(memory, plan.most_slots, plan.most_factors, batch.layers);

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
        sum_wavenumbers<polarizable, by_admittance>(block, plan, bank, pass, constants, shared);
        sum_slices(block, plan, pass, shared);
        sum_gates(block, plan, pass, plan.first && p == 0, response, shared);
      }
    }
    close_model(block, plan.gates, response, status, shared);
  }
}

}  // namespace stratem::kernels
