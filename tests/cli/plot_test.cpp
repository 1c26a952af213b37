// stratem plot: how it hands a file to the Python that draws.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Plot : public ProgramTest {
 protected:
  Plot() { write("responses.h5", "not looked at"); }

  /// Runs it with a Python of these words of shell. "$@" has what it is called with.
  Outcome plot(const std::string& arguments, const std::string& python) const {
    write("python", "#!/bin/sh\n" + python + "\n");
    return run_in_shell("chmod +x python; STRATEM_PYTHON=./python \"$STRATEM\" plot " + arguments);
  }
};

TEST_F(Plot, HandsTheFilesToThePythonThatIsNamed) {
  const std::string print = "echo \"$1 $3 $4\"";
  EXPECT_EQ(plot("responses.h5", print).output, "-c responses.h5 responses.png\n");
  EXPECT_EQ(plot("responses.h5 -o other.svg", print).output, "-c responses.h5 other.svg\n");
  EXPECT_EQ(plot("responses.h5", "exit 3").status, 3);
}

TEST_F(Plot, SaysWhenThereIsNoPython) {
  const Outcome done = run_in_shell("STRATEM_PYTHON=./nowhere \"$STRATEM\" plot responses.h5");
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.errors, StartsWith("stratem: plot: ./nowhere cannot be started"));
  const Outcome without = run_in_shell("PATH=. STRATEM_PYTHON= \"$STRATEM\" plot responses.h5");
  EXPECT_EQ(without.status, 2);
  EXPECT_THAT(without.errors, StartsWith("stratem: plot: python3 cannot be started"));
}

TEST_F(Plot, SaysWhenPythonLacksThePackage) {
  // -I and -S: without the packages that are installed.
  const Outcome done = plot("responses.h5", "exec python3 -I -S \"$@\"");
  EXPECT_EQ(done.status, 2);
  EXPECT_EQ(done.output, "");
  EXPECT_THAT(done.errors, StartsWith("stratem: plot: "));
  EXPECT_THAT(done.errors, HasSubstr("cannot import the Python package: No module named"));
}

TEST_F(Plot, RejectsFilesBeforePythonStarts) {
  const std::string fails = "echo started; exit 9";
  EXPECT_THAT(plot("nowhere.h5", fails).errors, HasSubstr("nowhere.h5: no such file"));
  EXPECT_THAT(plot("responses.h5 -o picture.bmp", fails).errors, HasSubstr("picture.bmp"));
  write("responses.png", "a picture of mine");
  const Outcome done = plot("responses.h5", fails);
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.errors, HasSubstr("responses.png"));
  EXPECT_EQ(plot("responses.h5 --force", fails).output, "started\n");
}

}  // namespace
}  // namespace stratem::test
