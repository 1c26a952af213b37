// Files: systems (JSON, .gex, .stm), priors and grids (JSON), models and responses (HDF5, CSV).
// Functions that read throw InputError naming file, line or key, value and what is allowed, and
// IoError if the file cannot be opened. Functions that write throw InputError if the file exists
// and may not be replaced or if none can be made there, and IoError if writing fails later. A
// function that throws leaves no new file behind.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stratem/backends.hpp"
#include "stratem/export.hpp"
#include "stratem/grid.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/sampling.hpp"
#include "stratem/statistics.hpp"
#include "stratem/system.hpp"

namespace stratem {

/// The geometry that a .gex or .stm file does not contain. Giving a value that the file contains is
/// an error.
struct ImportOptions {
  std::optional<double> transmitter_height;  ///< m above the ground
  /// dx, dy, dz from the transmitter, m, z positive up; .stm only.
  std::optional<std::array<double, 3>> receiver;
  std::vector<Component> components{Component::z};  ///< .stm only: one moment for each
  bool all_gates = false;  ///< .gex only: keep the gates that RemoveInitialGates drops
};

/// A system with notes on how its file was read: keys that were read and not used, facts that are
/// kept but not modelled. One line each.
struct SystemFile {
  System system;
  std::vector<std::string> notes;
};

/// Reads a system. The name's ending, .json, .gex or .stm, tells the format. The result has been
/// checked.
STRATEM_EXPORT SystemFile read_system(const std::filesystem::path& path,
                                      const ImportOptions& options = {});
/// The system as the JSON text of its file format. Reading the text gives the same system to the
/// last bit.
STRATEM_EXPORT std::string to_json(const System& system);
/// Reads the JSON text of a system; `origin` is its name in messages.
STRATEM_EXPORT System system_from_json(const std::string& text, const std::string& origin);
/// Writes the system as JSON. Refuses an existing file unless `overwrite`.
STRATEM_EXPORT void write_system(const std::filesystem::path& path, const System& system,
                                 bool overwrite = false);

/// Reads the JSON file of a prior.
STRATEM_EXPORT Prior read_prior(const std::filesystem::path& path);
/// Reads the JSON text of a prior; `origin` is its name in messages.
STRATEM_EXPORT Prior prior_from_json(const std::string& text, const std::string& origin);
/// The prior as JSON text. Reading the text gives the same prior to the last bit.
STRATEM_EXPORT std::string to_json(const Prior& prior);
/// Reads the JSON file of a grid.
STRATEM_EXPORT Grid read_grid(const std::filesystem::path& path);
/// Reads the JSON text of a grid; `origin` is its name in messages.
STRATEM_EXPORT Grid grid_from_json(const std::string& text, const std::string& origin);

/// Finds out, before a long computation, whether models or responses could be written there. Throws
/// InputError if the name has another ending than .h5, .hdf5 or .csv, if the file exists and
/// `overwrite` is not set, or, with the operating system's reason, if no file can be made there.
/// Leaves no file behind. Does not check disk space.
STRATEM_EXPORT void check_writable(const std::filesystem::path& path, bool overwrite);

/// Reads all models of an HDF5 (.h5, .hdf5) or CSV (.csv) file.
STRATEM_EXPORT ModelSet read_models(const std::filesystem::path& path);
/// Writes models as HDF5 or CSV, by the name's ending. Refuses an existing file unless `overwrite`.
STRATEM_EXPORT void write_models(const std::filesystem::path& path, const ModelSet& models,
                                 bool overwrite = false);
/// Writes all models of a grid piece by piece, so that memory does not grow with their number. HDF5
/// gets the group `grid` with the axes, CSV a comment line for each axis. `progress` is called
/// before each piece with the number of models written.
STRATEM_EXPORT void write_models(const std::filesystem::path& path, const Grid& grid,
                                 bool overwrite = false,
                                 const std::function<void(std::int64_t)>& progress = {});
/// The axes of the grid that the models or responses of an HDF5 file belong to, slowest first; none
/// if they do not belong to a grid.
STRATEM_EXPORT std::vector<GridAxis> read_grid_axes(const std::filesystem::path& path);

/// The facts that a response file contains besides the responses.
struct ResponseAttributes {
  System system;
  double tolerance = 0.0;
  double plan_error = 0.0;  ///< largest relative error measured for the plan; 0 for the reference
  std::string backend;
  std::string device;
  DeviceFaults faults{};  ///< of the devices, while the responses were computed
};

/// Writes responses as HDF5 or CSV, by the name's ending. Refuses an existing file unless
/// `overwrite`.
STRATEM_EXPORT void write_responses(const std::filesystem::path& path, const Responses& responses,
                                    const ResponseAttributes& attributes, bool overwrite = false);

/// Writes statistics of responses as HDF5 or CSV, by the name's ending. Refuses an existing file
/// unless `overwrite`.
STRATEM_EXPORT void write_statistics(const std::filesystem::path& path,
                                     const ResponseStatistics& statistics,
                                     const ResponseAttributes& attributes, bool overwrite = false);

struct ResponseFile {
  Responses responses;
  ResponseAttributes attributes;
  std::string version;  ///< of the program that wrote the file
};
/// A complete response file in HDF5, which can be read in any pieces.
class STRATEM_EXPORT ResponseReader {
 public:
  /// Also throws InputError if the file belongs to a run that is not complete.
  explicit ResponseReader(const std::filesystem::path& path);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;

  std::int64_t models() const;
  std::int64_t gates() const;
  const ResponseAttributes& attributes() const;
  /// The version of the program that wrote the file.
  const std::string& version() const;
  /// The responses of models first .. first + count - 1, which must be in the file.
  Responses read(std::int64_t first, std::int64_t count) const;

 private:
  struct STRATEM_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// Reads all of a response file in HDF5.
STRATEM_EXPORT ResponseFile read_responses(const std::filesystem::path& path);

}  // namespace stratem
