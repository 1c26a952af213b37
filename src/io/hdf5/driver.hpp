// How HDF5 writes to the disk in this project.
#pragma once

#include <memory>
#include <system_error>

#include "io/hdf5/handle.hpp"

namespace stratem::io::hdf5 {

/// A file driver for writing that never fails: it stores the first error of the system for
/// failure() and from then on only pretends to write.
///
/// The library's own drivers report the error, and then the library can neither close the file nor
/// shut down cleanly: with HDF5 1.10 a program that met a full disk crashes at exit.
class WriteDriver {
 public:
  WriteDriver();
  /// For H5Fcreate, or H5Fopen to change a file; this object must outlive the file. Datasets begin
  /// at multiples of 64 bytes.
  hid_t access_properties() const { return properties_.id(); }
  /// The first error in reading or writing bytes, or nothing.
  std::error_code failure() const { return *failure_; }

 private:
  std::unique_ptr<std::error_code> failure_;
  Handle driver_;
  Handle properties_;
};

}  // namespace stratem::io::hdf5
