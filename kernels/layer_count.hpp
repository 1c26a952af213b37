// Counts the layers of models whose rows are filled up with NaN.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/batch_pointers.hpp"
#include "kernels/block.hpp"
#include "kernels/ground.hpp"

namespace stratem::kernels {

/// The layers of a model whose rows have `columns` numbers. Those missing at the end have NaN as
/// resistivity and as the depth of their top, or as the thickness above it.
STRATEM_DEVICE std::int32_t counted_layers(const ModelRows& rows, std::int32_t columns) {
  std::int32_t layers = columns;
  while (layers > 1 && std::isnan(rows.resistivity(layers - 1)) &&
         std::isnan(rows.has_depths() ? rows.depth(layers - 1) : rows.thickness(layers - 2))) {
    --layers;
  }
  return layers;
}

/// Stage: writes the number of layers of every model. Each thread takes every n-th model, where n
/// is the number of threads of all blocks.
template <class Block>
STRATEM_DEVICE void count_layers(const Block& block, const BatchPointers& batch,
                                 std::int32_t* layer_count) {
  block.for_each_thread([&](int thread) {
    const std::int64_t stride = block.count() * block.threads();
    for (std::int64_t model = block.index() * block.threads() + thread; model < batch.models;
         model += stride) {
      layer_count[model] =
          counted_layers(ModelRows(batch, model), static_cast<std::int32_t>(batch.layers));
    }
  });
}

}  // namespace stratem::kernels
