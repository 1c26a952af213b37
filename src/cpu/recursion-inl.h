// r_TE of a group of models at one Laplace node. How it is arranged, and why: README.md.
#if defined(STRATEM_CPU_RECURSION_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_RECURSION_INL_H
#undef STRATEM_CPU_RECURSION_INL_H
#else
#define STRATEM_CPU_RECURSION_INL_H
#endif

#include <type_traits>

#include "cpu/admittance-inl.h"
#include "cpu/echo-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Single precision needs the recursion that is free of cancellation; so do polarizable layers, for
/// which no wavenumbers are left out, and plans that ask for it. All others take the faster one.
template <class T, bool by_admittance>
using Recursion =
    std::conditional_t<sizeof(T) == sizeof(double) && !by_admittance, Echo, Admittance<T>>;

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_RECURSION_INL_H
