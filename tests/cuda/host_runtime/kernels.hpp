// The project's kernels, by the names that launches use. Their source runs on the host.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stratem::emulated {

// Properties of a multiprocessor, as in devices of compute capability 9.0.
inline constexpr int most_threads_per_multiprocessor = 2048;
inline constexpr int most_blocks_per_multiprocessor = 32;
inline constexpr int registers_per_multiprocessor = 65536;
inline constexpr std::size_t shared_bytes_per_multiprocessor = std::size_t{228} << 10;
inline constexpr std::size_t shared_bytes_kept_per_block = 1024;
/// Shared memory of a block that has not asked for more.
inline constexpr std::size_t most_shared_bytes = std::size_t{48} << 10;

struct Grid {
  std::int64_t blocks = 0;
  int threads = 0;
  std::size_t shared_bytes = 0;
};

/// Memory of the device that a launch reads or writes.
struct Use {
  const void* data = nullptr;
  std::size_t bytes = 0;
  const char* what = "";
};

/// A launch whose arguments have been copied.
struct Launch {
  std::vector<Use> uses;
  std::string fault;  ///< why these arguments do not fit the kernel and grid; empty if they do
  /// Runs all blocks, in an order that depends on the number.
  std::function<void(std::uint64_t)> run;
  bool counts_in_shared_memory = false;  ///< adds to memory that other launches also add to
};

struct Kernel {
  const char* name;  ///< demangled, without namespaces
  int most_threads;  ///< its launch bound
  int registers;
  Launch (*prepare)(void** arguments, const Grid& grid);
};

/// Finds a kernel by the name that nvcc registers; null if it is not one of the project's.
const Kernel* find_kernel(const char* mangled);

}  // namespace stratem::emulated
