#include "core/survey/lag_octaves.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/survey/contour.hpp"
#include "core/survey/lag_terms.hpp"
#include "core/survey/receiver_filter.hpp"

namespace stratem::core {
namespace {

using Complex = std::complex<double>;

/// The terms of one gate in one octave of lags.
struct GateTerms {
  std::size_t gate = 0;
  double gain = 1.0;
  const ReceiverFilter* filter = nullptr;
  std::vector<LagTerm> terms;
};

int octave_of(double lag) { return static_cast<int>(std::floor(std::log2(lag))); }

/// Whether a filter's response to an event `lag` ago is above rounding.
bool remembers(const ReceiverFilter& filter, double lag) {
  const double order = filter.order();
  return order > 0 && filter.slowest_decay() * lag < 45.0 + 3.0 * order;
}

LagOctave make_octave(double first_lag, const std::vector<GateTerms>& gates, double angle) {
  LagOctave octave;
  octave.first_lag = first_lag;
  for (const auto& gate : gates) {
    const bool filtered = remembers(*gate.filter, first_lag);
    if (filtered) angle = std::max(angle, gate.filter->pole_angle());
    octave.remembers = octave.remembers || filtered;
    octave.constant_counts = octave.constant_counts || filtered;
    for (const auto& term : gate.terms) {
      octave.remembers = octave.remembers || term.order >= 2;
      octave.constant_counts = octave.constant_counts || term.order >= 1;
    }
  }
  // A term starts in [first, 2 first) and ends at twice its start at most.
  const Contour contour = hyperbola(first_lag, 4.0, angle);
  octave.node = contour.node;

  for (const auto& gate : gates) {
    const bool filtered = remembers(*gate.filter, first_lag);
    GateShare share;
    share.gate = gate.gate;
    for (std::size_t j = 0; j < contour.node.size(); ++j) {
      const Complex s = contour.node[j];
      const Complex factor = gate.gain * contour.weight[j] * (*gate.filter)(s);
      Complex sum = 0.0;
      for (const auto& term : gate.terms) {
        const Complex weight = factor * kernel(term, s);
        sum += weight;
        if (filtered || term.order >= 2) share.linear_response += (weight * s).real();
        if (filtered || term.order >= 1) share.constant_response += weight.real();
      }
      share.weight.push_back(sum);
    }
    octave.shares.push_back(std::move(share));
  }
  return octave;
}

}  // namespace

std::vector<LagOctave> lag_octaves(const System& system, const std::vector<GroupMember>& group,
                                   double angle) {
  std::vector<ReceiverFilter> filters;
  filters.reserve(group.size());
  for (const auto& member : group) filters.emplace_back(system.moments[member.moment].low_pass);
  std::map<int, std::vector<GateTerms>> by_octave;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Moment& moment = system.moments[group[i].moment];
    for (std::size_t g = 0; g < moment.gates.size(); ++g) {
      std::map<int, std::vector<LagTerm>> terms;
      for (const auto& term : lag_terms(moment, moment.gates[g])) {
        terms[octave_of(term.lag)].push_back(term);
      }
      const std::size_t gate = static_cast<std::size_t>(group[i].first_gate) + g;
      for (auto& [octave, list] : terms) {
        by_octave[octave].push_back({gate, group[i].gain, &filters[i], std::move(list)});
      }
    }
  }
  std::vector<LagOctave> octaves;
  octaves.reserve(by_octave.size());
  for (const auto& [exponent, gates] : by_octave) {
    octaves.push_back(make_octave(std::ldexp(1.0, exponent), gates, angle));
  }
  return octaves;
}

}  // namespace stratem::core
