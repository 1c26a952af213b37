#include "io/hdf5/dataset.hpp"

#include <algorithm>
#include <cstddef>

namespace stratem::io::hdf5 {

std::string last_reason() {
  std::string reason;
  const auto take_first = [](unsigned level, const H5E_error2_t* error, void* text) -> herr_t {
    if (level == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &reason);
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return reason.empty() ? "no reason given" : reason;
}

std::vector<hsize_t> dimensions(const Shape& shape) { return {shape.begin(), shape.end()}; }

std::int64_t row_size(const Shape& shape) {
  std::int64_t size = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) size *= shape[i];
  return size;
}

Shape shape_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> extent(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank < 0 || H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr) < 0) return {};
  return {extent.begin(), extent.end()};
}

Rows::Rows(hid_t dataset, std::int64_t first, std::int64_t count)
    : file(H5Dget_space(dataset), H5Sclose) {
  std::vector<hsize_t> size = dimensions(shape_of(dataset));
  std::vector<hsize_t> start(size.size(), 0);
  if (!size.empty()) {
    start.front() = static_cast<hsize_t>(first);
    size.front() = static_cast<hsize_t>(count);
    H5Sselect_hyperslab(file.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  }
  memory = Handle(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose);
}

}  // namespace stratem::io::hdf5
