// stratem validate, end to end, with a plan that is built quickly.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

class Validate : public ProgramTest {
 protected:
  Validate() { write("system.json", small_system); }

  Outcome validate(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"validate", "system.json", "--resistivity-range",
                                       "10,1000",  "--layers",    "2",
                                       "--cache",  "cache"};
    if (std::ranges::count(more, "--tolerance") == 0) {
      arguments.insert(arguments.end(), {"--tolerance", "1e-2"});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Validate, ComparesTheCpuWithTheReference) {
  const Outcome done = validate({"-n", "6", "--backends", "cpu", "-o", "worst.h5"});
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.output, AllOf(StartsWith("backend    against  models  outside"),
                                 ContainsRegex("cpu +reference +6 +0 +random .* LM .* pass"),
                                 ContainsRegex("cpu +reference +6 +0 +search .* LM .* pass")));
  EXPECT_THAT(done.errors, HasSubstr("10 worst models, worst.h5"));
  EXPECT_EQ(read_models(folder() / "worst.h5").models, 10);
  // forward can read the file.
  EXPECT_EQ(run({"forward", "system.json", "worst.h5", "-o", "again.csv", "--backend", "reference"})
                .status,
            0);
}

TEST_F(Validate, TakesModelsOfAFileAndLeavesOutThoseOutsideTheRange) {
  write("models.csv",
        "resistivity_1,resistivity_2,thickness_1\n"
        "100,20,20\n"
        "50,500,35.5\n"
        "50,5000,35.5\n"
        "-1,10,20\n");
  const Outcome done = validate({"models.csv", "--backends", "reference,cpu"});
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.output, ContainsRegex("cpu +reference +4 +1 +file .* pass"));
}

TEST_F(Validate, LeavesPolarizableModelsToTheReferenceAtTightTolerances) {
  write("models.csv",
        "resistivity_1,resistivity_2,thickness_1,chargeability_1,chargeability_2,time_constant_1,"
        "time_constant_2,exponent_1,exponent_2\n"
        "100,20,20,0.3,0,0.01,1,0.5,1\n"
        "50,500,35.5,0,0,1,1,1,1\n");
  const Outcome done = validate(
      {"models.csv", "--backends", "cpu", "--tolerance", "9e-5", "--out-of-range", "reference"});
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.output, ContainsRegex("cpu +reference +2 +0 .* 9e-05 .* pass"));
}

TEST_F(Validate, RejectsBackendsThatAreNone) {
  EXPECT_THAT(validate({"--backends", "gpu"}).errors, HasSubstr("backend: gpu, allowed is"));
  EXPECT_THAT(validate({"--backends", "cpu,"}).errors, HasSubstr("--backends: 'cpu,'"));
  EXPECT_EQ(validate({"--backends", "reference", "-n", "1"}).status, 2);
  EXPECT_EQ(validate({"--count", "0"}).status, 2);
}

}  // namespace
}  // namespace stratem::test
