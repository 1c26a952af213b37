#include "core/survey/lag_terms.hpp"

#include <algorithm>
#include <cmath>

#include "base/complex_math.hpp"
#include "core/survey/pulse_train.hpp"

namespace stratem::core {
namespace {

/// Pulses before the last one that are summed, with the weights of Cohen, Rodriguez Villegas and
/// Zagier (2000), "Convergence acceleration of alternating series", algorithm 1: relative
/// error 5.8^-n for decaying terms.
constexpr int accelerated_pulses = 20;

/// The weights w_k, signs included, with sum_k (-1)^k a_k = sum_k w_k a_k.
std::vector<double> alternating_sum_weights(int n) {
  double d = std::pow(3.0 + std::sqrt(8.0), n);
  d = 0.5 * (d + 1.0 / d);
  std::vector<double> weights;
  double b = -1.0;
  double c = -d;
  for (int k = 0; k < n; ++k) {
    c = b - c;
    weights.push_back(c / d);
    b *= static_cast<double>((k + n) * (k - n)) / ((k + 0.5) * (k + 1.0));
  }
  return weights;
}

/// Halves the longer interval of a term until its last lag is at most twice its first.
void add_split(const LagTerm& term, std::vector<LagTerm>& terms) {
  if (term.last_lag() <= 2.0 * term.lag) {
    terms.push_back(term);
    return;
  }
  LagTerm near = term;
  near.coefficient *= 0.5;
  double& interval = term.segment >= term.gate ? near.segment : near.gate;
  interval *= 0.5;
  LagTerm far = near;
  far.lag += interval;
  add_split(near, terms);
  add_split(far, terms);
}

/// Splits the mean over an interval that extends back to lag 0 or before into antiderivatives at
/// its ends.
void add_antiderivatives(const LagTerm& term, std::vector<LagTerm>& terms) {
  if (term.last_lag() <= 0.0) return;
  if (term.lag > 0.0) {
    add_split(term, terms);
    return;
  }
  const bool along_segment = term.segment > 0.0;
  const double length = along_segment ? term.segment : term.gate;
  if (length == 0.0) return;
  LagTerm end = term;
  (along_segment ? end.segment : end.gate) = 0.0;
  end.order += 1;
  end.coefficient /= length;
  LagTerm begin = end;
  begin.coefficient = -begin.coefficient;
  end.lag += length;
  add_antiderivatives(begin, terms);
  add_antiderivatives(end, terms);
}

void add_pulse(const std::vector<CurrentChange>& pulse, const Moment& moment, const Gate& gate,
               double delay, double weight, std::vector<LagTerm>& terms) {
  // A step-off of current is a step of -1: dB/dt needs minus the step of L^-1[F], B plus that of
  // L^-1[F/s].
  const double sign = moment.quantity == Quantity::dbdt ? -1.0 : 1.0;
  const int order = moment.quantity == Quantity::dbdt ? 0 : 1;
  for (const auto& change : pulse) {
    LagTerm term;
    term.lag = gate.open - change.end + delay;
    term.segment = change.end - change.begin;
    term.gate = gate.close - gate.open;
    term.order = order;
    term.coefficient = sign * weight * change.step;
    if (change.is_jump()) {
      // Rounding must not decide whether a gate includes a jump at one of its ends.
      if (term.last_lag() <= same_time(moment, gate.close)) continue;
      if (std::abs(term.lag) <= same_time(moment, gate.open)) term.lag = 0.0;
    }
    add_antiderivatives(term, terms);
  }
}

/// (e^z - 1)/z without cancellation: the mean of e^{s x} over an interval of length z/s.
std::complex<double> mean_exponential(std::complex<double> z) {
  return z == 0.0 ? 1.0 : base::complex_expm1(z) / z;
}

}  // namespace

std::vector<LagTerm> lag_terms(const Moment& moment, const Gate& gate) {
  std::vector<LagTerm> terms;
  const auto pulse = current_changes(moment);
  if (!moment.base_frequency) {
    add_pulse(pulse, moment, gate, 0.0, 1.0, terms);
    return terms;
  }
  const double half_period = 0.5 / *moment.base_frequency;
  const double last = last_pulse_before(moment, gate.close);
  const double sign = std::fmod(last, 2.0) == 0.0 ? 1.0 : -1.0;
  add_pulse(pulse, moment, gate, -last * half_period, sign, terms);
  // The last pulse may be partly in the future of the gate, so that only those before it form a
  // regular series.
  const auto weights = alternating_sum_weights(accelerated_pulses);
  for (int k = 0; k < accelerated_pulses; ++k) {
    add_pulse(pulse, moment, gate, (k + 1 - last) * half_period,
              -sign * weights[static_cast<std::size_t>(k)], terms);
  }
  return terms;
}

std::complex<double> kernel(const LagTerm& term, std::complex<double> s) {
  std::complex<double> value = term.coefficient * std::exp(s * term.lag) *
                               mean_exponential(s * term.segment) * mean_exponential(s * term.gate);
  for (int i = 0; i < term.order; ++i) value /= s;
  return value;
}

}  // namespace stratem::core
