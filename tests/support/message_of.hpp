// The message of an expected error, for tests that compare it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "stratem/error.hpp"

namespace stratem::test {

/// The message of the Expected error that `action` throws, which must be one line; "no error" if it
/// throws none. The folder that the test runs in is left out at the message's begin.
template <class Expected = InputError, class Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const Expected& error) {
    std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << "not one line: " << message;
    const auto prefix = std::filesystem::temp_directory_path().string() + "/";
    if (message.starts_with(prefix)) message.erase(0, message.find('/', prefix.size()) + 1);
    return message;
  }
  return "no error";
}

}  // namespace stratem::test
