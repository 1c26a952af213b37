// r_TE of a group of models at one Laplace node, from the reflections of the interfaces. This is
// the fastest recursion in double precision.
#if defined(STRATEM_CPU_ECHO_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_ECHO_INL_H
#undef STRATEM_CPU_ECHO_INL_H
#else
#define STRATEM_CPU_ECHO_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "cpu/layer_rows-inl.h"
#include "cpu/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The recursion of src/core/README.md, in w_i = 2 u_i and with R_i = p/q:
///     p_i = n q' + (w_i + w_{i+1})^2 p'      q_i = (w_i + w_{i+1})^2 q' + n p'
/// where p', q' belong to the interface below, after the wave has passed the layer between:
/// p' = p_{i+1} e^{-w_{i+1} h_{i+1}}, and n = 4 (k_i - k_{i+1}). The quotient is taken only every
/// few interfaces.
class Echo {
  using D = hn::ScalableTag<double>;
  using V = hn::Vec<D>;
  // The number of interfaces in a row for which neither q nor |q|^2 leaves the range of the
  // numbers. Each interface multiplies q by 1e-17 to 1e7.
  static constexpr std::size_t interfaces_per_division = 4;

 public:
  static constexpr bool reads_contrasts = true;

  HWY_INLINE explicit Echo(LayerRows<D> rows) : rows_(rows) {}

  /// r_TE at `side_by_side` wavenumbers: to [side_by_side][2][lanes]. A lane leaves out its
  /// interfaces below its `deepest`; any_left as in square_root_of_twice.
  template <bool any_left, std::size_t side_by_side>
  HWY_INLINE void reflections(const double* wavenumber, const double* deepest, Extent extent,
                              double* to) const {
    const D d;
    V limit[side_by_side], twice_square[side_by_side];
    Ratio ratio[side_by_side];
    Complex<V> below[side_by_side], here[side_by_side];
    std::size_t i = extent.first;
    for (std::size_t m = 0; m < side_by_side; ++m) {
      limit[m] = hn::Set(d, deepest[m]);
      twice_square[m] = hn::Set(d, 2.0 * wavenumber[m] * wavenumber[m]);
      ratio[m] = {{hn::Zero(d), hn::Zero(d)}, {hn::Set(d, 1.0), hn::Zero(d)}};
      below[m] = twice_u<any_left>(i, twice_square[m]);
    }
    if (i > 0) {  // there is no reflection from below the first
      --i;
      for (std::size_t m = 0; m < side_by_side; ++m) {
        here[m] = twice_u<any_left>(i, twice_square[m]);
        ratio[m] = {contrast(i), square(sum(here[m], below[m]))};
        if (i >= extent.full) leave_out(i, limit[m], ratio[m]);
        below[m] = here[m];
      }
      for (std::size_t m = 0; m < side_by_side; ++m) pass(i, here[m], ratio[m]);
    }
    while (i > extent.full) {
      --i;
      for (std::size_t m = 0; m < side_by_side; ++m) {
        here[m] = twice_u<any_left>(i, twice_square[m]);
        ratio[m] = combine(contrast(i), square(sum(here[m], below[m])), ratio[m]);
        leave_out(i, limit[m], ratio[m]);
        below[m] = here[m];
      }
      for (std::size_t m = 0; m < side_by_side; ++m) pass(i, here[m], ratio[m]);
    }
    while (i > 0) {
      --i;
      for (std::size_t m = 0; m < side_by_side; ++m) {
        here[m] = twice_u<any_left>(i, twice_square[m]);
        ratio[m] = combine(contrast(i), square(sum(here[m], below[m])), ratio[m]);
        below[m] = here[m];
      }
      for (std::size_t m = 0; m < side_by_side; ++m) pass(i, here[m], ratio[m]);
    }
    // The surface: in the air k = 0, u = lambda.
    const V minus_two = hn::Set(d, -2.0);
    const Complex<V> air_contrast{hn::Mul(minus_two, rows_(0, row_k_real)),
                                  hn::Mul(minus_two, rows_(0, row_k_imag))};
    for (std::size_t m = 0; m < side_by_side; ++m) {
      const V twice = hn::Set(d, 2.0 * wavenumber[m]);
      const Complex<V> both{hn::Add(twice, below[m].re), below[m].im};
      const Ratio top = combine(air_contrast, square(both), ratio[m]);
      const Complex<V> r = divide(d, top.p, top.q);
      hn::Store(r.re, d, to + 2 * m * hn::Lanes(d));
      hn::Store(r.im, d, to + (2 * m + 1) * hn::Lanes(d));
    }
  }

 private:
  struct Ratio {
    Complex<V> p, q;
  };

  HWY_INLINE Complex<V> contrast(std::size_t i) const {
    return {rows_(i, row_contrast_real), rows_(i, row_contrast_imag)};
  }
  template <bool any_left>
  HWY_INLINE Complex<V> twice_u(std::size_t i, V twice_square) const {
    return square_root_of_twice<any_left>(
        D(), Complex<V>{hn::Add(twice_square, rows_(i, row_k_real)), rows_(i, row_k_imag)});
  }

  /// The ratio at an interface from the ratio below it.
  HWY_INLINE static Ratio combine(Complex<V> n, Complex<V> w2, const Ratio& from) {
    return {sum_of_products(n, from.q, w2, from.p), sum_of_products(w2, from.q, n, from.p)};
  }

  /// Lanes in which interface i does not matter start above it, from the ratio 0/1.
  HWY_INLINE void leave_out(std::size_t i, V limit, Ratio& ratio) const {
    const auto mask = rows_.matters(i, limit);
    const V one = hn::Set(D(), 1.0);
    ratio.p = {hn::IfThenElseZero(mask, ratio.p.re), hn::IfThenElseZero(mask, ratio.p.im)};
    ratio.q = {hn::IfThenElse(mask, ratio.q.re, one), hn::IfThenElseZero(mask, ratio.q.im)};
  }

  /// Goes up through layer i.
  HWY_INLINE void pass(std::size_t i, Complex<V> twice_u, Ratio& ratio) const {
    const D d;
    const V h = rows_(i, row_thickness);
    const Complex<V> way{hn::Mul(twice_u.re, h), hn::Mul(twice_u.im, h)};
    if (i % interfaces_per_division == interfaces_per_division - 1) {
      ratio.p = divide(d, ratio.p, ratio.q);
      ratio.q = {hn::Set(d, 1.0), hn::Zero(d)};
    }
    ratio.p = multiply(ratio.p, decaying_exponential(d, way));
  }

  LayerRows<D> rows_;
};

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_ECHO_INL_H
