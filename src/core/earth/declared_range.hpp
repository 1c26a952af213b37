// The models that a plan is declared for: one check for models on the host and on devices.
#pragma once

#include "core/earth/polarization.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The range of resistivities, polarization and heights that a plan is declared for, a little wider
/// than the options say: a bound that was written as text, or a height that is a sum, must not put
/// a model outside because of rounding. Its functions are constexpr, so that device code may call
/// them. The host and a device agree on every model, except where a layer's Cole-Cole parameters
/// are within rounding of their bound: a device's sine, cosine and arc tangent differ in the last
/// digit.
class DeclaredRange {
 public:
  DeclaredRange(const PlanOptions& options, const System& system);

  /// Whether a model may have a layer of this resistivity, ohm-m, with Pelton's Cole-Cole
  /// parameters. A layer without polarization has chargeability 0 and any exponent.
  constexpr bool has_layer(double resistivity, double chargeability, double exponent) const {
    if (!within(resistivity, resistivity_)) return false;
    if (chargeability == 0.0) return true;
    // At high frequencies a polarizable layer has this resistivity.
    return polarizable_ && within(resistivity * (1.0 - chargeability), resistivity_) &&
           singularities_within(chargeability, exponent, most_plan_angle);
  }
  /// Whether a model's transmitter may be at this height, m.
  constexpr bool has_height(double height) const { return within(height, height_); }
  /// Whether the system's own height is in the range, for models without heights.
  constexpr bool has_system_height() const { return has_system_height_; }

 private:
  static constexpr bool within(double value, const Range& range) {
    return value >= range.min && value <= range.max;
  }

  Range resistivity_;
  Range height_;
  bool polarizable_;
  bool has_system_height_;
};

}  // namespace stratem::core
