// The host's interface to the kernels: the only header of this folder that other folders include.
// It is plain C++ and needs no CUDA compiler.
//
// Streams are cudaStream_t, which is a pointer; nullptr is the default stream.
// Pointers in BatchPointers and ResponsePointers point to the current device's memory. Unless a
// function says otherwise, it may be called from any number of threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/earth/declared_range.hpp"
#include "kernels/batch_pointers.hpp"
#include "kernels/packed_plan.hpp"
#include "kernels/response_counts.hpp"
#include "stratem/error.hpp"

namespace stratem::kernels {

using Stream = void*;

/// What to do about a failure.
enum class CudaFault : std::uint8_t {
  out_of_memory,  ///< less work at a time may fit
  device_lost,    ///< nothing will work on this device again in this process
  other,          ///< such as a driver that is too old
};

/// A call of the CUDA runtime failed; what() is one line with the call, the error's name and its
/// description.
class CudaError : public DeviceError {
 public:
  CudaError(CudaFault fault, const std::string& message) : DeviceError(message), fault_(fault) {}
  CudaFault fault() const noexcept { return fault_; }

 private:
  CudaFault fault_;
};

/// Throws CudaError unless `code`, a cudaError_t, is cudaSuccess. `call` names the call that
/// returned it.
void check_cuda(int code, const char* call);

/// A plan in the current device's memory. Immutable; any number of streams of that device may use
/// it at once.
class DevicePlan {
 public:
  /// Copies the plan; returns when it is on the device. Throws CudaError.
  explicit DevicePlan(const PackedPlan& plan);
  /// Frees the memory; no launch may be under way. Never throws.
  ~DevicePlan();
  DevicePlan(DevicePlan&&) noexcept;
  DevicePlan& operator=(DevicePlan&&) noexcept;

  std::int32_t gates() const;
  /// Bytes of device memory that the plan takes.
  std::size_t bytes() const;

  struct Contents;
  const Contents& contents() const { return *contents_; }

 private:
  std::unique_ptr<Contents> contents_;
};

/// How the kernel runs over a batch. Both precisions of a plan use the same number of blocks.
struct LaunchShape {
  std::int64_t blocks = 1;  ///< of the grid; each takes every blocks-th model
  /// Device memory that launch_forward needs as scratch; 0 without polarizable layers. Grows with
  /// blocks.
  std::size_t scratch_bytes = 0;
};

/// The shape with as many blocks as the current device runs at once, or one for each model if that
/// is fewer. Throws CudaError.
LaunchShape launch_shape(const DevicePlan& plan, std::int64_t models, std::int64_t layers,
                         bool polarizable);

/// Computes a batch: writes every response and status. Asynchronous: returns when the work is
/// queued on the stream; batch, responses, scratch and plan must stay until it is done. Allocates
/// nothing. `batch` must have the shapes that stratem::check_shapes allows; its values are checked
/// on the device. `scratch` is not shared with another launch that is under way. Each model's
/// responses are bitwise the same whatever the shape, the batch and the stream. Throws CudaError.
void launch_forward(const DevicePlan& plan, const BatchPointers& batch,
                    const ResponsePointers& responses, const LaunchShape& shape, void* scratch,
                    Stream stream);

/// Gives the models of a computed batch that are outside the range Status::out_of_range and NaN.
/// Launch it in the stream of launch_forward. Asynchronous; allocates nothing. The arrays must stay
/// until the stream is done. Throws CudaError.
void launch_range_check(const BatchPointers& batch, const ResponsePointers& responses,
                        std::int64_t gates, const core::DeclaredRange& range, Stream stream);

/// Counts the layers of models whose rows are filled up with NaN, into [models]; see
/// stratem::count_layers_on_device(). Asynchronous; allocates nothing. The arrays must stay until
/// the stream is done. Throws CudaError.
void launch_layer_count(const BatchPointers& batch, std::int32_t* layer_count, Stream stream);

/// How well a kernel fills the current device.
struct Occupancy {
  int threads_per_block = 0;
  int blocks_per_multiprocessor = 0;
  int multiprocessors = 0;
  int registers_per_thread = 0;
  std::size_t shared_bytes_per_block = 0;
  std::size_t local_bytes_per_thread = 0;  ///< registers spilled, and the stack
  double fraction = 0.0;                   ///< threads at once / threads that the device can hold
};

/// The occupancy of the kernel that computes the plan's windows in double precision, or in single;
/// all zero if the plan has no such windows. Throws CudaError.
Occupancy occupancy(const DevicePlan& plan, std::int64_t layers, bool polarizable,
                    bool single_precision);

/// The two recursions for r_TE in src/core/README.md. Single precision always uses the second.
enum class Recursion : std::uint8_t { echo, admittance };

/// Floating-point operations that one evaluation of r_TE takes with the given recursion, in an
/// earth of `layers` layers that are not polarizable and whose interfaces are all within reach. An
/// addition, multiplication, division, root or comparison is one operation, a fused multiply-add
/// two. An exponential with its sine and cosine counts as the 74 operations of plain polynomials
/// (11, 8 and 8 coefficients and their reductions), whatever the device does. The kernel does not
/// evaluate layers below an interface out of reach.
double flops_per_evaluation(std::int64_t layers, Recursion recursion);

/// Statistics of responses [models, gates] that are on the device and stay there. Call
/// launch_summaries first: it computes the summaries [gates], with exact sums. Unless a summary
/// says that a response has no counter, then call launch_counts: it adds one to the counter of each
/// response. Both are asynchronous and allocate nothing. All arrays are in the
/// device's memory and must stay until the stream is done. Any number of streams may count in a
/// table at once. If they throw CudaError, nothing has been counted.
void launch_summaries(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                      GateSummary* to, Stream stream);
void launch_counts(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   const CountTable& table, Stream stream);

}  // namespace stratem::kernels
