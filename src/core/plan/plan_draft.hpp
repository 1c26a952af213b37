// A plan that is being built: its present windows, and the tables made of them.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "core/plan/held_out.hpp"
#include "core/plan/plan_table.hpp"
#include "core/plan/window_fitter.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// A window and the errors of its tables.
struct DraftWindow : FittedWindow {
  explicit DraftWindow(FittedWindow window) : FittedWindow(std::move(window)) {}

  bool is_fitted_to_models() const { return !is_even; }
  /// Forgets earlier errors, because the window is fitted to new models.
  void begin_anew() {
    best = std::numeric_limits<double>::infinity();
    stalls = 0;
  }

  double needed = 0.0;  ///< smallest tolerance that its table keeps with the margins demanded
  double best = std::numeric_limits<double>::infinity();  ///< the least of all its tables so far
  int stalls = 0;                                         ///< fits since that fell by a fifth
  int taught = 0;                                         ///< searches that it failed
  std::size_t in_single = 0;                              ///< how many of its nodes, the last ones
};

/// The numbers of some windows.
using Windows = std::vector<std::size_t>;

class PlanDraft {
 public:
  PlanDraft(const System& system, const Options& options);

  void add(FittedWindow window) { windows_.emplace_back(std::move(window)); }
  const std::vector<DraftWindow>& windows() const { return windows_; }
  DraftWindow& operator[](std::size_t window) { return windows_[window]; }
  const DraftWindow& operator[](std::size_t window) const { return windows_[window]; }

  Windows all() const;
  /// The windows whose errors are too large for the tolerance.
  Windows missing() const;
  /// Those of `windows` for which the member `is_true` of DraftWindow is true.
  template <class Member>
  Windows those_of(const Windows& windows, Member is_true) const {
    Windows chosen;
    std::ranges::copy_if(windows, std::back_inserter(chosen), [&](std::size_t window) {
      return std::invoke(is_true, windows_[window]);
    });
    return chosen;
  }

  /// The table of the present windows.
  PlanTable table() const;
  /// The table to compare with where the reference would take too long: in double precision, with a
  /// small part of the other's error.
  PlanTable finer_table() const;

  /// Sets what each window needs from these errors; raise_needed() also keeps what earlier errors
  /// need.
  void set_needed(const HeldOutErrors& errors);
  void raise_needed(const HeldOutErrors& errors);
  /// The smallest tolerance that all windows keep.
  double needed() const;

  bool by_admittance = false;                                             ///< see PlanTable
  double largest_cancellation = std::numeric_limits<double>::infinity();  ///< likewise

 private:
  /// A table without windows.
  PlanTable empty_table() const;

  std::int64_t gates_;
  double tolerance_;
  std::vector<DraftWindow> windows_;
};

}  // namespace stratem::core
