// Divides long computations into pieces, so that Ctrl-C and progress are handled in between.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "bindings.hpp"

namespace stratem::python {

/// The number of models of the next piece. The piece should take a quarter of a second at the speed
/// of the last one, but has at most eight times as many models.
class PieceSize {
 public:
  explicit PieceSize(std::int64_t first) : next_(first) {}
  std::int64_t next() const { return next_; }
  void took(std::int64_t models, std::chrono::duration<double> time) {
    const double aim = 0.25 / std::max(time.count(), 1e-9) * static_cast<double>(models);
    next_ = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::min(aim, 8.0 * static_cast<double>(models))));
  }

 private:
  std::int64_t next_;
};

/// Raises what a signal's handler raises, usually KeyboardInterrupt. Needs the GIL.
inline void check_signals() {
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

/// Calls compute(first, count) without the GIL until all `models` are done. After each piece it
/// looks for signals and calls `progress`, if that is not None, with the numbers of models done and
/// in all.
template <class Compute>
void in_pieces(std::int64_t models, std::int64_t first_piece, const nb::object& progress,
               Compute&& compute) {
  using Clock = std::chrono::steady_clock;
  PieceSize size(first_piece);
  for (std::int64_t done = 0; done < models;) {
    const std::int64_t count = std::min(size.next(), models - done);
    const auto start = Clock::now();
    {
      const nb::gil_scoped_release release;
      compute(done, count);
    }
    size.took(count, Clock::now() - start);
    done += count;
    check_signals();
    if (!progress.is_none()) progress(done, models);
  }
}

}  // namespace stratem::python
