// The data that a block keeps in shared memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/complex_math.hpp"
#include "kernels/plan_layout.hpp"

namespace stratem::kernels {

/// Data about the block's model that all threads share.
struct ModelState {
  std::int32_t layers;
  std::int32_t fault;        ///< the first fault found, see ground.hpp
  std::int32_t polarizable;  ///< 1 if any layer is
  std::int32_t cancelled;    ///< 1 if sums cancel too far for single precision
  double height_sum_change;  ///< of transmitter and receiver together, m
};

/// In single precision, the moduli of the terms of F are summed as well.
template <class T>
inline constexpr bool sums_moduli = sizeof(T) == sizeof(float);

/// The faster recursion of double precision reads the contrasts between neighbouring layers.
template <class T>
inline constexpr bool reads_contrasts = sizeof(T) == sizeof(double);

/// From this number of layers on, a block sorts evaluations by the interfaces that they go through,
/// so that the lanes of a warp end together. Sorting fewer costs more than it saves.
inline constexpr std::int64_t fewest_sorted_layers = 9;

/// One block's shared memory for models of at most `layers` layers. T is the precision of r_TE. In
/// double precision, `thickness` and `step` are one array; so are `permeance` and `bulk`, and
/// `diffusion` and `decay`.
template <class T>
struct SharedMemory {
  Complex<double>* transform;  ///< [slots] sums F
  Complex<T>* value;           ///< [values] r_TE of all evaluations
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
  std::int32_t* order;  ///< [values] evaluations from the most interfaces to the fewest, if sorted
  std::int32_t* first;  ///< [layers + 1] the first of each number of interfaces in `order`
};

/// Hands out arrays one after another, the most strictly aligned first.
class Carver {
 public:
  STRATEM_DEVICE explicit Carver(void* memory) : next_(static_cast<char*>(memory)) {}
  template <class Element>
  STRATEM_DEVICE Element* take(std::int64_t count) {
    Element* const taken = reinterpret_cast<Element*>(next_);
    next_ += count * static_cast<std::int64_t>(sizeof(Element));
    return taken;
  }

 private:
  char* next_;
};

/// Bytes that a block needs.
template <class T>
constexpr std::size_t shared_bytes(const PassSizes& pass, std::int64_t layers) {
  const bool sorted = layers >= fewest_sorted_layers;
  const std::int64_t in_single =
      sizeof(T) == sizeof(double) ? 0 : 4 * layers * std::int64_t{sizeof(T)};
  return static_cast<std::size_t>(
      pass.slots * std::int64_t{sizeof(Complex<double>)} +
      pass.values * std::int64_t{sizeof(Complex<T>)} + pass.factors * std::int64_t{sizeof(double)} +
      (reads_contrasts<T> ? 6 : 4) * layers * std::int64_t{sizeof(double)} + in_single +
      std::int64_t{sizeof(ModelState)} +
      (sums_moduli<T> ? pass.slots * std::int64_t{sizeof(float)} : 0) +
      pass.kept * std::int64_t{sizeof(std::int32_t)} +
      (sorted ? (pass.values + layers + 1) * std::int64_t{sizeof(std::int32_t)} : 0));
}

/// The arrays in `memory`, which is aligned to 16 bytes.
template <class T>
STRATEM_DEVICE SharedMemory<T> carve(void* memory, const PassSizes& pass, std::int64_t layers) {
  SharedMemory<T> shared{};
  Carver carver(memory);
  shared.transform = carver.take<Complex<double>>(pass.slots);
  shared.value = carver.take<Complex<T>>(pass.values);
  shared.factor = carver.take<double>(pass.factors);
  shared.step = carver.take<double>(layers);
  shared.decay = carver.take<double>(layers);
  shared.bulk = carver.take<double>(layers);
  shared.sheet = carver.take<double>(layers);
  shared.model = carver.take<ModelState>(1);
  if constexpr (sizeof(T) == sizeof(double)) {
    shared.permeance = shared.bulk;
    shared.thickness = shared.step;
    shared.diffusion = shared.decay;
  } else {
    shared.permeance = carver.take<T>(layers);
    shared.thickness = carver.take<T>(layers);
    shared.diffusion = carver.take<T>(layers);
  }
  shared.bottom = carver.take<T>(layers);
  if constexpr (reads_contrasts<T>) shared.contrast = carver.take<T>(layers);
  if constexpr (sums_moduli<T>) shared.moduli = carver.take<float>(pass.slots);
  shared.kept = carver.take<std::int32_t>(pass.kept);
  if (layers >= fewest_sorted_layers) {
    shared.order = carver.take<std::int32_t>(pass.values);
    shared.first = carver.take<std::int32_t>(layers + 1);
  }
  return shared;
}

}  // namespace stratem::kernels
