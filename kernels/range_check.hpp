// Flags the models of a computed batch that are outside the range their plan is declared for, where
// models and responses stay on the device.
#pragma once

#include <cstdint>

#include "core/earth/declared_range.hpp"
#include "kernels/batch_pointers.hpp"
#include "kernels/block.hpp"
#include "kernels/ground.hpp"

namespace stratem::kernels {

/// Whether a model without other faults is in the range.
STRATEM_DEVICE bool in_range(const ModelRows& rows, const core::DeclaredRange& range) {
  const std::int32_t layers = rows.layers();
  const bool polarized = rows.has_polarization();
  for (std::int32_t i = 0; i < layers; ++i) {
    if (!range.has_layer(rows.resistivity(i), polarized ? rows.chargeability(i) : 0.0,
                         polarized ? rows.exponent(i) : 1.0)) {
      return false;
    }
  }
  return rows.has_height() ? range.has_height(rows.height()) : range.has_system_height();
}

/// Stage: gives models outside the range Status::out_of_range and no responses. Each thread takes
/// every n-th model, where n is the number of threads of all blocks. Other faults keep their
/// status, except that a plan may fail to give a number outside its range.
template <class Block>
STRATEM_DEVICE void check_range(const Block& block, const BatchPointers& batch,
                                const ResponsePointers& responses, std::int64_t gates,
                                const core::DeclaredRange& range) {
  block.for_each_thread([&](int thread) {
    const std::int64_t stride = block.count() * block.threads();
    for (std::int64_t model = block.index() * block.threads() + thread; model < batch.models;
         model += stride) {
      Status& status = responses.status[model];
      if (status != Status::ok && status != Status::failed) continue;
      if (in_range(ModelRows(batch, model), range)) continue;
      status = Status::out_of_range;
      for (std::int64_t gate = 0; gate < gates; ++gate) {
        responses.response[element(model, gates, gate)] = no_response;
      }
    }
  });
}

}  // namespace stratem::kernels
