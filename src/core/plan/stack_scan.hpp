// Computes millions of models, each a cover on ground, with two tables at once.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/plan/build_monitor.hpp"
#include "core/plan/layer_stack.hpp"
#include "core/plan/plan_table.hpp"
#include "core/plan/response_size.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// Finds where a plan's table and a finer one differ most. A cover over ground with the reflection
/// coefficient R has
///     r_TE = A + P R/(1 - B R)
/// A and B are the cover's reflection coefficients from above and from below, and P is its
/// transmission down and up again, all between two half-spaces of air. These are computed once for
/// every cover and every ground, so each of their pairs costs only one division for each node. The
/// sums leave out no wavenumbers.
class StackScan {
 public:
  StackScan(const System& system, const PlanTable& table, const PlanTable& finer);

  struct Difference {
    double error = 0.0;  ///< relative to the response's size
    std::size_t ground = 0;
  };
  /// For every window of the table and every cover, the ground for which the window's gates differ
  /// most: [windows][covers]. `height` has one entry for each cover, or none. Runs on `threads`
  /// threads; 0 means all cores. A pair takes about 2 us on a core. A cover or a ground takes about
  /// 100 kB.
  std::vector<std::vector<Difference>> largest_differences(
      const std::vector<LayerStack>& covers, const std::vector<double>& height,
      const std::vector<LayerStack>& grounds, int threads,
      const BuildMonitor& monitor = BuildMonitor::unwatched()) const;

  /// Responses [2 x gates] of one pair by the table, then by the finer one.
  std::vector<double> responses(const LayerStack& cover, std::optional<double> height,
                                const LayerStack& ground) const;

  /// One window of either table, laid out for vectors.
  struct Window {
    std::vector<std::complex<double>> node;
    std::vector<double> wavenumber;
    std::size_t padded = 0;  // wavenumbers and zeros, a multiple of the longest vector
    std::size_t first = 0;   // among all nodes
    std::size_t parts = 0;
    std::vector<double> weight;  // [parts][padded]
    struct Row {
      std::size_t gate = 0;
      std::size_t part = 0;
    };
    std::vector<Row> rows;
    std::size_t padded_transform = 0;  // twice the nodes and zeros, likewise
    std::vector<double> row_weight;    // [rows][padded_transform]: Re, then -Im
  };

 private:
  void add(const PlanTable& table, std::size_t first_gate);
  std::vector<double> cover_nodes(const LayerStack& cover, std::optional<double> height) const;
  std::vector<double> ground_nodes(const LayerStack& ground) const;

  std::vector<Window> windows_;                  // the table's, then the finer one's
  std::vector<std::vector<std::size_t>> gates_;  // of each window of the table
  std::size_t all_gates_ = 0;
  std::size_t nodes_ = 0;  // padded, of all windows
  std::size_t widest_ = 0;
  double transmitter_height_ = 0.0;
  ResponseSizes sizes_;
};

}  // namespace stratem::core
