// A batch and its responses, each in one piece of memory, so that one copy moves them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/earth/model_arrays.hpp"
#include "kernels/batch_pointers.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::cuda {

/// The positions of the arrays of a batch: dense, row-major and one after another.
class BatchLayout {
 public:
  explicit BatchLayout(const ModelBatch& models);

  std::size_t bytes() const { return bytes_; }
  bool polarizable() const { return polarizable_; }
  /// Copies the batch that the layout was made for.
  void pack(const ModelBatch& models, std::byte* memory) const;
  /// Pointers to the arrays in memory that starts at `memory`, which is not read.
  kernels::BatchPointers pointers(const std::byte* memory) const;

 private:
  using Offset = std::optional<std::size_t>;  // none if there is no such array

  std::int64_t models_;
  std::int64_t layers_;
  bool polarizable_;
  std::size_t bytes_ = 0;
  std::array<Offset, core::model_array_count> offsets_;  // in the order of for_each_model_array
};

/// The positions of the responses [models, gates] and, after them, the status [models].
class ResponseLayout {
 public:
  ResponseLayout(std::int64_t models, std::int64_t gates) : models_(models), gates_(gates) {}

  std::size_t bytes() const;
  kernels::ResponsePointers pointers(std::byte* memory) const;
  /// Copies from memory to the caller's arrays.
  void unpack(const std::byte* memory, const ResponseView& responses) const;

 private:
  std::int64_t models_;
  std::int64_t gates_;
};

/// Bytes of pinned memory and of device memory for one batch, unless the caller asks for more. A
/// batch of this size takes milliseconds to compute, so the time to start it is negligible.
inline constexpr std::size_t usual_bytes = std::size_t{64} << 20;

/// The number of models of at most `layers` layers that fit into that many bytes with their
/// responses; at least one.
std::int64_t models_in(std::size_t bytes, std::int64_t layers, std::int64_t gates);

}  // namespace stratem::cuda
