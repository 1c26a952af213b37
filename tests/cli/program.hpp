// Runs the built program as a user would, in a separate folder.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace stratem::test {

/// The results of a run of the program.
struct Outcome {
  int status = -1;     ///< exit status; 128 + n if signal n ended it
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
  /// Largest memory it used, bytes, including the memory it shared with the test when it started.
  std::int64_t peak_memory = 0;
};

/// A signal that is sent to a run some time after its start.
struct Signal {
  int number = 0;  ///< 0: none
  std::chrono::milliseconds after{};
};

/// The destination of a run's standard error.
enum class Errors { file, terminal };

/// Whether this machine has pseudo-terminals: containers may lack them.
bool has_terminals();

/// A test with an empty folder, which is removed afterwards. Runs start in that folder.
class ProgramTest : public testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& arguments, Errors errors = Errors::file,
              const Signal& signal = {}) const;
  /// Runs `stratem` inside a line of shell, as "$STRATEM".
  Outcome run_in_shell(const std::string& line) const;

  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const { return std::filesystem::exists(folder() / name); }
  /// Names of all files in the folder, sorted.
  std::vector<std::string> names() const;

  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

/// A small system that is computed quickly: a central loop of 10 m radius on the ground, two times.
extern const char* const small_system;
/// Two two-layer models that can be computed, with names as in a CSV file.
extern const char* const good_models;
/// Four models: the second has a negative resistivity, the third and fourth depths that do not
/// increase.
extern const char* const models_with_bad_ones;
/// A prior of two layers.
extern const char* const small_prior;
/// A GA-AEM system file. It contains no geometry except the loop's radius.
extern const char* const small_stm;

}  // namespace stratem::test
