// stratem stats, end to end, on a response file whose statistics are known.
#include <gmock/gmock.h>

#include <limits>
#include <sstream>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Stats : public ProgramTest {
 protected:
  // Gate 1 of the models that are ok: 1 .. 5; gate 2 ten times as much; the last model failed.
  Stats() {
    Responses responses(6, 2);
    for (std::size_t model = 0; model < 5; ++model) {
      responses.response[2 * model] = static_cast<double>(5 - model);
      responses.response[2 * model + 1] = static_cast<double>(10 * (5 - model));
    }
    responses.response[10] = responses.response[11] = std::numeric_limits<double>::quiet_NaN();
    responses.status[5] = Status::bad_depth;
    ResponseAttributes attributes;
    attributes.system = system_from_json(small_system, "small");
    attributes.tolerance = 1e-4;
    attributes.backend = "reference";
    attributes.device = "CPU";
    write_responses(folder() / "out.h5", responses, attributes);
  }
};

TEST_F(Stats, PrintsATableOnStandardOutput) {
  const Outcome shown = run({"stats", "out.h5"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_EQ(shown.errors, "");
  EXPECT_EQ(shown.output,
            "6 models, 1 failed, backend reference, V/(A m^2)\n"
            "moment      time_s         p10         p50         p90        mean         std\n"
            "LM      1.0000e-05  1.4000e+00  3.0000e+00  4.6000e+00  3.0000e+00  1.4142e+00\n"
            "LM      1.0000e-04  1.4000e+01  3.0000e+01  4.6000e+01  3.0000e+01  1.4142e+01\n");
}

TEST_F(Stats, TakesOtherPercentiles) {
  const Outcome shown = run({"stats", "out.h5", "--percentiles", "2.5,100"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output, AllOf(HasSubstr(" p2.5 "), HasSubstr(" p100 "),
                                  HasSubstr(" 1.1000e+00  5.0000e+00 ")));
}

TEST_F(Stats, WritesTheTableAsCsvWithAllDigits) {
  EXPECT_EQ(run({"stats", "out.h5", "--percentiles", "50", "-o", "table.csv"}).status, 0);
  EXPECT_EQ(read("table.csv"),
            "moment,time_s,p50,mean,std\n"
            "LM,1e-05,3,3,1.4142135623730951\n"
            "LM,1e-04,30,30,14.142135623730951\n");
  EXPECT_EQ(run({"stats", "out.h5", "-o", "table.csv"}).status, 2);
  EXPECT_EQ(run({"stats", "out.h5", "-o", "table.csv", "--force"}).status, 0);
  EXPECT_EQ(run({"stats", "out.h5", "-o", "table.txt"}).status, 2);
}

TEST_F(Stats, SaysHowWellPercentilesAreKnownBeyondItsMemory) {
  const Outcome shown = run({"stats", "out.h5", "--memory", "0"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output,
              AllOf(StartsWith("6 models, 1 failed, backend reference, V/(A m^2), relative error "
                               "of percentiles at most 0.000122\n"),
                    HasSubstr("  3.0000e+00  1.4142e+00\n")));
  EXPECT_EQ(run({"stats", "out.h5", "--memory", "-1"}).status, 2);
}

// forward --stats-only gives in one step what forward and stats give in two.
TEST_F(Stats, AreTheSameOfResponsesThatAreNotKept) {
  write("system.json", small_system);
  write("models.csv", models_with_bad_ones);
  const std::vector<std::string> forward{"forward",   "system.json", "models.csv",
                                         "--backend", "reference",   "-q"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(run(with(forward, {"-o", "kept.h5"})).status, 0);
  const Outcome kept = run({"stats", "kept.h5", "--percentiles", "5,95", "-o", "kept.csv"});
  const Outcome done = run(with(forward, {"--stats-only", "only.csv", "--percentiles", "5,95"}));
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.output, kept.output);
  EXPECT_EQ(read("only.csv"), read("kept.csv"));
  EXPECT_THAT(read("only.csv"), StartsWith("moment,time_s,p5,p95,mean,std\n"));

  EXPECT_EQ(run(with(forward, {"--stats-only", "only.csv"})).status, 2);
  EXPECT_EQ(run(with(forward, {"--stats-only", "only.csv", "--force"})).status, 0);
  EXPECT_EQ(run(with(forward, {"--stats-only", "s.h5", "-o", "o.h5"})).status, 2);
  EXPECT_EQ(run(with(forward, {"--stats-only", "s.h5", "--shard", "1/2"})).status, 2);
  EXPECT_EQ(run(with(forward, {"--stats-only", "s.h5"})).status, 0);
  EXPECT_TRUE(exists("s.h5"));
}

/// Cells of a table with commas.
std::vector<std::vector<std::string>> cells(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream words(line);
    for (std::string word; std::getline(words, word, ',');) rows.back().push_back(word);
  }
  return rows;
}

// The plan counts the responses as they are computed, in bins because they exceed the memory. Some
// models are outside its range.
TEST_F(Stats, AreThoseOfTheResponsesThatAPlanCounts) {
  write("system.json", small_system);
  write("prior.json", small_prior);
  const auto forward = [&](const std::vector<std::string>& output) {
    std::vector<std::string> words{
        "forward", "system.json", "--prior",     "prior.json", "-n",
        "5000",    "--seed",      "3",           "--backend",  "cpu",
        "--cache", "cache",       "--tolerance", "1e-2",       "--resistivity-range",
        "3,1000",  "-q"};
    words.insert(words.end(), output.begin(), output.end());
    return run(words);
  };
  ASSERT_EQ(forward({"-o", "kept.h5"}).status, 0);
  for (const std::string memory : {"256", "0"}) {
    const Outcome kept = run({"stats", "kept.h5", "--memory", memory, "-o", "kept.csv", "--force"});
    const Outcome only = forward({"--stats-only", "only.csv", "--memory", memory, "--force"});
    ASSERT_EQ(only.status, 0) << only.errors;
    EXPECT_THAT(only.errors, HasSubstr(": outside the range the plan was declared for"));
    EXPECT_EQ(only.output, kept.output);
    const auto found = cells(read("only.csv"));
    const auto expected = cells(read("kept.csv"));
    ASSERT_EQ(found.size(), 3U);
    for (std::size_t row = 1; row < found.size(); ++row) {
      for (std::size_t column = 2; column < 5; ++column) {
        EXPECT_EQ(found[row][column], expected[row][column]) << row;  // percentiles
      }
    }
  }
}

TEST_F(Stats, WritesAllItKnowsAsHdf5) {
  EXPECT_EQ(run({"stats", "out.h5", "--percentiles", "25,50", "-o", "table.h5"}).status, 0);
  EXPECT_EQ(run({"stats", "table.h5"}).status, 2);
  EXPECT_EQ(run({"stats", "out.h5", "-o", "out.h5", "--force"}).status, 2);
}

TEST_F(Stats, RejectsPercentilesThatAreNone) {
  for (const char* percentiles : {"101", "-1", "ten", "10,,90", "nan"}) {
    const Outcome refused = run({"stats", "out.h5", "--percentiles", percentiles});
    EXPECT_EQ(refused.status, 2) << percentiles;
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr("percentiles")));
  }
}

TEST_F(Stats, RejectsFilesThatHoldNoResponses) {
  write("broken.h5", "not HDF5");
  const Outcome refused = run({"stats", "broken.h5"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("broken.h5"));
}

TEST_F(Stats, IsSafeToPipeIntoHead) {
  const Outcome piped = run_in_shell("\"$STRATEM\" stats out.h5 | head -n 1");
  EXPECT_EQ(piped.output, "6 models, 1 failed, backend reference, V/(A m^2)\n");
  EXPECT_EQ(piped.errors, "");
}

}  // namespace
}  // namespace stratem::test
