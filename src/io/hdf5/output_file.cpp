#include "io/hdf5/output_file.hpp"

#include <algorithm>

#include "stratem/error.hpp"

namespace stratem::io::hdf5 {
namespace {

namespace fs = std::filesystem;

template <class T>
hid_t type_of();
template <>
hid_t type_of<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t type_of<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t type_of<std::uint64_t>() {
  return H5T_NATIVE_UINT64;
}
template <>
hid_t type_of<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t type_of<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

/// Text of `room` bytes, padded with zeros.
Handle fixed_text_type(std::size_t room) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), room);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
  return type;
}

std::string padded(const std::string& text, std::size_t room) {
  std::string bytes = text.substr(0, room);
  bytes.resize(room);
  return bytes;
}

void change_attribute(const fs::path& path, const std::string& name, hid_t type,
                      const void* value) {
  const WriteDriver driver;
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, driver.access_properties()), H5Fclose);
  const auto require = [&](bool success) {
    if (success && !driver.failure()) return;
    throw IoError(path.string() + ": attribute " + name + ": cannot be written: " +
                  (driver.failure() ? driver.failure().message() : last_reason()));
  };
  require(file.is_open());
  Handle attribute(H5Aopen(file.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  require(attribute.is_open() && H5Awrite(attribute.id(), type, value) >= 0);
  require(attribute.close());
  require(file.close());
}

}  // namespace

OutputFile::OutputFile(const fs::path& path, bool overwrite) : output_(path, overwrite) {
  const Session session;
  file_ = Handle(H5Fcreate(output_.temporary().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT,
                           driver_.access_properties()),
                 H5Fclose);
  require(file_.is_open(), "cannot be written");
}

void OutputFile::require(bool success, const std::string& what) const {
  const auto failure = driver_.failure();
  if (success && !failure) return;
  throw IoError(output_.target().string() + ": " + what + ": " +
                (failure ? failure.message() : last_reason()));
}

void OutputFile::create_group(const std::string& name) {
  const Session session;
  Handle handle(H5Gcreate2(file_.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                H5Gclose);
  require(handle.is_open() && handle.close(), name + ": cannot be written");
}

template <class Stored>
void OutputFile::create(const std::string& dataset, const Shape& shape, const Storage& storage) {
  const Session session;
  const auto extent = dimensions(shape);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const bool empty = std::find(extent.begin(), extent.end(), hsize_t{0}) != extent.end();
  if (storage.chunk_rows > 0 && !empty) {
    std::vector<hsize_t> chunk = extent;
    chunk.front() = static_cast<hsize_t>(storage.chunk_rows);
    H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    if (storage.compression > 0) {
      H5Pset_shuffle(properties.id());
      H5Pset_deflate(properties.id(), static_cast<unsigned>(storage.compression));
    }
  } else {
    // The position of every number in the file is fixed now.
    H5Pset_alloc_time(properties.id(), H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(properties.id(), H5D_FILL_TIME_NEVER);
  }
  create_as<Stored>(dataset, shape, properties);
}

template <class Stored>
void OutputFile::create_virtual(const std::string& dataset, const Shape& shape,
                                const std::vector<VirtualPart>& parts) {
  const Session session;
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const auto extent = dimensions(shape);
  const int rank = static_cast<int>(extent.size());
  for (const auto& part : parts) {
    if (part.rows == 0) continue;
    std::vector<hsize_t> start(extent.size(), 0);
    std::vector<hsize_t> size = extent;
    start.front() = static_cast<hsize_t>(part.first);
    size.front() = static_cast<hsize_t>(part.rows);
    const Handle from(H5Screate_simple(rank, size.data(), nullptr), H5Sclose);
    const Handle to(H5Screate_simple(rank, extent.data(), nullptr), H5Sclose);
    H5Sselect_hyperslab(to.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
    require(H5Pset_virtual(properties.id(), to.id(), part.file.c_str(), dataset.c_str(),
                           from.id()) >= 0,
            dataset + ": cannot refer to " + part.file);
  }
  create_as<Stored>(dataset, shape, properties);
}

template <class Stored>
void OutputFile::create_as(const std::string& dataset, const Shape& shape,
                           const Handle& properties) {
  const auto extent = dimensions(shape);
  // The same numbers give the same file, whenever they are written.
  H5Pset_obj_track_times(properties.id(), 0);
  const Handle space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr),
                     H5Sclose);
  const Handle handle(H5Dcreate2(file_.id(), dataset.c_str(), type_of<Stored>(), space.id(),
                                 H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                      H5Dclose);
  require(handle.is_open(), dataset + ": cannot be written");
}

template <class Stored>
void OutputFile::write_rows(const std::string& dataset, std::int64_t first, const Stored* values,
                            std::int64_t count) {
  const Session session;
  const std::string problem = dataset + ": cannot be written";
  Handle handle(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  require(handle.is_open(), problem);
  if (count == 0 || row_size(shape_of(handle.id())) == 0) return;
  const Rows selection(handle.id(), first, count);
  require(H5Dwrite(handle.id(), type_of<Stored>(), selection.memory.id(), selection.file.id(),
                   H5P_DEFAULT, values) >= 0,
          problem);
  // Closing writes the chunks that the library still holds back.
  require(handle.close(), problem);
}

template <class Stored>
void OutputFile::write(const std::string& dataset, const Shape& shape,
                       const std::vector<Stored>& values) {
  create<Stored>(dataset, shape);
  write_rows(dataset, 0, values.data(), shape.front());
}

template void OutputFile::create<double>(const std::string&, const Shape&, const Storage&);
template void OutputFile::create<std::int32_t>(const std::string&, const Shape&, const Storage&);
template void OutputFile::create<std::uint8_t>(const std::string&, const Shape&, const Storage&);
template void OutputFile::create<std::uint64_t>(const std::string&, const Shape&, const Storage&);
template void OutputFile::create_virtual<double>(const std::string&, const Shape&,
                                                 const std::vector<VirtualPart>&);
template void OutputFile::create_virtual<std::uint8_t>(const std::string&, const Shape&,
                                                       const std::vector<VirtualPart>&);
template void OutputFile::write_rows(const std::string&, std::int64_t, const double*, std::int64_t);
template void OutputFile::write_rows(const std::string&, std::int64_t, const std::int32_t*,
                                     std::int64_t);
template void OutputFile::write_rows(const std::string&, std::int64_t, const std::uint8_t*,
                                     std::int64_t);
template void OutputFile::write_rows(const std::string&, std::int64_t, const std::uint64_t*,
                                     std::int64_t);
template void OutputFile::write(const std::string&, const Shape&, const std::vector<double>&);
template void OutputFile::write(const std::string&, const Shape&, const std::vector<std::int32_t>&);
template void OutputFile::write(const std::string&, const Shape&, const std::vector<std::int64_t>&);

void OutputFile::scalar_attribute(const std::string& name, hid_t type, const void* value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle handle(
      H5Acreate2(file_.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  require(handle.is_open() && H5Awrite(handle.id(), type, value) >= 0,
          "attribute " + name + ": cannot be written");
}

void OutputFile::attribute(const std::string& name, double value) {
  const Session session;
  scalar_attribute(name, H5T_NATIVE_DOUBLE, &value);
}

void OutputFile::attribute(const std::string& name, std::uint8_t value) {
  const Session session;
  scalar_attribute(name, H5T_NATIVE_UINT8, &value);
}

void OutputFile::attribute(const std::string& name, std::int64_t value) {
  const Session session;
  scalar_attribute(name, H5T_NATIVE_INT64, &value);
}

void OutputFile::attribute(const std::string& name, const std::string& value,
                           const std::string& dataset) {
  const Session session;
  // A string of variable length, because one of fixed length cannot hold the 64 KiB and more of a
  // long waveform.
  const Handle type = text_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle object(H5Oopen(file_.id(), dataset.empty() ? "/" : dataset.c_str(), H5P_DEFAULT),
                      H5Oclose);
  const Handle handle(
      H5Acreate2(object.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  const char* bytes = value.c_str();
  require(
      handle.is_open() && H5Awrite(handle.id(), type.id(), static_cast<const void*>(&bytes)) >= 0,
      "attribute " + name + ": cannot be written");
}

void OutputFile::attribute_with_room(const std::string& name, const std::string& value,
                                     std::size_t room) {
  const Session session;
  scalar_attribute(name, fixed_text_type(room).id(), padded(value, room).data());
}

void OutputFile::commit() {
  const Session session;
  require(file_.close(), "cannot be written");
  output_.commit();
}

void OutputFile::commit_reserved() {
  const Session session;
  require(file_.close(), "cannot be written");
  output_.reserve();
  output_.commit();
}

void change_attribute(const fs::path& path, const std::string& name, std::uint8_t value) {
  const Session session;
  change_attribute(path, name, H5T_NATIVE_UINT8, &value);
}

void change_attribute(const fs::path& path, const std::string& name, std::int64_t value) {
  const Session session;
  change_attribute(path, name, H5T_NATIVE_INT64, &value);
}

void change_attribute(const fs::path& path, const std::string& name, const std::string& value,
                      std::size_t room) {
  const Session session;
  change_attribute(path, name, fixed_text_type(room).id(), padded(value, room).data());
}

}  // namespace stratem::io::hdf5
