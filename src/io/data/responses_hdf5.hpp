// Responses in HDF5.
#pragma once

#include <cstdint>
#include <filesystem>

#include "io/data/hdf5_file.hpp"
#include "stratem/io.hpp"

namespace stratem::io {

/// A response file being written, model by model in any pieces. It appears when finished.
class ResponseFileHdf5 {
 public:
  /// Writes all that is known before the first response.
  ResponseFileHdf5(const std::filesystem::path& path, std::int64_t models,
                   const ResponseAttributes& attributes, bool overwrite);

  /// The responses of models first, first + 1, ...
  void write(std::int64_t first, const Responses& responses);
  void finish();

 private:
  void write_gates(const System& system);
  void write_attributes(const ResponseAttributes& attributes);

  hdf5::OutputFile file_;
};

/// See read_responses().
ResponseFile read_responses_hdf5(const std::filesystem::path& path);

}  // namespace stratem::io
