// A progress bar on standard error, if that is a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stratem::cli {

/// "[#####     ]  50 %  1200 models/s  0:07 left"
std::string progress_text(std::int64_t done, std::int64_t total, double seconds);

class Progress {
 public:
  /// Shows nothing if `wanted` is false or standard error is not a terminal.
  Progress(std::int64_t total, bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool visible() const { return visible_; }
  void show(std::int64_t done) const;

 private:
  std::int64_t total_;
  bool visible_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace stratem::cli
