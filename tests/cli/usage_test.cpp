// Behaviour that all verbs share: help, misspelt words, exit statuses, output streams.
#include <gmock/gmock.h>

#include <regex>
#include "cli/program.hpp"
#include "stratem/options.hpp"
#include "stratem/version.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class CommandLine : public ProgramTest {
 protected:
  /// Expects bad usage: exit status 2, one line on standard error that contains `part`, and no
  /// standard output.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Outcome refused = run(arguments);
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr(part), EndsWith("\n")));
    EXPECT_EQ(std::count(refused.errors.begin(), refused.errors.end(), '\n'), 1) << refused.errors;
  }
};

TEST_F(CommandLine, WithoutAVerbShowsHelp) {
  const Outcome bare = run({});
  EXPECT_EQ(bare.status, 0);
  EXPECT_EQ(bare.errors, "");
  for (const char* verb : {"forward", "merge", "sample", "sweep", "stats", "validate", "bench",
                           "convert", "plot", "info"}) {
    EXPECT_THAT(bare.output, HasSubstr(std::string("\n  ") + verb + " "));
  }
  EXPECT_EQ(run({"--help"}).output, bare.output);
  EXPECT_EQ(run({"-h"}).output, bare.output);
}

TEST_F(CommandLine, ShowsItsVersion) {
  const Outcome shown = run({"--version"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.output, std::string("stratem ") + version() + "\n");
}

TEST_F(CommandLine, ShowsHelpOfEveryVerbOnStandardOutput) {
  for (const char* verb : {"forward", "merge", "sample", "sweep", "stats", "validate", "bench",
                           "convert", "plot", "info"}) {
    const Outcome shown = run({verb, "--help"});
    EXPECT_EQ(shown.status, 0) << verb;
    EXPECT_EQ(shown.errors, "") << verb;
    EXPECT_THAT(shown.output, HasSubstr(std::string("stratem ") + verb + " [OPTIONS]"));
    EXPECT_EQ(run({verb, "-h"}).output, shown.output);
  }
}

TEST_F(CommandLine, TakesTheHelpOfPlanOptionsFromTheLibrary) {
  // Lines are wrapped where they are too long.
  const std::string help =
      std::regex_replace(run({"forward", "--help"}).output, std::regex("\\s+"), " ");
  ASSERT_FALSE(describe_options().empty());
  for (const auto& option : describe_options()) {
    EXPECT_THAT(help, HasSubstr("--" + std::string(option.name) + " "));
    EXPECT_THAT(help, HasSubstr("default " + std::string(option.default_value)));
  }
}

TEST_F(CommandLine, SetsEveryPlanOptionThatTheLibraryDescribes) {
  for (const auto& option : describe_options()) {
    std::string value(option.default_value);
    if (option.name == "height-range") value = "20,60";
    if (option.name == "polarizable") value = "yes";
    if (option.name == "cache") value = "none";
    const Outcome refused = run({"forward", "none.json", "none.csv", "-o", "out.h5",
                                 "--" + std::string(option.name), value});
    EXPECT_THAT(refused.errors, HasSubstr("none.csv: ")) << option.name;
  }
}

TEST_F(CommandLine, RejectsDevicesThatAreNoListOfOrdinals) {
  for (const char* devices : {"x", "0,", ",1", "0, 1", "-1", "0,1,0", "1024", "0;1", "1.5"}) {
    expect_refused({"forward", "s.json", "m.csv", "-o", "o.h5", "--devices", devices},
                   std::string("devices: ") + devices + ", allowed is all, or different whole");
  }
}

TEST_F(CommandLine, RejectsAnUnknownVerbAndNamesTheNearest) {
  expect_refused({"forwrad"}, "unknown verb forwrad, did you mean forward?");
  expect_refused({"paint"}, "unknown verb paint");
}

TEST_F(CommandLine, RejectsAnUnknownOptionAndNamesTheNearest) {
  expect_refused({"--verson"}, "unknown option --verson, did you mean --version?");
  expect_refused({"forward", "s.json", "m.csv", "-o", "o.h5", "--tolerence", "1e-3"},
                 "forward: unknown option --tolerence, did you mean --tolerance?");
  expect_refused({"forward", "s.json", "m.csv", "-o", "o.h5", "--tolerence=1e-3"},
                 "unknown option --tolerence,");
  expect_refused({"info", "-x"}, "unknown option -x");
}

TEST_F(CommandLine, RejectsOptionsThatDoNotExistYet) {
  for (const char* option : {"--jacobian", "--gradient"}) {
    expect_refused({"forward", "s.json", "m.csv", "-o", "o.h5", option},
                   std::string("unknown option ") + option);
  }
}

TEST_F(CommandLine, RejectsOptionsWithoutTheirValue) {
  expect_refused({"forward", "s.json", "m.csv", "-o"}, "-o has no value");
  expect_refused({"forward", "s.json", "m.csv", "-o", "--force"}, "--output has no value");
  expect_refused({"forward", "s.json", "m.csv", "--output="}, "--output has no value");
}

TEST_F(CommandLine, RejectsAnOptionGivenTwice) {
  expect_refused({"forward", "s.json", "m.csv", "-o", "a.h5", "--output", "b.h5"},
                 "--output is given more than once");
}

TEST_F(CommandLine, RejectsTooFewAndTooManyArguments) {
  expect_refused({"forward", "s.json", "-o", "o.h5"}, "MODELS is missing");
  expect_refused({"forward", "-o", "o.h5"}, "SYSTEM is missing");
  expect_refused({"forward", "s.json", "m.csv"}, "--output is missing");
  expect_refused({"forward", "s.json", "m.csv", "x.csv", "-o", "o.h5"},
                 "'x.csv' is one argument too many");
  expect_refused({"info", "a.json", "b.json"}, "'b.json' is one argument too many");
}

TEST_F(CommandLine, TakesWordsAfterTwoDashesAsFileNames) {
  write("-system.json", small_system);
  EXPECT_EQ(run({"info", "--", "-system.json"}).status, 0);
  expect_refused({"info", "--", "--help"}, "--help: ");
  expect_refused({"info", "-system.json"}, "unknown option -s");
}

TEST_F(CommandLine, RejectsMissingFiles) {
  write("system.json", small_system);
  write("models.csv", good_models);
  expect_refused({"forward", "none.json", "models.csv", "-o", "o.h5"}, "none.json: no such file");
  expect_refused({"forward", "system.json", "none.csv", "-o", "o.h5"}, "none.csv: no such file");
  expect_refused({"sample", "none.json", "-n", "3", "--seed", "1", "-o", "m.h5"}, "none.json");
  expect_refused({"stats", "none.h5"}, "none.h5: no such file");
  expect_refused({"convert", "none.gex", "-o", "s.json"}, "none.gex: no such file");
  expect_refused({"info", "none.json"}, "none.json: no such file");
  expect_refused({"info", "."}, "is a folder");
}

TEST_F(CommandLine, IsSafeToPipeIntoAProgramThatStopsReading) {
  const Outcome piped = run_in_shell("{ \"$STRATEM\" --help; echo \"status $?\" >&2; } | true");
  EXPECT_EQ(piped.errors, "status 0\n");
  EXPECT_THAT(run_in_shell("\"$STRATEM\" --help | head -n 1").output, HasSubstr("Forward"));
}

TEST_F(CommandLine, SaysWhenStandardOutputCannotBeWritten) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this machine has no /dev/full";
  const Outcome full = run_in_shell("\"$STRATEM\" --help > /dev/full");
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(full.errors, "stratem: standard output: could not be written\n");
}

}  // namespace
}  // namespace stratem::test
