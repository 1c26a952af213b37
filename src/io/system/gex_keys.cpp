#include "io/system/gex_keys.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string_view>

#include "base/text.hpp"

namespace stratem::io {
namespace {

/// Keys that no response depends on, without the digits they end with.
constexpr std::array<std::string_view, 20> unused_stems{"Description",
                                                        "GPSPosition",
                                                        "GPSDifferentialPosition",
                                                        "DGPSPosition",
                                                        "DgpsPosition",
                                                        "AltimeterPosition",
                                                        "InclinometerPosition",
                                                        "AnglePosition",
                                                        "MagPosition",
                                                        "MagnetometerPosition",
                                                        "FrontGateDelay",
                                                        "PrimaryFieldDampingFactor",
                                                        "CalculateRawDataSTD",
                                                        "GateNoForPowerLineMonitor",
                                                        "GateFactor",
                                                        "UniformDataSTD",
                                                        "TxApproximateCurrent",
                                                        "ApproxDipoleMoment",
                                                        "FileVersion",
                                                        "DataType"};

/// Keys of [General] that are read if a channel or the loop needs them. The others do not matter.
constexpr std::array<std::string_view, 16> general_stems{
    "RxCoilPosition",  "TxCoilPosition", "LoopType",        "TxLoopArea",
    "TxLoopPoint",     "TxLoopSides",    "NumberOfTurns",   "NumberOfTurnsLM",
    "NumberOfTurnsHM", "WaveformPoint",  "WaveformLMPoint", "WaveformHMPoint",
    "GateTime",        "GateTimeLM",     "GateTimeHM",      "RxCoilLPFilter"};

/// Keys of [Channel1], ..., all of them read.
constexpr std::array<std::string_view, 11> channel_stems{"RxCoilNumber",
                                                         "GateTimeShift",
                                                         "SystemResponseConvolution",
                                                         "RemoveInitialGates",
                                                         "MeaTimeDelay",
                                                         "NoGates",
                                                         "RepFreq",
                                                         "FrontGateTime",
                                                         "TiBLowPassFilter",
                                                         "TransmitterMoment",
                                                         "ReceiverPolarizationXYZ"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

[[noreturn]] void refuse_unknown_key(const GexSection& section, const std::string& key,
                                     bool in_general) {
  const auto used = in_general ? std::span<const std::string_view>(general_stems)
                               : std::span<const std::string_view>(channel_stems);
  std::vector<std::string_view> known(used.begin(), used.end());
  known.insert(known.end(), unused_stems.begin(), unused_stems.end());
  const auto nearest = base::nearest_word(stem_of(key), known);
  section.place_of(key).fail(
      "unknown key " + base::in_quotes(key) + " in [" + section.name() + "]" +
      (nearest.empty() ? "" : ", did you mean " + base::in_quotes(nearest) + "?"));
}

}  // namespace

std::string harmless_unused_keys(const std::vector<GexSection>& sections) {
  std::set<std::string> harmless;
  for (const auto& section : sections) {
    const bool in_general = section.name() == "General";
    for (const auto& key : section.unused_keys()) {
      if (!contains(unused_stems, stem_of(key)) &&
          !(in_general && contains(general_stems, stem_of(key)))) {
        refuse_unknown_key(section, key, in_general);
      }
      harmless.insert(key);
    }
  }
  std::string list;
  for (const auto& key : harmless) list += (list.empty() ? "" : ", ") + key;
  return list;
}

}  // namespace stratem::io
