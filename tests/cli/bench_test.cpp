// stratem bench, end to end: checks the table, not the speed.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Bench : public ProgramTest {
 protected:
  Bench() { write("system.json", small_system); }

  Outcome bench(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{
        "bench",    "system.json", "--resistivity-range", "10,1000", "--tolerance", "1e-2",
        "--rounds", "2",           "--seconds",           "0",       "-n",          "20",
        "--cache",  "cache"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Bench, HasALineForEveryCombination) {
  const Outcome done = bench({"--backend", "cpu", "--layers", "1,3", "--threads", "1,2", "--batch",
                              "0,8", "-o", "table.csv"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.output, StartsWith("20 models a call, 2 rounds of turns of 0 s\n"));
  EXPECT_THAT(done.errors,
              AllOf(HasSubstr("plan: tolerance 0.01, double, "), HasSubstr("cpu: CPU, ")));
  const std::string table = read("table.csv");
  EXPECT_THAT(table, StartsWith("backend,precision,tolerance,layers,batch,threads,best/s,median/s,"
                                "speed-up,efficiency\n"
                                "cpu,double,0.01,1,chosen,1,"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 2 * 2 * 2);
  EXPECT_THAT(table, HasSubstr("\ncpu,double,0.01,3,8,2,"));
}

TEST_F(Bench, LeavesStreamsAndKernelsOutOfATableOfTheCpu) {
  const Outcome done =
      bench({"--backend", "cpu", "--layers", "1", "--threads", "1", "--streams", "1,2", "-q"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(std::count(done.output.begin(), done.output.end(), '\n'), 3);
  for (const char* column : {"streams", "kernel/s", "occupancy", "of peak"}) {
    EXPECT_THAT(done.output, Not(HasSubstr(column)));
  }
}

TEST_F(Bench, SaysWhyADeviceCannotBeMeasured) {
  const Outcome done = bench({"--backend", "cuda", "--layers", "1", "--streams", "1"});
  if (done.status == 0) {
    EXPECT_THAT(done.output,
                AllOf(HasSubstr("streams"), HasSubstr("kernel/s"), HasSubstr("of peak")));
  } else {
    EXPECT_EQ(done.status, 2);
    EXPECT_THAT(done.errors, HasSubstr("backend cuda: no"));
    EXPECT_EQ(done.output, "");
  }
}

TEST_F(Bench, SaysInItsHelpWhatIsMeasured) {
  const Outcome help = run({"bench", "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.output, AllOf(ContainsRegex("--streams X,X,... +batches that a device"),
                                 HasSubstr("end to end"), HasSubstr("kernel/s is"),
                                 HasSubstr("is one operation")));
}

TEST_F(Bench, MeasuresTheReferenceWhereItIsNamed) {
  const Outcome done = bench({"--backend", "reference", "--layers", "1", "--threads", "1", "-q"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.errors, "");
  EXPECT_THAT(done.output, HasSubstr("\nreference"));
}

TEST_F(Bench, RejectsListsThatAreNone) {
  EXPECT_THAT(bench({"--layers", "3,,8"}).errors, HasSubstr("--layers: '3,,8'"));
  EXPECT_THAT(bench({"--layers", "0"}).errors, HasSubstr("--layers"));
  EXPECT_THAT(bench({"--threads", "1,many"}).errors, HasSubstr("threads: many"));
  EXPECT_THAT(bench({"--streams", "0,1"}).errors, HasSubstr("streams: 0, allowed is 1 to 16"));
  EXPECT_THAT(bench({"--streams", "1,,2"}).errors, HasSubstr("--streams: '1,,2'"));
  EXPECT_EQ(bench({"-o", "table.txt"}).status, 2);
}

}  // namespace
}  // namespace stratem::test
