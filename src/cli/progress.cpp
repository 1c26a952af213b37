#include "cli/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <iostream>
#include <vector>

#include "cli/numbers.hpp"

namespace stratem::cli {
namespace {

constexpr std::size_t bar_width = 20;
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

double fraction_of(const Advance& advance) {
  return static_cast<double>(advance.done) / static_cast<double>(advance.total);
}

std::string percent_text(double fraction) {
  return std::to_string(static_cast<int>(100.0 * fraction)) + " %";
}

/// "[#####     ]  50 %"
std::string bar(double fraction) {
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(bar_width));
  std::string percent = percent_text(fraction);
  percent.insert(0, 5 - percent.size(), ' ');
  return "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "] " + percent;
}

/// The searches that have ended, if there are any, and the time.
std::vector<std::string> parts_of(const PlanProgress& plan) {
  std::vector<std::string> parts;
  if (plan.searches > 0) {
    parts.push_back(std::to_string(plan.searches) + (plan.searches == 1 ? " search" : " searches"));
  }
  parts.push_back(clock_text(plan.seconds));
  return parts;
}

/// Rate and time left, as soon as there is a rate, and failures, if there are any.
std::vector<std::string> parts_of(const Advance& advance) {
  std::vector<std::string> parts;
  if (advance.done > advance.before && advance.seconds > 0.0) {
    const double rate = static_cast<double>(advance.done - advance.before) / advance.seconds;
    parts.push_back(rounded(rate) + " models/s");
    parts.push_back(clock_text(static_cast<double>(advance.total - advance.done) / rate) + " left");
  }
  if (advance.failed > 0) parts.push_back(std::to_string(advance.failed) + " failed");
  return parts;
}

}  // namespace

std::string progress_bar(const Advance& advance) {
  std::string text = bar(fraction_of(advance)) + "  " + std::to_string(advance.done) + " of " +
                     std::to_string(advance.total);
  for (const auto& part : parts_of(advance)) text += "  " + part;
  return text;
}

std::string progress_line(const Advance& advance) {
  std::string text = std::to_string(advance.done) + " of " + counted(advance.total, "model") +
                     ", " + percent_text(fraction_of(advance));
  for (const auto& part : parts_of(advance)) text += ", " + part;
  return text;
}

std::string progress_bar(const PlanProgress& plan) {
  std::string text = bar(plan.fraction) + "  plan";
  for (const auto& part : parts_of(plan)) text += "  " + part;
  return text;
}

std::string progress_line(const PlanProgress& plan) {
  std::string text = "plan: " + percent_text(plan.fraction);
  for (const auto& part : parts_of(plan)) text += ", " + part;
  return text;
}

Progress::Progress(bool wanted, std::chrono::duration<double> interval)
    : wanted_(wanted),
      terminal_(isatty(STDERR_FILENO) == 1),
      interval_(interval.count()),
      next_line_(interval_) {}

Progress::~Progress() {
  if (wanted_ && terminal_) std::cerr << start_of_line << std::flush;
}

void Progress::show(const Advance& advance) {
  if (advance.total > 0) show_at(advance.seconds, advance);
}

void Progress::show(const PlanProgress& plan) { show_at(plan.seconds, plan); }

template <class Stage>
void Progress::show_at(double seconds, const Stage& stage) {
  if (!wanted_) return;
  if (terminal_) {
    std::cerr << start_of_line << progress_bar(stage) << std::flush;
  } else if (seconds >= next_line_) {
    std::cerr << progress_line(stage) << std::endl;
    next_line_ = seconds + interval_;
  }
}

}  // namespace stratem::cli
