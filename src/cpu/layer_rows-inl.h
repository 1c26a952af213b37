// The data of a group's layers at one Laplace node that the recursion reads.
#if defined(STRATEM_CPU_LAYER_ROWS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_LAYER_ROWS_INL_H
#undef STRATEM_CPU_LAYER_ROWS_INL_H
#else
#define STRATEM_CPU_LAYER_ROWS_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// One vector each. All vectors of a layer are together in memory.
enum Row : std::size_t {
  row_k_real,         ///< 2 k_i = 2 mu0 s sigma_i
  row_k_imag,         //
  row_contrast_real,  ///< 4 (k_i - k_{i+1}); only if the recursion reads them
  row_contrast_imag,  //
  row_thickness,      ///< m
  row_bottom,         ///< depth of the lower interface, m; infinite where nothing below matters
  rows_per_layer
};

/// How far down a group has interfaces that matter at a wavenumber. Interfaces from `first` on
/// matter in no lane, those above `full` in every lane. Both only decrease as the wavenumber grows.
struct Extent {
  std::size_t first = 0;
  std::size_t full = 0;
};

template <class D>
class LayerRows {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

 public:
  /// rows: [layers][rows_per_layer][Lanes(D())]
  HWY_INLINE explicit LayerRows(const T* rows) : rows_(rows) {}

  HWY_INLINE V operator()(std::size_t layer, Row which) const {
    return hn::Load(D(), rows_ + (layer * rows_per_layer + which) * hn::Lanes(D()));
  }

  /// The lanes in which interface i, the one below layer i, is above this depth.
  HWY_INLINE auto matters(std::size_t i, V deepest) const {
    return hn::Le((*this)(i, row_bottom), deepest);
  }

  /// Narrows the extent to interfaces above this depth, m.
  HWY_INLINE void narrow(double deepest, Extent& extent) const {
    const D d;
    const V limit = hn::Set(d, static_cast<T>(deepest));
    while (extent.first > 0 && hn::AllFalse(d, matters(extent.first - 1, limit))) --extent.first;
    if (extent.full > extent.first) extent.full = extent.first;
    while (extent.full > 0 && !hn::AllTrue(d, matters(extent.full - 1, limit))) --extent.full;
  }

 private:
  const T* rows_;
};

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_LAYER_ROWS_INL_H
