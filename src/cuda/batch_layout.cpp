#include "cuda/batch_layout.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

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

void copy_rows(const MatrixView<const double>& from, double* to) {
  if (dense(from)) {
    std::memcpy(to, from.data(), bytes_of<double>(from.rows() * from.columns()));
    return;
  }
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    for (std::int64_t column = 0; column < from.columns(); ++column) *to++ = from(row, column);
  }
}

template <class T>
void copy_elements(const VectorView<const T>& from, T* to) {
  for (std::int64_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

template <class T>
const T* at(const std::byte* memory, const std::optional<std::size_t>& offset) {
  return offset ? reinterpret_cast<const T*>(memory + *offset) : nullptr;
}

}  // namespace

template <class View>
BatchLayout::Offset BatchLayout::place(const View& view, std::int64_t elements) {
  if (view.empty()) return std::nullopt;
  const std::size_t offset = bytes_;
  bytes_ += bytes_of<std::remove_reference_t<decltype(*view.data())>>(elements);
  return offset;
}

BatchLayout::BatchLayout(const ModelBatch& models)
    : models_(models.models), layers_(models.layers) {
  const std::int64_t all = models_ * layers_;
  resistivity_ = place(models.resistivity, all);
  thickness_ = place(models.thickness, all - models_);
  depth_ = place(models.depth, all);
  chargeability_ = place(models.chargeability, all);
  time_constant_ = place(models.time_constant, all);
  exponent_ = place(models.exponent, all);
  height_ = place(models.height, models_);
  layer_count_ = place(models.layer_count, models_);  // the last: its elements are smaller
}

void BatchLayout::pack(const ModelBatch& models, std::byte* memory) const {
  const auto copy = [memory](const auto& view, const Offset& offset, auto copy_to) {
    using T = std::remove_const_t<std::remove_reference_t<decltype(*view.data())>>;
    if (offset) copy_to(view, reinterpret_cast<T*>(memory + *offset));
  };
  copy(models.resistivity, resistivity_, copy_rows);
  copy(models.thickness, thickness_, copy_rows);
  copy(models.depth, depth_, copy_rows);
  copy(models.chargeability, chargeability_, copy_rows);
  copy(models.time_constant, time_constant_, copy_rows);
  copy(models.exponent, exponent_, copy_rows);
  copy(models.height, height_, copy_elements<double>);
  copy(models.layer_count, layer_count_, copy_elements<std::int32_t>);
}

kernels::BatchPointers BatchLayout::pointers(const std::byte* memory) const {
  kernels::BatchPointers to;
  to.models = models_;
  to.layers = layers_;
  to.resistivity = at<double>(memory, resistivity_);
  to.thickness = at<double>(memory, thickness_);
  to.depth = at<double>(memory, depth_);
  to.chargeability = at<double>(memory, chargeability_);
  to.time_constant = at<double>(memory, time_constant_);
  to.exponent = at<double>(memory, exponent_);
  to.height = at<double>(memory, height_);
  to.layer_count = at<std::int32_t>(memory, layer_count_);
  return to;
}

std::size_t BatchLayout::most_bytes_per_model(std::int64_t layers) {
  constexpr std::int64_t arrays = 5;  // resistivity, thickness or depth, three of Cole-Cole
  return bytes_of<double>(arrays * layers + 1) + sizeof(std::int32_t);
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
  const std::size_t each =
      BatchLayout::most_bytes_per_model(layers) + ResponseLayout(1, gates).bytes();
  return std::max(std::int64_t{1}, static_cast<std::int64_t>(bytes / each));
}

}  // namespace stratem::cuda
