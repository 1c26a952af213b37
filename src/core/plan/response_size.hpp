// The size of a response, which its error is measured relative to.
#pragma once

#include <cstddef>
#include <vector>

#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// For each gate of a system, the time from the last change of current before it opens to its
/// centre, s. See last_change().
std::vector<double> gate_times(const System& system);

/// Computes the size of every gate's response in one model, to which its error is relative. The
/// size is the response's modulus or, where the response changes sign or grows with time, the
/// largest modulus of the same moment within half a decade of time.
class ResponseSizes {
 public:
  explicit ResponseSizes(const System& system);
  /// `response` and `size` are [gates].
  void of_model(const double* response, double* size) const;

 private:
  std::vector<double> times_;
  std::vector<std::size_t> first_;              // gate of every moment, and one past the last
  std::vector<std::vector<std::size_t>> near_;  // gates of the moment within half a decade
};

/// The same for many models: [models x gates].
std::vector<double> response_sizes(const System& system, const Responses& responses);

}  // namespace stratem::core
