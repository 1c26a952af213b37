// The instruction sets that files with Highway code are compiled for; before Highway's headers.
#pragma once

// Two kinds are left out: SSSE3, because the few machines with it can run SSE2, and instruction
// sets whose vector length is not known when compiling.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

// Highway 1.0.3 has no SSE2. Its vectors in plain C++ take its place; the compiler turns them into
// SSE2. With GCC before 12.3 Highway leaves them out, because of wrong code on architectures that
// lack a multiplication (GCC's bug 106322); x86-64 has this multiplication.
#ifdef __x86_64__
#define HWY_BROKEN_EMU128 0
#endif
