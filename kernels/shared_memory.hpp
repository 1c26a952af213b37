// The data that a block keeps in shared memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/complex_math.hpp"

namespace stratem::kernels {

/// Data about the block's model that all threads share.
struct ModelState {
  std::int32_t layers;
  std::int32_t fault;        ///< the first fault found, see ground.hpp
  std::int32_t polarizable;  ///< 1 if any layer is
  std::int32_t cancelled;    ///< 1 if sums cancel too far for single precision
  double height_sum_change;  ///< of transmitter and receiver together, m
};

/// In single precision the moduli of what F sums up are summed as well.
template <class T>
inline constexpr bool sums_moduli = sizeof(T) == sizeof(float);

/// The faster recursion of double precision reads the contrasts between neighbouring layers.
template <class T>
inline constexpr bool reads_contrasts = sizeof(T) == sizeof(double);

/// One block's shared memory for models of at most `layers` layers. T is the precision of r_TE.
template <class T>
struct SharedMemory {
  Complex<double>* transform;  ///< [slots] sums F
  double* factor;              ///< [factors] e^{-lambda change}
  double* step;                ///< [layers] thickness, m
  double* decay;               ///< [layers] 2 thickness sqrt(mu0 sigma), what diffusion sums up
  double* bulk;                ///< [layers] mu0 sigma, in double: see core::DecayBound
  double* sheet;               ///< [layers] sheet_i of the same, infinite in polarizable models
  T* permeance;                ///< [layers] mu0 sigma: k = s permeance, s/m^2
  T* contrast;                 ///< [layers] permeance less that of the layer below, if it is read
  T* thickness;                ///< [layers] m
  T* bottom;                   ///< [layers] depth of the lower interface, m
  T* diffusion;                ///< [layers] sum of `decay` down to it; 0 in polarizable models
  float* moduli;               ///< [slots] if they are summed
  std::int32_t* kept;          ///< [kept] wavenumbers that a piece's geometry does not leave out
  ModelState* model;
};

/// Bytes that a block needs.
template <class T>
constexpr std::size_t shared_bytes(std::int64_t slots, std::int64_t factors, std::int64_t kept,
                                   std::int64_t layers) {
  return static_cast<std::size_t>(slots) * sizeof(Complex<double>) +
         static_cast<std::size_t>(factors + 4 * layers) * sizeof(double) + sizeof(ModelState) +
         static_cast<std::size_t>((reads_contrasts<T> ? 5 : 4) * layers) * sizeof(T) +
         (sums_moduli<T> ? static_cast<std::size_t>(slots) * sizeof(float) : 0) +
         static_cast<std::size_t>(kept) * sizeof(std::int32_t);
}

/// The arrays in `memory`, which is aligned to 16 bytes: the widest first.
template <class T>
STRATEM_DEVICE SharedMemory<T> carve(void* memory, std::int64_t slots, std::int64_t factors,
                                     std::int64_t layers) {
  SharedMemory<T> shared{};
  shared.transform = static_cast<Complex<double>*>(memory);
  shared.factor = reinterpret_cast<double*>(shared.transform + slots);
  shared.step = shared.factor + factors;
  shared.decay = shared.step + layers;
  shared.bulk = shared.decay + layers;
  shared.sheet = shared.bulk + layers;
  shared.model = reinterpret_cast<ModelState*>(shared.sheet + layers);
  shared.permeance = reinterpret_cast<T*>(shared.model + 1);
  shared.thickness = shared.permeance + layers;
  shared.bottom = shared.thickness + layers;
  shared.diffusion = shared.bottom + layers;
  T* next = shared.diffusion + layers;
  if constexpr (reads_contrasts<T>) {
    shared.contrast = next;
    next += layers;
  }
  if constexpr (sums_moduli<T>) {
    shared.moduli = next;
    next += slots;
  }
  shared.kept = reinterpret_cast<std::int32_t*>(next);
  return shared;
}

}  // namespace stratem::kernels
