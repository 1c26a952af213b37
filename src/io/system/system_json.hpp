// The words of a system's JSON file, shared by reading and writing.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "stratem/system.hpp"

namespace stratem::io {

template <class Enum, std::size_t count>
using Words = std::array<std::pair<Enum, std::string_view>, count>;

inline constexpr Words<Component, 3> component_words{
    {{Component::x, "x"}, {Component::y, "y"}, {Component::z, "z"}}};
inline constexpr Words<Quantity, 2> quantity_words{{{Quantity::dbdt, "dbdt"}, {Quantity::b, "b"}}};
inline constexpr Words<Normalization, 2> normalization_words{
    {{Normalization::current, "current"}, {Normalization::moment, "moment"}}};

template <class Enum, std::size_t count>
constexpr std::string_view word_of(const Words<Enum, count>& words, Enum value) {
  for (const auto& [known, word] : words) {
    if (known == value) return word;
  }
  return {};
}

/// Whether all gates are plain times rather than windows.
inline bool has_plain_times(const Moment& moment) {
  for (const auto& gate : moment.gates) {
    if (!gate.is_time()) return false;
  }
  return true;
}

}  // namespace stratem::io
