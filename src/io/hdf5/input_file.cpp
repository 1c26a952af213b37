#include "io/hdf5/input_file.hpp"

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

bool is_number(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
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

std::int64_t InputFile::offset(const std::string& dataset) const {
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

}  // namespace stratem::io::hdf5
