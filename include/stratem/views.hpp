// Strided, non-owning views of numbers that live elsewhere: a std::vector, a numpy array, a mapped
// file.
#pragma once

#include <cstdint>

namespace stratem {

/// A one-dimensional view. Strides count elements, not bytes, and may be zero (one value for all)
/// or negative. Copying a view copies no data; the owner must outlive it.
template <class T>
class VectorView {
 public:
  constexpr VectorView() = default;
  constexpr VectorView(T* data, std::int64_t size, std::int64_t stride = 1)
      : data_(data), size_(size), stride_(stride) {}

  constexpr T& operator[](std::int64_t i) const { return data_[i * stride_]; }
  constexpr T* data() const { return data_; }
  constexpr std::int64_t size() const { return size_; }
  constexpr std::int64_t stride() const { return stride_; }
  constexpr bool empty() const { return data_ == nullptr; }

  /// The elements first .. first + count - 1.
  constexpr VectorView slice(std::int64_t first, std::int64_t count) const {
    return empty() ? VectorView() : VectorView(data_ + first * stride_, count, stride_);
  }

 private:
  T* data_ = nullptr;
  std::int64_t size_ = 0;
  std::int64_t stride_ = 1;
};

/// A two-dimensional view: rows x columns, usually models x layers or models x gates.
template <class T>
class MatrixView {
 public:
  constexpr MatrixView() = default;
  /// Row-major and dense.
  constexpr MatrixView(T* data, std::int64_t rows, std::int64_t columns)
      : MatrixView(data, rows, columns, columns, 1) {}
  constexpr MatrixView(T* data, std::int64_t rows, std::int64_t columns, std::int64_t row_stride,
                       std::int64_t column_stride)
      : data_(data),
        rows_(rows),
        columns_(columns),
        row_stride_(row_stride),
        column_stride_(column_stride) {}

  constexpr T& operator()(std::int64_t row, std::int64_t column) const {
    return data_[row * row_stride_ + column * column_stride_];
  }
  constexpr T* data() const { return data_; }
  constexpr std::int64_t rows() const { return rows_; }
  constexpr std::int64_t columns() const { return columns_; }
  constexpr std::int64_t row_stride() const { return row_stride_; }
  constexpr std::int64_t column_stride() const { return column_stride_; }
  constexpr bool empty() const { return data_ == nullptr; }

  /// The rows first .. first + count - 1.
  constexpr MatrixView slice(std::int64_t first, std::int64_t count) const {
    return empty() ? MatrixView()
                   : MatrixView(data_ + first * row_stride_, count, columns_, row_stride_,
                                column_stride_);
  }

 private:
  T* data_ = nullptr;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::int64_t row_stride_ = 0;
  std::int64_t column_stride_ = 1;
};

}  // namespace stratem
