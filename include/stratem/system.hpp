// A survey system: transmitters, receivers, waveform, filters and gates. All values are in SI
// units: metres, seconds, amperes, hertz. x is forward. y is to the right or left, as the user
// likes (the responses are those of a right-handed frame with z up). Heights are positive above the
// ground.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "stratem/export.hpp"

namespace stratem {

/// A horizontal circular loop.
struct Circle {
  double radius = 0.0;  ///< m, > 0
};

/// A horizontal loop of straight sides. The corners may be listed clockwise or anticlockwise; the
/// loop's moment points up for a positive current in both cases.
struct Polygon {
  std::vector<std::array<double, 2>> vertices;  ///< x, y in m; at least 3; no side crosses another
};

/// A vertical magnetic dipole of moment 1 A m^2 per ampere and turn.
struct Dipole {};

using Loop = std::variant<Circle, Polygon, Dipole>;

struct Transmitter {
  Loop loop;
  std::array<double, 2> position{0.0, 0.0};  ///< x, y of the loop's origin, m
  double height = 0.0;                       ///< m above the ground, >= 0
  double turns = 1.0;                        ///< > 0
  int polarity = 1;                          ///< 1 or -1
};

enum class Component : std::uint8_t { x, y, z };

struct Receiver {
  std::array<double, 2> position{0.0, 0.0};  ///< x, y, m
  double height = 0.0;                       ///< m above the ground, >= 0
  Component component = Component::z;        ///< z is up
  int polarity = 1;                          ///< 1 or -1
};

/// The measured quantity: minus the time derivative of the secondary field's component, or the
/// component itself.
enum class Quantity : std::uint8_t { dbdt, b };

/// A piecewise-linear current; no points means an ideal step-off of 1 A at t = 0.
/// The current of a single pulse is constant outside its points: before the first point it has the
/// first point's value, and after the last point the last point's. If pulses repeat
/// (Moment::base_frequency), no current flows before the first point and after the last; where
/// these are not 0 the current jumps.
struct Waveform {
  std::vector<double> times;     ///< s, strictly increasing
  std::vector<double> currents;  ///< A, or relative to the peak
  bool is_step_off() const { return times.empty(); }
};

/// A low-pass filter of the receiver: `order` first-order sections at `cutoff`, or, with `damping`,
/// one second-order coil 1/(1 + 2 damping s/w + (s/w)^2), w = 2 pi cutoff.
struct LowPass {
  double cutoff = 0.0;            ///< Hz, > 0
  int order = 1;                  ///< 1 .. 16; 2 with damping
  std::optional<double> damping;  ///< > 0
};

/// A gate's response is the mean over [open, close] or, if both are equal, the response at that
/// time.
struct Gate {
  double open = 0.0;   ///< s, > 0
  double close = 0.0;  ///< s, >= open
  bool is_time() const { return open == close; }
  double centre() const { return 0.5 * (open + close); }
};

/// Facts in a file that no response depends on (gate factor, data uncertainty, name of an
/// instrument).
using Metadata = std::map<std::string, std::variant<double, std::string>>;

struct Moment {
  std::string name;
  /// The response is the sum over all transmitter-receiver pairs.
  std::vector<Transmitter> transmitters;
  std::vector<Receiver> receivers;
  Quantity quantity = Quantity::dbdt;
  Waveform waveform;
  /// Hz: the pulse is repeated with alternating sign every half period, without end, before and
  /// after the one that is listed.
  std::optional<double> base_frequency;
  std::vector<LowPass> low_pass;
  std::vector<Gate> gates;
  /// Every response of the moment is multiplied by this factor (unit or gain of another program);
  /// not 0.
  double scale = 1.0;
  Metadata metadata;
};

/// The divisor of a response: the peak current, or the peak current times the moment per ampere
/// (turns times loop area, summed with polarity over the transmitters).
enum class Normalization : std::uint8_t { current, moment };

struct System {
  std::string name;
  std::vector<Moment> moments;
  Normalization normalization = Normalization::current;
  /// The file contained no height above the ground. Heights of the system are then relative to its
  /// first transmitter, and every model must have a height.
  bool height_from_models = false;
  Metadata metadata;
};

/// Throws InputError naming the key (as in the JSON file), the value and what is allowed, if the
/// system cannot be computed. Every entry point of the library calls it.
STRATEM_EXPORT void check(const System& system);

/// Number of gates of all moments together: the second dimension of every response.
STRATEM_EXPORT std::int64_t gate_count(const System& system);

/// Horizontal area of a loop in m^2; 1 for a dipole.
STRATEM_EXPORT double loop_area(const Loop& loop);

}  // namespace stratem
