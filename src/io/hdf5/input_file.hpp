// Reads HDF5 files as this project uses them: nearly flat, numbers in datasets, text in attributes.
// Messages name the file and the dataset. Rows are models, read in any pieces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdf5/dataset.hpp"

namespace stratem::io::hdf5 {

/// A file open for reading. All functions throw InputError if the file does not contain the
/// requested data or is damaged.
class InputFile {
 public:
  /// Throws IoError if the file cannot be opened, InputError if it is not a complete HDF5 file.
  explicit InputFile(const std::filesystem::path& path);

  /// The name of the file in messages.
  const std::string& name() const { return name_; }
  /// Names of all objects at the top.
  std::vector<std::string> names() const;
  bool has(const std::string& dataset) const;
  Shape shape(const std::string& dataset) const;

  /// Rows first .. first + count - 1 of a dataset of numbers of any kind, converted to double.
  std::vector<double> rows(const std::string& dataset, std::int64_t first,
                           std::int64_t count) const;
  /// All of a dataset.
  std::vector<double> all(const std::string& dataset) const;

  /// All of a dataset of whole numbers of 64 bits.
  std::vector<std::uint64_t> words(const std::string& dataset) const;
  /// The offset in the file at which the numbers of a dataset without chunks begin; -1 if they are
  /// not stored one after another.
  std::int64_t offset(const std::string& dataset) const;

  bool has_attribute(const std::string& attribute, const std::string& object = "/") const;
  double number_attribute(const std::string& attribute) const;
  std::int64_t whole_attribute(const std::string& attribute) const;
  /// An attribute of the file itself, or of a dataset or group.
  std::string text_attribute(const std::string& attribute, const std::string& object = "/") const;

 private:
  Handle open_dataset(const std::string& dataset) const;
  Handle open_attribute(const std::string& attribute, const std::string& object = "/") const;
  [[noreturn]] void fail(std::string_view object, const std::string& problem) const;

  std::string name_;
  Handle file_;
};

}  // namespace stratem::io::hdf5
