#include "reference/wavenumber_grid.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

namespace stratem::reference {
namespace {

constexpr unsigned panel_nodes = 14;
using Rule = boost::math::quadrature::gauss<double, panel_nodes>;
/// Largest phase of the oscillating weight, or exponent of the decay e^{-lambda H}, over a panel.
/// Up to this value the panel's quadrature is exact to rounding.
constexpr double panel_phase = 12.0;

}  // namespace

WavenumberGrid::WavenumberGrid(const core::LoopWeight& weight) : weight_(weight) {}

void WavenumberGrid::append_panel(double begin, double end,
                                  std::vector<WavenumberNode>& nodes) const {
  const double middle = 0.5 * (begin + end);
  const double half = 0.5 * (end - begin);
  const auto add = [&](double x, double w) {
    const double lambda = middle + half * x;
    nodes.push_back({lambda, w * half * weight_(lambda)});
  };
  const auto& x = Rule::abscissa();
  const auto& w = Rule::weights();
  for (std::size_t i = x.size(); i-- > 0;) add(-x[i], w[i]);
  for (std::size_t i = 0; i < x.size(); ++i) add(x[i], w[i]);
}

const std::vector<WavenumberNode>& WavenumberGrid::octave(int p) const {
  Octave& entry = octaves_[static_cast<std::size_t>(p - lowest)];
  std::call_once(entry.once, [&] {
    const double begin = std::ldexp(1.0, p);
    const double length = weight_.longest() + weight_.height_sum();
    const int panels = 1 + static_cast<int>(begin * length / panel_phase);
    for (int i = 0; i < panels; ++i) {
      append_panel(begin * (1.0 + static_cast<double>(i) / panels),
                   begin * (1.0 + static_cast<double>(i + 1) / panels), entry.nodes);
    }
  });
  return entry.nodes;
}

const std::vector<WavenumberNode>& WavenumberGrid::head(int p) const {
  Octave& entry = heads_[static_cast<std::size_t>(p - lowest)];
  std::call_once(entry.once, [&] { append_panel(0.0, std::ldexp(1.0, p), entry.nodes); });
  return entry.nodes;
}

void WavenumberGrid::for_each(double smooth, double last,
                              const std::function<void(const WavenumberNode&)>& visit) const {
  // The head is one panel: it must not span more phase than a panel may either.
  const double length = weight_.longest() + weight_.height_sum();
  const double first = std::min(smooth, panel_phase / length);
  int p = std::clamp(static_cast<int>(std::floor(std::log2(first))), lowest, highest);
  for (const auto& node : head(p)) visit(node);
  for (; p <= highest && std::ldexp(1.0, p) < last; ++p) {
    const auto& nodes = octave(p);
    for (std::size_t i = 0; i < nodes.size(); i += panel_nodes) {
      if (nodes[i].lambda > last) return;
      for (std::size_t n = i; n < i + panel_nodes; ++n) visit(nodes[n]);
    }
  }
}

}  // namespace stratem::reference
