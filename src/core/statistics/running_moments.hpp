// Mean and spread of numbers that are added one by one.
#pragma once

#include <cmath>
#include <cstdint>

namespace stratem::core {

/// Has no cancellation when the spread is small compared with the mean (Welford 1962; parts are
/// joined as by Chan, Golub and LeVeque 1979). Numbers in the same order give the same result to
/// the last digit. Device code may add to it.
class RunningMoments {
 public:
  constexpr void add(double value) {
    ++count_;
    const double step = value - mean_;
    mean_ += step / static_cast<double>(count_);
    squares_ += step * (value - mean_);
  }

  constexpr void add(const RunningMoments& other) {
    if (other.count_ == 0) return;
    const double step = other.mean_ - mean_;
    const auto part =
        static_cast<double>(other.count_) / static_cast<double>(count_ + other.count_);
    squares_ += other.squares_ + step * step * part * static_cast<double>(count_);
    mean_ += step * part;
    count_ += other.count_;
  }

  constexpr std::int64_t count() const { return count_; }
  /// The following need at least one number.
  double mean() const { return mean_; }
  /// About the mean, divided by the number of numbers.
  double standard_deviation() const { return std::sqrt(squares_ / static_cast<double>(count_)); }

 private:
  std::int64_t count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // sum of squares about the mean
};

}  // namespace stratem::core
