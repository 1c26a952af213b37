// Lets one source run on a device and on the host.
//
// The kernel is a sequence of stages. A stage is a body that is run "for each thread of the block",
// and all threads end one stage before any begins the next:
//
//     block.for_each_thread([&](int thread) { ... });
//
// On a device the body runs for threadIdx.x, and a barrier follows. On the host a loop runs it for
// one thread after another. Data that one stage passes to another must therefore be in the block's
// shared memory or in global memory. Between stages all threads take the same branches.
//
// A Block also has threads(), index() and count() of the blocks. lower() and raise() set a number
// in shared memory to its minimum or maximum with a thread's number. ticket() adds one to a number
// in shared memory and returns what it was. increment() adds one to a counter that threads of all
// blocks share.
#pragma once

#if defined(__CUDACC__)
#define STRATEM_DEVICE __device__ __forceinline__
#else
#define STRATEM_DEVICE inline
#endif

namespace stratem::kernels {

/// Reads data that no thread writes while the kernel runs, through a device's read-only cache.
template <class T>
STRATEM_DEVICE T read_only(const T* from) {
#if defined(__CUDA_ARCH__)
  return __ldg(from);
#else
  return *from;
#endif
}

}  // namespace stratem::kernels
