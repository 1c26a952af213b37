// Exceptions as error codes, with the message of each thread's last one.
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include "stratem/error.hpp"
#include "stratem/stratem.h"

namespace stratem::c {

/// Keeps the message of the exception that is being handled, for this thread, and returns its code.
int keep_current_exception() noexcept;

/// Every function of the interface that can fail does its work in here.
template <class Action>
int guarded(Action&& action) noexcept {
  try {
    action();
    return STRATEM_OK;
  } catch (...) {
    return keep_current_exception();
  }
}

/// The object that an argument points to. Throws InputError naming the argument if it is NULL.
template <class T>
T& required(T* pointer, const char* name) {
  if (pointer == nullptr) throw InputError(std::string(name) + ": NULL");
  return *pointer;
}

/// Throws InputError if `given` is not the number that an array must have of something.
inline void check_count(const char* name, std::int64_t given, std::int64_t needed) {
  if (given == needed) return;
  throw InputError(std::string(name) + ": " + std::to_string(given) + ", allowed is " +
                   std::to_string(needed));
}

/// Throws InputError if `index` is not one of `count`.
inline void check_index(std::int64_t index, std::int64_t count) {
  if (index >= 0 && index < count) return;
  throw InputError("index: " + std::to_string(index) + ", allowed is 0 or more and below " +
                   std::to_string(count));
}

}  // namespace stratem::c
