#include "io/hdf5/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <limits>
#include <new>
#include <stdexcept>
#include <system_error>

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

/// The innermost reason of the call that has just failed, as one line.
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

/// The same rows of the file and of an array in memory.
struct Rows {
  Rows(hid_t dataset, std::int64_t first, std::int64_t count)
      : file(H5Dget_space(dataset), H5Sclose) {
    std::vector<hsize_t> size = dimensions(shape_of(dataset));
    std::vector<hsize_t> start(size.size(), 0);
    if (!size.empty()) {
      start.front() = static_cast<hsize_t>(first);
      size.front() = static_cast<hsize_t>(count);
      H5Sselect_hyperslab(file.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
    }
    memory =
        Handle(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose);
  }
  Handle file;
  Handle memory;
};

bool is_number(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

std::string read_fixed_text(hid_t attribute, hid_t type) {
  std::string text(H5Tget_size(type), '\0');
  if (H5Aread(attribute, type, text.data()) < 0) throw std::runtime_error(last_reason());
  text.resize(std::min(text.size(), text.find('\0')));
  return text;
}

std::string read_variable_text(hid_t attribute, hid_t type) {
  char* bytes = nullptr;
  if (H5Aread(attribute, type, static_cast<void*>(&bytes)) < 0) {
    throw std::runtime_error(last_reason());
  }
  if (bytes == nullptr) return {};
  std::string text(bytes);
  H5free_memory(bytes);
  return text;
}

}  // namespace

InputFile::InputFile(const fs::path& path) : name_(path.string()) {
  std::error_code error;
  if (fs::is_directory(path, error)) error = std::make_error_code(std::errc::is_a_directory);
  if (!error) {
    errno = 0;
    const std::ifstream probe(path, std::ios::binary);
    if (!probe) error = std::error_code(errno, std::generic_category());
  }
  if (error) throw IoError(name_ + ": cannot be opened: " + error.message());

  const Session session;
  file_ = Handle(H5Fopen(name_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file_.is_open()) {
    throw InputError(name_ + ": not a complete HDF5 file: " + last_reason());
  }
}

void InputFile::fail(std::string_view object, const std::string& problem) const {
  throw InputError(name_ + ": " + std::string(object) + ": " + problem);
}

std::vector<std::string> InputFile::names() const {
  const Session session;
  std::vector<std::string> found;
  const auto take = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  if (H5Literate(file_.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, take, &found) < 0) {
    throw InputError(name_ + ": damaged: " + last_reason());
  }
  return found;
}

bool InputFile::has(const std::string& dataset) const {
  const Session session;
  return H5Lexists(file_.id(), dataset.c_str(), H5P_DEFAULT) > 0;
}

Handle InputFile::open_dataset(const std::string& dataset) const {
  if (!has(dataset)) fail(dataset, "missing");
  Handle handle(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (!handle.is_open()) fail(dataset, "not a dataset, or damaged: " + last_reason());
  return handle;
}

Shape InputFile::shape(const std::string& dataset) const {
  const Session session;
  const Handle handle = open_dataset(dataset);
  return shape_of(handle.id());
}

std::vector<double> InputFile::rows(const std::string& dataset, std::int64_t first,
                                    std::int64_t count) const {
  const Session session;
  const Handle handle = open_dataset(dataset);
  if (!is_number(handle.id())) fail(dataset, "not numbers, allowed are integers and floats");
  std::vector<double> values;
  const std::int64_t columns = row_size(shape_of(handle.id()));
  if (count == 0 || columns == 0) return values;
  try {
    if (count > std::numeric_limits<std::int64_t>::max() / columns) throw std::bad_alloc();
    values.resize(static_cast<std::size_t>(count * columns));
  } catch (const std::exception&) {
    fail(dataset, std::to_string(count) + " x " + std::to_string(columns) +
                      " numbers do not fit in this machine's memory");
  }
  const Rows selection(handle.id(), first, count);
  if (H5Dread(handle.id(), H5T_NATIVE_DOUBLE, selection.memory.id(), selection.file.id(),
              H5P_DEFAULT, values.data()) < 0) {
    fail(dataset, "damaged or truncated: " + last_reason());
  }
  return values;
}

std::vector<double> InputFile::all(const std::string& dataset) const {
  const Shape extent = shape(dataset);
  return rows(dataset, 0, extent.empty() ? 1 : extent.front());
}

std::vector<std::uint64_t> InputFile::words(const std::string& dataset) const {
  const Session session;
  const Handle handle = open_dataset(dataset);
  if (!is_number(handle.id())) fail(dataset, "not numbers, allowed are integers");
  const Handle space(H5Dget_space(handle.id()), H5Sclose);
  std::vector<std::uint64_t> values(
      static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space.id()), 0)));
  if (!values.empty() &&
      H5Dread(handle.id(), H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    fail(dataset, "damaged or truncated: " + last_reason());
  }
  return values;
}

std::int64_t InputFile::place(const std::string& dataset) const {
  const Session session;
  const Handle handle = open_dataset(dataset);
  const haddr_t offset = H5Dget_offset(handle.id());
  return offset == HADDR_UNDEF ? -1 : static_cast<std::int64_t>(offset);
}

bool InputFile::has_attribute(const std::string& attribute, const std::string& object) const {
  const Session session;
  return H5Aexists_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT) > 0;
}

Handle InputFile::open_attribute(const std::string& attribute, const std::string& object) const {
  const std::string name = "attribute " + attribute;
  if (!has_attribute(attribute, object)) fail(name, "missing");
  Handle handle(
      H5Aopen_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  if (!handle.is_open()) fail(name, "damaged: " + last_reason());
  const Handle space(H5Aget_space(handle.id()), H5Sclose);
  if (H5Sget_simple_extent_npoints(space.id()) != 1) fail(name, "not one value");
  return handle;
}

double InputFile::number_attribute(const std::string& attribute) const {
  const Session session;
  const Handle handle = open_attribute(attribute);
  double value = 0.0;
  if (H5Aread(handle.id(), H5T_NATIVE_DOUBLE, &value) < 0) {
    fail("attribute " + attribute, "not a number: " + last_reason());
  }
  return value;
}

std::int64_t InputFile::whole_attribute(const std::string& attribute) const {
  const Session session;
  const Handle handle = open_attribute(attribute);
  std::int64_t value = 0;
  if (H5Aread(handle.id(), H5T_NATIVE_INT64, &value) < 0) {
    fail("attribute " + attribute, "not a whole number: " + last_reason());
  }
  return value;
}

std::string InputFile::text_attribute(const std::string& attribute,
                                      const std::string& object) const {
  const Session session;
  const Handle handle = open_attribute(attribute, object);
  const Handle type(H5Aget_type(handle.id()), H5Tclose);
  if (H5Tget_class(type.id()) != H5T_STRING) fail("attribute " + attribute, "not a text");
  try {
    return H5Tis_variable_str(type.id()) > 0 ? read_variable_text(handle.id(), type.id())
                                             : read_fixed_text(handle.id(), type.id());
  } catch (const std::runtime_error& error) {
    fail("attribute " + attribute, std::string("damaged: ") + error.what());
  }
}

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

void OutputFile::number_attribute(const std::string& name, hid_t type, const void* value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle handle(
      H5Acreate2(file_.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  require(handle.is_open() && H5Awrite(handle.id(), type, value) >= 0,
          "attribute " + name + ": cannot be written");
}

void OutputFile::attribute(const std::string& name, double value) {
  const Session session;
  number_attribute(name, H5T_NATIVE_DOUBLE, &value);
}

void OutputFile::attribute(const std::string& name, std::uint8_t value) {
  const Session session;
  number_attribute(name, H5T_NATIVE_UINT8, &value);
}

void OutputFile::attribute(const std::string& name, std::int64_t value) {
  const Session session;
  number_attribute(name, H5T_NATIVE_INT64, &value);
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
  const WriteDriver driver;
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, driver.access_properties()), H5Fclose);
  const auto require = [&](bool success) {
    if (success && !driver.failure()) return;
    throw IoError(path.string() + ": attribute " + name + ": cannot be written: " +
                  (driver.failure() ? driver.failure().message() : last_reason()));
  };
  require(file.is_open());
  Handle attribute(H5Aopen(file.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  require(attribute.is_open() && H5Awrite(attribute.id(), H5T_NATIVE_UINT8, &value) >= 0);
  require(attribute.close());
  require(file.close());
}

}  // namespace stratem::io::hdf5
