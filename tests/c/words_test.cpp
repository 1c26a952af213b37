// The words of the C interface, and the message of the last error.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

#include "c/support.hpp"
#include "stratem/models.hpp"

namespace stratem::test {
namespace {

TEST(CWords, AreThoseOfTheLibrary) {
  EXPECT_STREQ(stratem_version(), STRATEM_VERSION);
  for (int status = 0; status <= STRATEM_STATUS_FAILED; ++status) {
    EXPECT_EQ(stratem_status_text(static_cast<std::uint8_t>(status)),
              describe(static_cast<Status>(status)));
  }
  EXPECT_STREQ(stratem_status_text(255), "unknown status");
}

TEST(CWords, TellErrorsApart) {
  std::set<std::string> texts;
  for (int code = STRATEM_OK; code <= STRATEM_ERROR_INTERNAL; ++code) {
    texts.insert(stratem_error_text(code));
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(STRATEM_ERROR_INTERNAL) + 1);
  EXPECT_EQ(texts.count("unknown error"), 0u);
  for (const int code : {-1, STRATEM_ERROR_INTERNAL + 1}) {
    EXPECT_STREQ(stratem_error_text(code), "unknown error");
  }
}

TEST(CWords, AreEmptyInAThreadWithoutErrors) {
  stratem_options_set(nullptr, "tolerance", "1e-3");
  EXPECT_STREQ(stratem_last_error(), "options: NULL");
  std::thread([] { EXPECT_STREQ(stratem_last_error(), ""); }).join();
}

TEST(CWords, CutAMessageThatIsTooLong) {
  const auto options = made<OptionsHandle>(stratem_options_create);
  const std::string text(5000, 'x');
  EXPECT_EQ(stratem_options_set(options.get(), "tolerance", text.c_str()), STRATEM_ERROR_INPUT);
  EXPECT_EQ(stratem_last_error(), "tolerance: " + std::string(2047 - 11, 'x'));
}

}  // namespace
}  // namespace stratem::test
