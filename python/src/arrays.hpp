// numpy arrays as the library's views, and the library's vectors as numpy arrays; neither copies
// numbers.
#pragma once

#include <nanobind/ndarray.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "stratem/views.hpp"

namespace stratem::python {

template <class T>
using Vector = nb::ndarray<nb::numpy, T, nb::ndim<1>, nb::device::cpu>;
template <class T>
using Matrix = nb::ndarray<nb::numpy, T, nb::ndim<2>, nb::device::cpu>;

/// The view is valid as long as the array is.
template <class T>
VectorView<T> view_of(const Vector<T>& array) {
  return {array.data(), static_cast<std::int64_t>(array.shape(0)), array.stride(0)};
}

template <class T>
MatrixView<T> view_of(const Matrix<T>& array) {
  return {array.data(), static_cast<std::int64_t>(array.shape(0)),
          static_cast<std::int64_t>(array.shape(1)), array.stride(0), array.stride(1)};
}

/// An absent array is an empty view.
template <class T>
VectorView<T> view_of(const std::optional<Vector<T>>& array) {
  return array ? view_of(*array) : VectorView<T>();
}

template <class T>
MatrixView<T> view_of(const std::optional<Matrix<T>>& array) {
  return array ? view_of(*array) : MatrixView<T>();
}

/// A numpy array that owns the vector.
template <class T>
nb::object to_numpy(std::vector<T> values, std::initializer_list<std::int64_t> shape) {
  auto* const kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  const std::vector<std::size_t> extents(shape.begin(), shape.end());
  const nb::ndarray<nb::numpy, T> array(kept->data(), extents.size(), extents.data(), owner);
  return nb::cast(array, nb::rv_policy::reference);
}

}  // namespace stratem::python
