#include "kernels/packed_plan.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>

#include "kernels/layer_constants.hpp"
#include "kernels/shared_memory.hpp"
#include "stratem/error.hpp"

namespace stratem::kernels {
namespace {

constexpr std::int32_t most_geometries_per_piece = 64;
// Evaluations of one thread for each model.
constexpr std::int32_t usual_evaluations = 8;

std::int32_t narrow(std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw InputError("plan: " + std::to_string(count) +
                     " entries of one kind, allowed is 2147483647");
  }
  return static_cast<std::int32_t>(count);
}

/// A multiple of a warp that gives each thread about as many evaluations as usual.
int threads_for(std::int32_t evaluations) {
  constexpr std::int32_t of_a_warp = 32 * usual_evaluations;
  return std::clamp(32 * ((evaluations + of_a_warp / 2) / of_a_warp), fewest_threads, most_threads);
}

PassSizes sizes_of(const Piece& piece) {
  return {piece.wavenumbers, piece.geometries, piece.wavenumbers * piece.nodes,
          piece.geometries * piece.nodes};
}

PassSizes operator+(const PassSizes& a, const PassSizes& b) {
  return {a.factors + b.factors, a.kept + b.kept, a.values + b.values, a.slots + b.slots};
}

PassSizes largest(const PassSizes& a, const PassSizes& b) {
  return {std::max(a.factors, b.factors), std::max(a.kept, b.kept), std::max(a.values, b.values),
          std::max(a.slots, b.slots)};
}

bool fits(const PassSizes& pass) {
  return pass.factors <= most_per_pass.factors && pass.kept <= most_per_pass.kept &&
         pass.values <= most_per_pass.values && pass.slots <= most_per_pass.slots;
}

/// Where a window's numbers start, and which of its rows are in a piece.
struct PieceOfWindow {
  std::size_t window = 0;
  std::int32_t first_node = 0, first_geometry = 0;  // within the window
  std::int64_t row_weight = 0;                      // of the window
};

template <class T>
class Packer {
 public:
  Packer(const core::PlanTable& table, PackedWindows<T>& to) : table_(table), to_(to) {}

  void add(std::size_t window) {
    add_coefficients(window);
    cut(window);
  }

  void finish() {
    make_passes();
    to_.threads = threads_for(to_.most.values);
    for (std::size_t p = 0; p < to_.pass.size(); ++p) add_rows(to_.pass[p]);
  }

 private:
  void add_coefficients(std::size_t index) {
    const core::PlanWindow& window = table_.windows[index];
    first_node_ = narrow(to_.node.size());
    first_wavenumber_ = narrow(to_.wavenumber.size());
    first_weight_ = narrow(to_.weight.size());
    first_decay_ = narrow(to_.shortest_decay.size());
    first_row_weight_ = static_cast<std::int64_t>(to_.row_weight.size());
    for (const std::complex<double> s : window.node) {
      const std::complex<double> log_s = std::log(s);
      to_.node.push_back({{s.real(), s.imag()},
                          {log_s.real(), log_s.imag()},
                          table_.deepest_exponent / std::sqrt(s).real()});
    }
    for (const double wavenumber : window.wavenumber) {
      to_.wavenumber.push_back(wavenumber);
      to_.twice_wavenumber.push_back(static_cast<T>(2.0 * wavenumber));
      to_.reach.push_back(static_cast<T>(table_.deepest_exponent / (2.0 * wavenumber)));
    }
    for (const auto& weights : window.weight) {
      to_.weight.insert(to_.weight.end(), weights.begin(), weights.end());
    }
    auto shortest_decay = window.shortest_decay;
    shortest_decay.resize(window.weight.size(), 0.0);
    to_.shortest_decay.insert(to_.shortest_decay.end(), shortest_decay.begin(),
                              shortest_decay.end());
    // Neighbouring lanes work on neighbouring rows.
    for (std::size_t j = 0; j < window.node.size(); ++j) {
      for (const auto& row : window.rows) {
        to_.row_weight.push_back({row.weight[j].real(), row.weight[j].imag()});
      }
    }
    static_cast<void>(narrow(to_.weight.size()));
  }

  /// Geometries are summed separately, and sums over nodes and wavenumbers are linear. So a window
  /// may be cut anywhere.
  void cut(std::size_t index) {
    const core::PlanWindow& window = table_.windows[index];
    const std::int32_t geometries = narrow(window.weight.size());
    const std::int32_t nodes = narrow(window.node.size());
    const std::int32_t wavenumbers = narrow(window.wavenumber.size());
    for (std::int32_t g = 0; g < geometries; g += most_geometries_per_piece) {
      const std::int32_t g_count = std::min(most_geometries_per_piece, geometries - g);
      const std::int32_t most_nodes = std::min(nodes, most_per_pass.slots / g_count);
      const std::int32_t most_wavenumbers =
          std::min(most_per_pass.factors, most_per_pass.values / most_nodes);
      for (std::int32_t j = 0; j < nodes; j += most_nodes) {
        for (std::int32_t m = 0; m < wavenumbers; m += most_wavenumbers) {
          Piece piece{};
          piece.node = first_node_ + j;
          piece.nodes = std::min(most_nodes, nodes - j);
          piece.per_node = 1.0F / static_cast<float>(piece.nodes);
          piece.wavenumber = first_wavenumber_ + m;
          piece.wavenumbers = std::min(most_wavenumbers, wavenumbers - m);
          piece.weight = first_weight_ + g * wavenumbers + m;
          piece.weight_stride = wavenumbers;
          piece.geometries = g_count;
          piece.shortest_decay = first_decay_ + g;
          to_.piece.push_back(piece);
          from_.push_back({index, j, g, first_row_weight_});
        }
      }
    }
  }

  void make_passes() {
    to_.pass.push_back({});
    PassSizes filled{};
    for (std::size_t p = 0; p < to_.piece.size(); ++p) {
      Piece& piece = to_.piece[p];
      const PassSizes more = sizes_of(piece);
      if (!fits(filled + more)) {
        to_.pass.push_back({narrow(p), 0, 0});
        filled = {};
      }
      piece.factor = filled.factors;
      piece.kept = filled.kept;
      piece.value = filled.values;
      piece.slot = filled.slots;
      filled = filled + more;
      to_.most = largest(to_.most, filled);
      ++to_.pass.back().pieces;
    }
  }

  void add_rows(Pass& pass) {
    std::vector<std::vector<Row>> rows(static_cast<std::size_t>(table_.gates));
    for (std::int32_t p = pass.piece; p < pass.piece + pass.pieces; ++p) {
      const Piece& piece = to_.piece[static_cast<std::size_t>(p)];
      const PieceOfWindow& from = from_[static_cast<std::size_t>(p)];
      const auto& all = table_.windows[from.window].rows;
      const auto stride = static_cast<std::int64_t>(all.size());
      for (std::size_t r = 0; r < all.size(); ++r) {
        const std::int64_t g = all[r].geometry - from.first_geometry;
        if (g < 0 || g >= piece.geometries) continue;
        Row row{};
        row.weight = from.row_weight + from.first_node * stride + static_cast<std::int64_t>(r);
        row.stride = narrow(all.size());
        row.slot = piece.slot + static_cast<std::int32_t>(g) * piece.nodes;
        row.nodes = piece.nodes;
        rows[static_cast<std::size_t>(all[r].gate)].push_back(row);
      }
    }
    pass.row = narrow(to_.first_row.size());
    for (const auto& of_gate : rows) {
      to_.first_row.push_back(narrow(to_.row.size()));
      to_.row.insert(to_.row.end(), of_gate.begin(), of_gate.end());
    }
    to_.first_row.push_back(narrow(to_.row.size()));
  }

  const core::PlanTable& table_;
  PackedWindows<T>& to_;
  std::vector<PieceOfWindow> from_;  // [pieces]
  std::int32_t first_node_ = 0, first_wavenumber_ = 0, first_weight_ = 0, first_decay_ = 0;
  std::int64_t first_row_weight_ = 0;
};

/// With `always`, arrays are packed even if there are no windows, so that a launch writes the
/// responses.
template <class T>
void pack_windows(const core::PlanTable& table, bool single_precision, bool always,
                  PackedWindows<T>& to) {
  Packer<T> packer(table, to);
  for (std::size_t w = 0; w < table.windows.size(); ++w) {
    if (table.windows[w].single_precision == single_precision) packer.add(w);
  }
  if (!to.piece.empty() || always) packer.finish();
}

}  // namespace

PackedPlan pack(const core::PlanTable& table, const core::SystemHeights& heights) {
  PackedPlan plan;
  plan.gates = narrow(static_cast<std::size_t>(table.gates));
  plan.transmitter_height = heights.transmitter();
  plan.lowest_height = heights.lowest();
  plan.largest_cancellation = table.largest_cancellation;
  plan.by_admittance = table.by_admittance;
  pack_windows(table, true, false, plan.in_single);
  if (plan.in_single.pass.size() > 1 && std::isfinite(table.largest_cancellation)) {
    return pack(table.in_double(), heights);
  }
  pack_windows(table, false, plan.in_single.empty(), plan.in_double);
  plan.in_double.first = !plan.in_double.empty();
  plan.in_single.first = !plan.in_double.first;
  if (!plan.in_single.empty()) {
    pack_windows(table.in_double(), false, true, plan.again);
    plan.again.first = true;
    plan.again.again = true;
  }
  return plan;
}

template <class T>
ConstantBank constant_bank(const PackedWindows<T>& windows) {
  ConstantBank bank{};
  if (!windows.fits_constant_memory()) return bank;
  std::ranges::copy(windows.weight, bank.weight);
  return bank;
}

template <class T>
PlanArrays<T> host_arrays(const PackedPlan& plan, const PackedWindows<T>& windows) {
  PlanArrays<T> arrays{};
  arrays.node = windows.node.data();
  arrays.wavenumber = windows.wavenumber.data();
  arrays.twice_wavenumber = windows.twice_wavenumber.data();
  arrays.reach = windows.reach.data();
  arrays.weight = windows.weight.data();
  arrays.shortest_decay = windows.shortest_decay.data();
  arrays.piece = windows.piece.data();
  arrays.pass = windows.pass.data();
  arrays.first_row = windows.first_row.data();
  arrays.row = windows.row.data();
  arrays.row_weight = windows.row_weight.data();
  arrays.nodes = narrow(windows.node.size());
  arrays.passes = narrow(windows.pass.size());
  arrays.gates = plan.gates;
  arrays.most = windows.most;
  arrays.in_constant_memory = windows.fits_constant_memory();
  arrays.first = windows.first;
  arrays.again = windows.again;
  arrays.largest_cancellation = plan.largest_cancellation;
  arrays.by_admittance = plan.by_admittance;
  arrays.transmitter_height = plan.transmitter_height;
  arrays.lowest_height = plan.lowest_height;
  return arrays;
}

template <class T>
std::size_t shared_bytes(const PackedWindows<T>& windows, std::int64_t layers) {
  return shared_bytes<T>(windows.most, layers);
}

template <class T>
std::size_t scratch_bytes(const PackedWindows<T>& windows, std::int64_t layers, std::int64_t blocks,
                          bool polarizable) {
  if (!polarizable) return 0;
  return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(layers) * windows.node.size() *
         sizeof(Complex<T>);
}

template ConstantBank constant_bank(const PackedWindows<double>&);
template ConstantBank constant_bank(const PackedWindows<float>&);
template PlanArrays<double> host_arrays(const PackedPlan&, const PackedWindows<double>&);
template PlanArrays<float> host_arrays(const PackedPlan&, const PackedWindows<float>&);
template std::size_t shared_bytes(const PackedWindows<double>&, std::int64_t);
template std::size_t shared_bytes(const PackedWindows<float>&, std::int64_t);
template std::size_t scratch_bytes(const PackedWindows<double>&, std::int64_t, std::int64_t, bool);
template std::size_t scratch_bytes(const PackedWindows<float>&, std::int64_t, std::int64_t, bool);

}  // namespace stratem::kernels
