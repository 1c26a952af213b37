// The progress of a run or of a plan's construction, on standard error: a bar on a terminal, or a
// line from time to time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "stratem/plan.hpp"

namespace stratem::cli {

/// The progress of a run, including the models that were in its file before it began.
struct Advance {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::int64_t failed = 0;
  std::int64_t before = 0;  ///< how many of those done were in the file already
  double seconds = 0.0;     ///< time that the others took
};

/// "[#####     ]  50 %  600 of 1200  120 models/s  0:05 left  3 failed"
std::string progress_bar(const Advance& advance);
/// "600 of 1200 models, 50 %, 120 models/s, 0:05 left, 3 failed"
std::string progress_line(const Advance& advance);

/// "[#####     ]  50 %  plan  2 searches  0:12"
std::string progress_bar(const PlanProgress& plan);
/// "plan: 50 %, 2 searches, 0:12"
std::string progress_line(const PlanProgress& plan);

class Progress {
 public:
  /// Shows nothing unless `wanted`. If standard error is not a terminal, a line is printed every
  /// `interval`.
  explicit Progress(bool wanted, std::chrono::duration<double> interval = std::chrono::seconds(30));
  /// Erases the bar.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Advance& advance);
  void show(const PlanProgress& plan);

 private:
  template <class Stage>
  void show_at(double seconds, const Stage& stage);

  bool wanted_;
  bool terminal_;
  double interval_;
  double next_line_;
};

}  // namespace stratem::cli
