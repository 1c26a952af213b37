#include "cli/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <iostream>

#include "cli/numbers.hpp"

namespace stratem::cli {
namespace {

constexpr std::size_t bar_width = 30;
constexpr const char* start_of_line = "\r\033[K";

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  const auto two_digits = [](std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  const std::string minutes_and_seconds =
      (whole < 3600 ? std::to_string(whole / 60) : two_digits(whole / 60 % 60)) + ":" +
      two_digits(whole % 60);
  return whole < 3600 ? minutes_and_seconds
                      : std::to_string(whole / 3600) + ":" + minutes_and_seconds;
}

}  // namespace

std::string progress_text(std::int64_t done, std::int64_t total, double seconds) {
  const double fraction = static_cast<double>(done) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(bar_width));
  std::string percent = std::to_string(static_cast<int>(100.0 * fraction));
  percent.insert(0, 3 - percent.size(), ' ');
  std::string text =
      "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "] " + percent + " %";
  if (done == 0 || !(seconds > 0.0)) return text;
  const double rate = static_cast<double>(done) / seconds;
  return text + "  " + rounded(rate) + " models/s  " +
         clock_text(static_cast<double>(total - done) / rate) + " left";
}

Progress::Progress(std::int64_t total, bool wanted)
    : total_(total),
      visible_(wanted && total > 0 && isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (visible_) std::cerr << start_of_line << std::flush;
}

void Progress::show(std::int64_t done) const {
  if (!visible_) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  std::cerr << start_of_line << progress_text(done, total_, elapsed.count()) << std::flush;
}

}  // namespace stratem::cli
