// The size of a response, which its error is measured relative to.
#pragma once

#include <cstddef>
#include <vector>

#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// For each gate of a system, its time on the decay: from the end of the last change of current
/// before the gate closes to the gate's centre, s.
std::vector<double> gate_times(const System& system);

/// The size of every gate's response in one model, to which its error is relative. It is the
/// response itself or, where it changes sign or grows with time, the largest one of the same moment
/// within half a decade of time.
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
