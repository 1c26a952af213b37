// r_TE of a group of models at one Laplace node, from the excess of the ground's admittance over
// that of air. This has no cancellation.
#if defined(STRATEM_CPU_ADMITTANCE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_ADMITTANCE_INL_H
#undef STRATEM_CPU_ADMITTANCE_INL_H
#else
#define STRATEM_CPU_ADMITTANCE_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "cpu/layer_rows-inl.h"
#include "cpu/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The second recursion of src/core/README.md, with w_i = 2 u_i, g_i = w_i + 2 lambda, K_i = 4 k_i,
/// e_i = e^{-w_i h_i} and y for 2 Y:
///     y_i = (K_i (y' + g_i (1 - e_i)) + g_i^2 e_i y')/(g_i^2 + K_i e_i + g_i (1 - e_i) y')
/// where y' is the y of the layer below. In a basement y = K_i/g_i.
template <class T>
class Admittance {
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;

 public:
  static constexpr bool reads_contrasts = false;

  HWY_INLINE explicit Admittance(LayerRows<D> rows) : rows_(rows) {}

  /// See Echo::reflections.
  template <bool any_left, std::size_t side_by_side>
  HWY_INLINE void reflections(const double* wavenumber, const double* deepest, Extent extent,
                              T* to) const {
    const D d;
    Ascent<any_left, side_by_side> ascent(rows_, wavenumber, deepest, extent.first);
    std::size_t i = extent.first;
    while (i > extent.full) {
      ascent.pass(--i);
      ascent.leave_out(i);
    }
    while (i > 0) ascent.pass(--i);
    for (std::size_t m = 0; m < side_by_side; ++m) {
      const Complex<V> r = ascent.r_te(m);
      hn::Store(r.re, d, to + 2 * m * hn::Lanes(d));
      hn::Store(r.im, d, to + (2 * m + 1) * hn::Lanes(d));
    }
  }

 private:
  /// Goes up layer by layer, from the top of a lowest layer with no reflection from below.
  template <bool any_left, std::size_t side_by_side>
  class Ascent {
   public:
    HWY_INLINE Ascent(const LayerRows<D>& rows, const double* wavenumber, const double* deepest,
                      std::size_t first)
        : rows_(rows) {
      const D d;
      for (std::size_t m = 0; m < side_by_side; ++m) {
        limit_[m] = hn::Set(d, static_cast<T>(deepest[m]));
        twice_[m] = hn::Set(d, static_cast<T>(2.0 * wavenumber[m]));
        twice_square_[m] = hn::Set(d, static_cast<T>(2.0 * wavenumber[m] * wavenumber[m]));
        ratio_[m] = basement(layer(first, m));
      }
    }

    /// Goes up through layer i.
    HWY_INLINE void pass(std::size_t i) {
      const D d;
      for (std::size_t m = 0; m < side_by_side; ++m) here_[m] = layer(i, m);
      const V h = rows_(i, row_thickness);
      for (std::size_t m = 0; m < side_by_side; ++m) {
        const Complex<V> w = here_[m].w;
        decay_[m] = decay_and_rest(d, Complex<V>{hn::Mul(w.re, h), hn::Mul(w.im, h)});
      }
      for (std::size_t m = 0; m < side_by_side; ++m) {
        ratio_[m] = combine(here_[m], decay_[m], divide(d, ratio_[m].p, ratio_[m].q));
      }
    }

    /// Lanes in which the interface below layer i, just passed, does not matter start above it.
    HWY_INLINE void leave_out(std::size_t i) {
      for (std::size_t m = 0; m < side_by_side; ++m) {
        const auto mask = rows_.matters(i, limit_[m]);
        const Ratio start = basement(here_[m]);
        Ratio& ratio = ratio_[m];
        ratio.p = {hn::IfThenElse(mask, ratio.p.re, start.p.re),
                   hn::IfThenElse(mask, ratio.p.im, start.p.im)};
        ratio.q = {hn::IfThenElse(mask, ratio.q.re, start.q.re),
                   hn::IfThenElse(mask, ratio.q.im, start.q.im)};
      }
    }

    HWY_INLINE Complex<V> r_te(std::size_t m) const {
      const D d;
      const Complex<V> y = divide(d, ratio_[m].p, ratio_[m].q);
      const V four = hn::Add(twice_[m], twice_[m]);
      return divide(d, Complex<V>{hn::Neg(y.re), hn::Neg(y.im)},
                    Complex<V>{hn::Add(four, y.re), y.im});
    }

   private:
    struct Layer {
      Complex<V> w, g, k4;
    };
    /// y = p/q before the division.
    struct Ratio {
      Complex<V> p, q;
    };

    HWY_INLINE Layer layer(std::size_t i, std::size_t m) const {
      const Complex<V> k2{rows_(i, row_k_real), rows_(i, row_k_imag)};
      const Complex<V> w =
          square_root_of_twice<any_left>(D(), Complex<V>{hn::Add(twice_square_[m], k2.re), k2.im});
      return {w, {hn::Add(w.re, twice_[m]), w.im}, sum(k2, k2)};
    }
    HWY_INLINE static Ratio basement(const Layer& layer) { return {layer.k4, layer.g}; }

    /// The ratio at the top of a layer, from the y below the layer.
    HWY_INLINE static Ratio combine(const Layer& layer, const Decay<V>& decay, Complex<V> y) {
      const Complex<V> g_rest = multiply(layer.g, decay.rest);
      const Complex<V> g2 = square(layer.g);
      return {sum_of_products(layer.k4, sum(y, g_rest), g2, multiply(decay.decay, y)),
              multiply_add(g_rest, y, multiply_add(layer.k4, decay.decay, g2))};
    }

    const LayerRows<D>& rows_;
    V limit_[side_by_side], twice_[side_by_side], twice_square_[side_by_side];
    Layer here_[side_by_side];
    Decay<V> decay_[side_by_side];
    Ratio ratio_[side_by_side];  // at the top of the current layer
  };

  LayerRows<D> rows_;
};

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_ADMITTANCE_INL_H
