// stratem convert, end to end.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Convert : public ProgramTest {
 protected:
  Convert() { write("small.stm", small_stm); }

  Outcome convert(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"convert", "small.stm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Convert, WritesJsonThatReadsBack) {
  const Outcome done =
      convert({"-o", "system.json", "--transmitter-height", "30", "--receiver", "-120,0,-10.5"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.output, "");
  EXPECT_THAT(done.errors, StartsWith("note: "));
  const System system = read_system(folder() / "system.json").system;
  ASSERT_EQ(system.moments.size(), 1U);
  EXPECT_FALSE(system.height_from_models);
  EXPECT_EQ(system.moments[0].transmitters.at(0).height, 30.0);
  EXPECT_EQ(system.moments[0].receivers.at(0).position[0], -120.0);
  EXPECT_EQ(system.moments[0].receivers.at(0).height, 19.5);
  EXPECT_EQ(system.moments[0].gates.size(), 2U);
  EXPECT_EQ(system.moments[0].waveform.times.at(0), -0.01);
}

TEST_F(Convert, TakesNegativeNumbersWithAndWithoutAnEqualsSign) {
  ASSERT_EQ(convert({"-o", "a.json", "--transmitter-height=50", "--receiver=-12,0,-4"}).status, 0);
  ASSERT_EQ(
      convert({"--receiver", "-12,0,-4", "--transmitter-height", "50", "-o", "b.json"}).status, 0);
  EXPECT_EQ(read("a.json"), read("b.json"));
}

TEST_F(Convert, LeavesTheHeightToTheModelsIfNoneIsGiven) {
  const Outcome done = convert({"-o", "system.json", "--receiver", "0,0,2"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors, HasSubstr("every model needs its own 'height'"));
  EXPECT_TRUE(read_system(folder() / "system.json").system.height_from_models);
}

TEST_F(Convert, RejectsAnStmFileWithoutAReceiver) {
  const Outcome refused = convert({"-o", "system.json", "--transmitter-height", "30"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr("receiver")));
  EXPECT_FALSE(exists("system.json"));
}

TEST_F(Convert, RefusesAnExistingOutputUnlessForced) {
  write("system.json", "mine");
  const std::vector<std::string> arguments{"-o", "system.json", "--receiver", "0,0,2"};
  const Outcome refused = convert(arguments);
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("system.json: exists already"));
  EXPECT_EQ(read("system.json"), "mine");
  auto forced = arguments;
  forced.emplace_back("--force");
  EXPECT_EQ(convert(forced).status, 0);
}

TEST_F(Convert, RefusesAnOutputThatIsNotJsonOrCannotBeWritten) {
  EXPECT_EQ(convert({"-o", "system.txt", "--receiver", "0,0,2"}).status, 2);
  const Outcome refused = convert({"-o", "none/system.json", "--receiver", "0,0,2"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("none/system.json: cannot be written"));
}

TEST_F(Convert, RejectsATruncatedFile) {
  write("small.stm", std::string(small_stm).substr(0, 300));
  const Outcome refused = convert({"-o", "system.json", "--receiver", "0,0,2"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("small.stm"));
  EXPECT_FALSE(exists("system.json"));
}

}  // namespace
}  // namespace stratem::test
