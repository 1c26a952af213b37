// Structs that the caller's program knows in another version than this library: struct_size says in
// which. A struct grows at its end only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "c/error.hpp"

namespace stratem::c {

/// The size of a struct in the first version of the library that had it, which is the smallest that
/// a caller may state. It is specialised with a number for a struct that a later version extends.
template <class Struct>
inline constexpr std::size_t first_size = sizeof(Struct);

/// Larger ones are taken for numbers that nobody has set.
inline constexpr std::size_t largest_size = 4096;

template <class Struct>
void check_size(const Struct& given, const char* name) {
  if (given.struct_size >= first_size<Struct> && given.struct_size <= largest_size) return;
  throw InputError(std::string(name) + ".struct_size: " + std::to_string(given.struct_size) +
                   ", allowed is sizeof of the struct, " + std::to_string(sizeof(Struct)));
}

/// The struct as this library knows it; members that the caller's version lacks are 0. Throws
/// InputError naming it if it is NULL, if its size cannot be one, or if it asks for something that
/// this library does not know.
template <class Struct>
Struct read_struct(const Struct* pointer, const char* name) {
  const Struct& given = required(pointer, name);
  check_size(given, name);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(pointer);
  if (std::any_of(bytes + std::min(sizeof(Struct), given.struct_size), bytes + given.struct_size,
                  [](unsigned char byte) { return byte != 0; })) {
    throw InputError(std::string(name) +
                     ": a member that this version of the library does not know is not 0");
  }
  Struct known{};
  std::memcpy(&known, pointer, std::min(sizeof(Struct), given.struct_size));
  return known;
}

/// Writes the members that the caller's version has; struct_size stays the caller's.
template <class Struct>
void write_struct(Struct known, Struct* pointer, const char* name) {
  Struct& given = required(pointer, name);
  check_size(given, name);
  known.struct_size = given.struct_size;
  std::memcpy(pointer, &known, std::min(sizeof(Struct), known.struct_size));
}

}  // namespace stratem::c
