// Writes HDF5 files: numbers in datasets, text in attributes. Rows are models, written in any
// pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/hdf5/dataset.hpp"
#include "io/hdf5/driver.hpp"
#include "io/output_file.hpp"

namespace stratem::io::hdf5 {

/// How a dataset is stored in the file.
struct Storage {
  std::int64_t chunk_rows = 0;  ///< rows stored together; 0: all rows one after another
  int compression = 0;          ///< 1 .. 9: deflate after shuffling bytes; chunks only
};

/// Rows of a dataset in another file, as a part of a virtual dataset.
struct VirtualPart {
  std::string file;
  std::int64_t first = 0;  ///< row in the whole
  std::int64_t rows = 0;
};

/// A file being written; see io::OutputFile. All functions throw IoError with the system's reason.
class OutputFile {
 public:
  OutputFile(const std::filesystem::path& path, bool overwrite);

  /// Makes a group, in which datasets are then named "group/dataset".
  void create_group(const std::string& name);
  /// Makes a dataset whose rows are written later; `Stored` is double, std::int32_t, std::uint8_t
  /// or std::uint64_t.
  template <class Stored>
  void create(const std::string& dataset, const Shape& shape, const Storage& storage = {});
  /// Makes a virtual dataset. Each of its parts is the dataset of the same name in another file.
  template <class Stored>
  void create_virtual(const std::string& dataset, const Shape& shape,
                      const std::vector<VirtualPart>& parts);
  /// Writes rows first, first + 1, ... of a dataset that was made with this type.
  template <class Stored>
  void write_rows(const std::string& dataset, std::int64_t first, const Stored* values,
                  std::int64_t count);
  /// Makes and writes a whole dataset.
  template <class Stored>
  void write(const std::string& dataset, const Shape& shape, const std::vector<Stored>& values);

  /// Attributes of the file itself, or of a dataset or group.
  void attribute(const std::string& name, double value);
  void attribute(const std::string& name, std::uint8_t value);
  void attribute(const std::string& name, std::int64_t value);
  void attribute(const std::string& name, const std::string& value,
                 const std::string& dataset = {});
  /// A text with room for `room` bytes in all, which change_attribute() can replace. What exceeds
  /// the room is cut off.
  void attribute_with_room(const std::string& name, const std::string& value, std::size_t room);

  /// Closes the file and gives it its name.
  void commit();
  /// The same, with disk space reserved for everything that was made and not yet written.
  void commit_reserved();

 private:
  /// Throws unless a call of the library succeeded and all bytes so far have been written.
  void require(bool success, const std::string& what) const;
  void scalar_attribute(const std::string& name, hid_t type, const void* value);

  template <class Stored>
  void create_as(const std::string& dataset, const Shape& shape, const Handle& properties);

  io::OutputFile output_;
  WriteDriver driver_;
  Handle file_;
};

/// Changes an attribute of an existing file, which must have been made with this type or this room,
/// and nothing else in the file. Throws IoError.
void change_attribute(const std::filesystem::path& path, const std::string& name,
                      std::uint8_t value);
void change_attribute(const std::filesystem::path& path, const std::string& name,
                      std::int64_t value);
void change_attribute(const std::filesystem::path& path, const std::string& name,
                      const std::string& value, std::size_t room);

}  // namespace stratem::io::hdf5
