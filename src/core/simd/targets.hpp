// The instruction sets that files with Highway code are compiled for; before Highway's headers.
#pragma once

// Left out: SSSE3, whose few machines run SSE2, and instruction sets whose vector length is not
// known when compiling.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

// Highway 1.0.3 has no SSE2. Its vectors in plain C++ stand in for it, which the compiler makes
// SSE2 of. Highway leaves them out with GCC before 12.3, for wrong code on architectures that lack
// a multiplication which x86-64 has (GCC's bug 106322).
#ifdef __x86_64__
#define HWY_BROKEN_EMU128 0
#endif
