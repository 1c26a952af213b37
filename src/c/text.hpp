// Texts in the caller's memory.
#pragma once

#include <cstddef>
#include <string>

#include "c/error.hpp"

namespace stratem::c {

/// Writes `from` with its final 0 into text [text_size], as stratem_system_json() describes it.
inline void copy_text(const std::string& from, char* text, std::size_t text_size,
                      std::size_t* needed) {
  const std::size_t size = from.size() + 1;
  if (needed != nullptr) *needed = size;
  if (text_size == 0) return;
  required(text, "text");
  if (text_size < size) {
    throw InputError("text_size: " + std::to_string(text_size) + ", allowed is " +
                     std::to_string(size) + " or more");
  }
  from.copy(text, from.size());
  text[from.size()] = '\0';
}

}  // namespace stratem::c
