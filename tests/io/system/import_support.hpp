// Code shared by the tests of imported systems.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/message_of.hpp"

namespace stratem::test {

/// The text of a file in tests/io/fixtures.
inline std::string fixture(const std::string& name) {
  std::ifstream file(std::string(STRATEM_SOURCE_DIR) + "/tests/io/fixtures/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The text with the first `from` replaced, which must be there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

}  // namespace stratem::test
