// The program's own text: numbers, tables, the progress bar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <locale>
#include <string>
#include <vector>

#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/text_table.hpp"
#include "io/csv.hpp"
#include "stratem/error.hpp"

namespace {

using namespace stratem::cli;
using stratem::InputError;
using testing::ElementsAre;

TEST(Numbers, AreReadWhole) {
  EXPECT_EQ(parse_number("tolerance", "1e-4"), 1e-4);
  EXPECT_EQ(parse_number("tolerance", "-2.5"), -2.5);
  for (const char* text : {"", "1e-4x", " 1", "1,5", "ten", "nan", "inf", "1e999"}) {
    EXPECT_THROW(parse_number("tolerance", text), InputError) << text;
  }
}

TEST(Numbers, StandInListsWithCommas) {
  EXPECT_THAT(parse_numbers("receiver", "-120,0,-40"), ElementsAre(-120.0, 0.0, -40.0));
  EXPECT_THAT(parse_numbers("percentiles", "50"), ElementsAre(50.0));
  for (const char* text : {"", "1,,2", "1,2,", ",1", "1;2", "1, 2"}) {
    EXPECT_THROW(parse_numbers("receiver", text), InputError) << text;
  }
}

TEST(Numbers, AreWholeWhereTheyCount) {
  EXPECT_EQ(parse_whole("count", "9223372036854775807", 1), 9223372036854775807);
  for (const char* text : {"0", "-1", "1.5", "1e3", "9223372036854775808", "n"}) {
    EXPECT_THROW(parse_whole("count", text, 1), InputError) << text;
  }
  EXPECT_EQ(parse_seed("seed", "18446744073709551615"), 18446744073709551615U);
  for (const char* text : {"-1", "18446744073709551616", "0x1"}) {
    EXPECT_THROW(parse_seed("seed", text), InputError) << text;
  }
}

struct DecimalComma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

TEST(Numbers, HaveAPointInAnyLocale) {
  const std::locale before = std::locale::global(std::locale(std::locale(), new DecimalComma));
  EXPECT_EQ(scientific(1.5e-12, 4), "1.5000e-12");
  EXPECT_EQ(rounded(0.5), "0.500");
  EXPECT_EQ(parse_number("tolerance", "0.5"), 0.5);
  std::locale::global(before);
}

TEST(Numbers, AreRoundedToThreeDigitsAndStayReadable) {
  EXPECT_EQ(rounded(0.0), "0");
  EXPECT_EQ(rounded(8.1278), "8.13");
  EXPECT_EQ(rounded(81.278), "81.3");
  EXPECT_EQ(rounded(5678901.2), "5678901");
  EXPECT_EQ(rounded(1.2345e-6), "1.23e-06");
}

TEST(Numbers, KeepAllTheirDigits) {
  EXPECT_EQ(exact(300000.0), "300000");
  EXPECT_EQ(exact(-13.36), "-13.36");
  EXPECT_EQ(exact(0.0), "0");
  EXPECT_EQ(exact(1.463e-5), "1.463e-05");
  EXPECT_EQ(exact(0.1 + 0.2), "0.30000000000000004");
}

TEST(Numbers, GoWithTheirNoun) {
  EXPECT_EQ(counted(1, "model"), "1 model");
  EXPECT_EQ(counted(0, "model"), "0 models");
}

TEST(Progress, SaysHowFarHowFastAndHowLong) {
  EXPECT_EQ(progress_bar({.done = 50, .total = 200, .seconds = 10.0}),
            "[#####               ]  25 %  50 of 200  5.00 models/s  0:30 left");
  EXPECT_EQ(progress_bar({.done = 200, .total = 200, .failed = 3, .seconds = 10.0}),
            "[####################] 100 %  200 of 200  20.0 models/s  0:00 left  3 failed");
}

TEST(Progress, CountsHours) {
  EXPECT_THAT(progress_bar({.done = 1, .total = 1000001, .seconds = 0.01}),
              testing::EndsWith("  2:46:40 left"));
}

TEST(Progress, MakesNoPromiseBeforeTheFirstModel) {
  EXPECT_EQ(progress_bar({.total = 200}), "[                    ]   0 %  0 of 200");
}

TEST(Progress, LeavesOutOfItsRateWhatWasThereBefore) {
  EXPECT_EQ(progress_line({.done = 150, .total = 200, .failed = 1, .before = 100, .seconds = 10.0}),
            "150 of 200 models, 75 %, 5.00 models/s, 0:10 left, 1 failed");
  EXPECT_EQ(progress_line({.done = 100, .total = 200, .before = 100, .seconds = 10.0}),
            "100 of 200 models, 50 %");
}

TEST(Progress, SaysHowFarAPlanIs) {
  EXPECT_EQ(progress_bar({.fraction = 0.25, .searches = 1, .seconds = 11.5}),
            "[#####               ]  25 %  plan  1 search  0:12");
  EXPECT_EQ(progress_line({.fraction = 0.5, .searches = 2, .seconds = 90.0}),
            "plan: 50 %, 2 searches, 1:30");
  EXPECT_EQ(progress_line({.fraction = 1.0, .searches = 0, .seconds = 0.0}), "plan: 100 %, 0:00");
}

TEST(Progress, IsALineNowAndThenWhereThereIsNoTerminal) {
  if (isatty(STDERR_FILENO) == 1) GTEST_SKIP() << "standard error is a terminal";
  testing::internal::CaptureStderr();
  {
    Progress progress(true, std::chrono::seconds(30));
    for (std::int64_t second = 0; second <= 100; ++second) {
      progress.show({.done = second, .total = 100, .seconds = static_cast<double>(second)});
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "30 of 100 models, 30 %, 1.00 models/s, 1:10 left\n"
            "60 of 100 models, 60 %, 1.00 models/s, 0:40 left\n"
            "90 of 100 models, 90 %, 1.00 models/s, 0:10 left\n");
}

TEST(Progress, SaysNothingWhereItIsNotWanted) {
  testing::internal::CaptureStderr();
  {
    Progress progress(false, std::chrono::seconds(0));
    progress.show({.done = 1, .total = 100, .seconds = 1.0});
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(TextTable, LinesUpItsColumns) {
  EXPECT_EQ(text_table({{"moment", "p50"}, {"LM", "1e-09"}, {"HM", "-1e-10"}}),
            "moment     p50\n"
            "LM       1e-09\n"
            "HM      -1e-10\n");
}

TEST(TextTable, QuotesCellsWithCommasInCsv) {
  EXPECT_EQ(stratem::io::csv_table({{"moment", "p50"}, {"LM, \"low\"", "1"}}),
            "moment,p50\n\"LM, \"\"low\"\"\",1\n");
}

}  // namespace
