// Models that a plan is measured on.
#pragma once

#include <cstdint>
#include <vector>

#include "core/plan/ensemble.hpp"
#include "stratem/responses.hpp"

namespace stratem::core {

/// Errors of a plan over held-out models, relative to the sizes of their responses.
struct HeldOutErrors {
  double worst = 0.0;
  double median = 0.0;
  std::int64_t worst_gate = 0;
  std::int64_t worst_model = 0;
  std::vector<double> of_gate;  ///< [gates] largest error
  /// [gates] the smallest tolerance with which no model's error exceeds its part of the tolerance.
  std::vector<double> needed;
};

class HeldOut {
 public:
  /// Adds models whose errors may be this part of the tolerance.
  void add(const Ensemble& more, double part);

  const ModelSet& models() const { return ensemble_.models; }
  const Responses& truth() const { return ensemble_.truth; }

  /// The errors of a plan's responses to the models; NaN counts as the largest possible error.
  HeldOutErrors errors(const Responses& responses) const;

 private:
  Ensemble ensemble_;
  std::vector<double> part_;  // [models]
};

}  // namespace stratem::core
