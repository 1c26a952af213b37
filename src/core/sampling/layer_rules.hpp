// The keys and values that layers of a prior or a grid may have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace stratem::core {

/// The values that a parameter may take, with or without the ends.
struct Allowed {
  double min;
  bool above_min;  ///< min itself is not allowed
  double max;
  bool below_max;  ///< max itself is not allowed
  const char* text;
};
inline constexpr double no_end = std::numeric_limits<double>::infinity();
inline constexpr Allowed positive{0.0, true, no_end, false, "above 0"};
inline constexpr Allowed not_negative{0.0, false, no_end, false, "0 or above"};
inline constexpr Allowed fraction{0.0, false, 1.0, true, "0 or above and below 1"};
inline constexpr Allowed cole_cole_exponent{0.0, true, 1.0, false, "above 0 and at most 1"};

/// Whether a number is finite and allowed.
bool allows(const Allowed& allowed, double value);

/// "layers[2]".
std::string layer_key(std::size_t layer);

/// Which parameters a layer has, besides its resistivity.
struct LayerKeys {
  bool thickness = false;
  bool depth = false;
  bool chargeability = false;
  bool time_constant = false;
  bool exponent = false;
};

/// Throws InputError unless there are 1 .. max_layers layers, all except the last with a thickness
/// or all except the first with a depth, and each with all of the Cole-Cole parameters or none.
void check_layer_keys(const std::vector<LayerKeys>& layers);

/// Throws InputError naming `count` or `first` unless models first .. first + count - 1 are among
/// `models` and the size of an array [count, layers] in bytes does not overflow.
void check_models_asked(std::int64_t first, std::int64_t count, std::size_t layers,
                        std::int64_t models = std::numeric_limits<std::int64_t>::max());

}  // namespace stratem::core
