#include "cuda/batch_layout.hpp"

#include <algorithm>
#include <cstring>

#include "core/earth/model_arrays.hpp"

namespace stratem::cuda {
namespace {

/// Bytes of a number of elements of a type.
template <class T>
std::size_t bytes_of(std::int64_t elements) {
  return static_cast<std::size_t>(elements) * sizeof(T);
}

template <class T>
bool dense(const MatrixView<T>& view) {
  return view.column_stride() == 1 && view.row_stride() == view.columns();
}

void copy(const MatrixView<const double>& from, double* to) {
  if (dense(from)) {
    std::memcpy(to, from.data(), bytes_of<double>(from.rows() * from.columns()));
    return;
  }
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    for (std::int64_t column = 0; column < from.columns(); ++column) *to++ = from(row, column);
  }
}

template <class T>
void copy(const VectorView<const T>& from, T* to) {
  for (std::int64_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

}  // namespace

BatchLayout::BatchLayout(const ModelBatch& models)
    : models_(models.models), layers_(models.layers), polarizable_(!models.chargeability.empty()) {
  // Arrays of larger numbers come first, so that all numbers are aligned.
  for (const std::size_t size : {sizeof(double), sizeof(std::int32_t)}) {
    auto offset = offsets_.begin();
    core::for_each_model_array([&](const auto& array) {
      Offset& place = *offset++;
      if (sizeof(array.absent) != size || (models.*array.view).empty()) return;
      place = bytes_;
      bytes_ += static_cast<std::size_t>(models_ * array.columns(layers_)) * size;
    });
  }
}

void BatchLayout::pack(const ModelBatch& models, std::byte* memory) const {
  auto offset = offsets_.begin();
  core::for_each_model_array([&](const auto& array) {
    using Number = decltype(array.absent);
    const Offset& place = *offset++;
    if (place) copy(models.*array.view, reinterpret_cast<Number*>(memory + *place));
  });
}

kernels::BatchPointers BatchLayout::pointers(const std::byte* memory) const {
  kernels::BatchPointers to;
  to.models = models_;
  to.layers = layers_;
  auto offset = offsets_.begin();
  core::for_each_model_array([&](const auto& array) {
    using Number = decltype(array.absent);
    const Offset& place = *offset++;
    if (place) to.*array.pointer = reinterpret_cast<const Number*>(memory + *place);
  });
  return to;
}

std::size_t ResponseLayout::bytes() const {
  return bytes_of<double>(models_ * gates_) + bytes_of<Status>(models_);
}

kernels::ResponsePointers ResponseLayout::pointers(std::byte* memory) const {
  return {reinterpret_cast<double*>(memory),
          reinterpret_cast<Status*>(memory + bytes_of<double>(models_ * gates_))};
}

void ResponseLayout::unpack(const std::byte* memory, const ResponseView& responses) const {
  const auto* response = reinterpret_cast<const double*>(memory);
  const auto* status = reinterpret_cast<const Status*>(memory + bytes_of<double>(models_ * gates_));
  if (dense(responses.response)) {
    std::memcpy(responses.response.data(), response, bytes_of<double>(models_ * gates_));
  } else {
    for (std::int64_t m = 0; m < models_; ++m) {
      for (std::int64_t gate = 0; gate < gates_; ++gate) {
        responses.response(m, gate) = response[m * gates_ + gate];
      }
    }
  }
  for (std::int64_t m = 0; m < models_; ++m) responses.status[m] = status[m];
}

std::int64_t models_in(std::size_t bytes, std::int64_t layers, std::int64_t gates) {
  const std::size_t each = static_cast<std::size_t>(core::most_bytes_per_model(layers)) +
                           ResponseLayout(1, gates).bytes();
  return std::max(std::int64_t{1}, static_cast<std::int64_t>(bytes / each));
}

}  // namespace stratem::cuda
