// A batch of models in one dense piece of memory, on a device or on the host.
#pragma once

#include <cstdint>

namespace stratem::core {

/// Like ModelBatch, but dense and row-major; null pointers are absent arrays.
struct BatchPointers {
  std::int64_t models = 0;
  std::int64_t layers = 0;
  const double* resistivity = nullptr;        ///< [models, layers]
  const double* thickness = nullptr;          ///< [models, layers - 1], or
  const double* depth = nullptr;              ///< [models, layers]
  const std::int32_t* layer_count = nullptr;  ///< [models]
  const double* chargeability = nullptr;      ///< [models, layers], with the next two
  const double* time_constant = nullptr;
  const double* exponent = nullptr;
  const double* height = nullptr;  ///< [models]
};

}  // namespace stratem::core
