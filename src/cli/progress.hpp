// How far a run is, on standard error: a bar on a terminal, else a line now and then.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stratem::cli {

/// How far a run is, those of its models included that were in its file before it began.
struct Advance {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::int64_t failed = 0;
  std::int64_t before = 0;  ///< of those done: in the file already
  double seconds = 0.0;     ///< that the others took
};

/// "[#####     ]  50 %  600 of 1200  120 models/s  0:05 left  3 failed"
std::string progress_bar(const Advance& advance);
/// "600 of 1200 models, 50 %, 120 models/s, 0:05 left, 3 failed"
std::string progress_line(const Advance& advance);

class Progress {
 public:
  /// Shows nothing unless `wanted`. Where standard error is no terminal, lines come `interval`
  /// apart.
  explicit Progress(bool wanted, std::chrono::duration<double> interval = std::chrono::seconds(30));
  /// Wipes the bar away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Advance& advance);

 private:
  bool wanted_;
  bool terminal_;
  double interval_;
  double next_line_;
};

}  // namespace stratem::cli
