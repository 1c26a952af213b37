// stratem info, end to end.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "stratem/backends.hpp"
#include "stratem/version.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Info : public ProgramTest {};

TEST_F(Info, ShowsVersionCompilerBuildCoresAndEveryBackend) {
  const Outcome shown = run({"info"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.errors, "");
  EXPECT_THAT(shown.output,
              AllOf(StartsWith(std::string("stratem ") + version() + "\n"),
                    HasSubstr("\ncompiler "), HasSubstr("\nbuild "), HasSubstr("\ncores ")));
  for (const auto& backend : backends()) {
    const std::string line = std::string("\n  ") + std::string(to_string(backend.backend)) + " ";
    EXPECT_THAT(shown.output, HasSubstr(line));
    const std::string fact = backend.usable ? "usable" : "not usable: " + backend.reason;
    EXPECT_THAT(shown.output, HasSubstr(fact));
  }
}

TEST_F(Info, ListsTheDevicesThatThereAre) {
  const std::string shown = run({"info"}).output;
  EXPECT_EQ(shown.find("\ndevices\n") != std::string::npos, !devices().empty()) << shown;
  for (const auto& device : devices()) {
    EXPECT_THAT(shown, HasSubstr("\n  " + std::to_string(device.ordinal) + "  " + device.name));
    EXPECT_THAT(shown, HasSubstr("compute capability " + device.compute_capability));
  }
}

TEST_F(Info, SaysWhatASystemFileHolds) {
  write("system.json", small_system);
  const Outcome shown = run({"info", "system.json"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_EQ(shown.errors, "");
  EXPECT_THAT(shown.output,
              AllOf(StartsWith("system small\n"), HasSubstr("\nmoment LM\n"),
                    HasSubstr("  2 gates in all, V/(A m^2)\n"),
                    HasSubstr("circle, radius 10 m, turns 1, at x 0 m, y 0 m, height 0 m"),
                    HasSubstr("component z"), HasSubstr("step-off"),
                    HasSubstr("2 times, 1e-05 to 1e-04 s")));
}

TEST_F(Info, ShowsTheNotesOfAnImportedFile) {
  write("small.stm", small_stm);
  const Outcome shown = run({"info", "small.stm", "--receiver", "-12,0,-2"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output,
              AllOf(HasSubstr("\nnote: "), HasSubstr(" points, -0.01 to "), HasSubstr("25 Hz"),
                    HasSubstr("2 gates"), HasSubstr("every model needs its own")));
}

TEST_F(Info, RejectsGeometryWithoutASystem) {
  const Outcome refused = run({"info", "--transmitter-height", "30"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, HasSubstr("--transmitter-height needs a SYSTEM"));
}

}  // namespace
}  // namespace stratem::test
