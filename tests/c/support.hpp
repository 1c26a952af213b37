// Handles that destroy themselves, and what the tests of the C interface compute with.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "stratem/io.hpp"
#include "stratem/stratem.h"
#include "support/systems.hpp"

namespace stratem::test {

template <class T, void (*destroy)(T*)>
struct Destroy {
  void operator()(T* handle) const { destroy(handle); }
};
template <class T, void (*destroy)(T*)>
using Handle = std::unique_ptr<T, Destroy<T, destroy>>;

using SystemHandle = Handle<stratem_system, stratem_system_destroy>;
using OptionsHandle = Handle<stratem_options, stratem_options_destroy>;
using PlanHandle = Handle<stratem_plan, stratem_plan_destroy>;
using StatisticsHandle = Handle<stratem_statistics, stratem_statistics_destroy>;

/// What `make` puts into its last argument; the test fails if it does not succeed.
template <class H, class Make>
H made(Make&& make) {
  typename H::pointer handle = nullptr;
  EXPECT_EQ(make(&handle), STRATEM_OK) << stratem_last_error();
  return H(handle);
}

/// A code and the message of the call that returned it; "" with STRATEM_OK.
struct Outcome {
  int code;
  std::string message;
};
inline Outcome outcome(int code) { return {code, code == STRATEM_OK ? "" : stratem_last_error()}; }

/// Expects STRATEM_ERROR_INPUT with a message, word for word.
inline void expect_input_error(int code, const std::string& message) {
  EXPECT_EQ(code, STRATEM_ERROR_INPUT);
  EXPECT_EQ(outcome(code).message, message);
}

inline System nine_gates() { return central_loop(log_times(1e-5, 1e-3, 9)); }

inline SystemHandle system_handle(const System& system = nine_gates()) {
  const std::string json = to_json(system);
  return made<SystemHandle>(
      [&](auto* handle) { return stratem_system_from_json(json.c_str(), handle); });
}

/// Of a plan that is made in a few seconds, or of the reference.
inline OptionsHandle quick_options(const char* backend = "cpu") {
  auto options = made<OptionsHandle>(stratem_options_create);
  for (const auto& [name, text] : {std::pair{"tolerance", "1e-1"},
                                   {"resistivity-range", "10,100"},
                                   {"cache", "none"},
                                   {"backend", backend}}) {
    EXPECT_EQ(stratem_options_set(options.get(), name, text), STRATEM_OK) << stratem_last_error();
  }
  return options;
}

inline PlanHandle plan_handle(const System& system, const OptionsHandle& options) {
  const SystemHandle handle = system_handle(system);
  return made<PlanHandle>([&](auto* plan) {
    return stratem_plan_create(handle.get(), options.get(), nullptr, nullptr, plan);
  });
}

/// On the reference: made at once.
inline PlanHandle reference_plan(const System& system = nine_gates()) {
  return plan_handle(system, quick_options("reference"));
}

}  // namespace stratem::test
