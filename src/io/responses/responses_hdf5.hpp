// Responses in HDF5.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "io/hdf5/input_file.hpp"
#include "io/hdf5/output_file.hpp"
#include "io/responses/block_checksums.hpp"
#include "stratem/io.hpp"
#include "stratem/run_file.hpp"

namespace stratem::io {

/// How responses are stored in their file.
struct ResponseStorage {
  /// 1 .. 9: deflated chunks; 0: one number after another, at fixed places.
  int compression = 0;
  /// Other files that hold the responses; empty: the file itself does.
  std::vector<hdf5::VirtualPart> parts{};
};

/// The numbers of the dataset `checkpoint`.
inline constexpr std::int64_t checkpoint_words = 3;
std::array<std::uint64_t, checkpoint_words> checkpoint_of(std::int64_t models,
                                                          const BlockChecksum& unfinished);

/// A response file being written, model by model in any pieces. It appears when finished.
class ResponseFileHdf5 {
 public:
  /// Writes everything that is known before the first response.
  ResponseFileHdf5(const std::filesystem::path& path, std::int64_t models,
                   const ResponseAttributes& attributes, bool overwrite);
  /// The file of a run: it describes the run and has checksums. Responses must be written in the
  /// order of models.
  ResponseFileHdf5(const std::filesystem::path& path, const RunDescription& run, bool overwrite,
                   const ResponseStorage& storage = {});

  /// Writes the responses of models first, first + 1, ...
  void write(std::int64_t first, const Responses& responses);
  void finish();
  /// Lets the file appear with no responses yet, with `complete` 0 and disk space reserved.
  void appear_unwritten();

 private:
  void make_responses(std::int64_t models, const ResponseAttributes& attributes,
                      const ResponseStorage& storage);
  void write_run(const RunDescription& run);
  void make_checksums(std::int64_t models);
  void write_checksums(std::int64_t first_block, const std::vector<BlockChecksum>& sums);

  hdf5::OutputFile file_;
  std::optional<BlockChecksums> checksums_;
};

/// True if all responses are in the file.
bool is_complete(const hdf5::InputFile& file);

}  // namespace stratem::io
