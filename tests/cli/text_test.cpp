// The program's own text: numbers, tables, the progress bar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <locale>
#include <string>
#include <vector>

#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/text_table.hpp"
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
  EXPECT_EQ(progress_text(50, 200, 10.0),
            "[#######                       ]  25 %  5.00 models/s  0:30 left");
  EXPECT_EQ(progress_text(200, 200, 10.0),
            "[##############################] 100 %  20.0 models/s  0:00 left");
}

TEST(Progress, CountsHours) {
  EXPECT_THAT(progress_text(1, 1000001, 0.01), testing::EndsWith("  2:46:40 left"));
}

TEST(Progress, MakesNoPromiseBeforeTheFirstModel) {
  EXPECT_EQ(progress_text(0, 200, 0.0), "[                              ]   0 %");
}

TEST(TextTable, LinesUpItsColumns) {
  EXPECT_EQ(text_table({{"moment", "p50"}, {"LM", "1e-09"}, {"HM", "-1e-10"}}),
            "moment     p50\n"
            "LM       1e-09\n"
            "HM      -1e-10\n");
}

TEST(TextTable, QuotesCellsWithCommasInCsv) {
  EXPECT_EQ(csv_table({{"moment", "p50"}, {"LM, \"low\"", "1"}}),
            "moment,p50\n\"LM, \"\"low\"\"\",1\n");
}

}  // namespace
