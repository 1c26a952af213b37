// stratem forward, end to end.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <numbers>

#include "cli/program.hpp"
#include "stratem/io.hpp"
#include "stratem/plan.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class Forward : public ProgramTest {
 protected:
  Forward() {
    write("system.json", small_system);
    write("models.csv", good_models);
    write("bad.csv", models_with_bad_ones);
  }

  Outcome forward(const std::string& models, const std::string& output,
                  const std::vector<std::string>& more = {}, Errors errors = Errors::file) const {
    std::vector<std::string> arguments{"forward", "system.json", models,     "-o",
                                       output,    "--backend",   "reference"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, errors);
  }

  /// With a plan that is built in a second or two.
  static std::vector<std::string> quick_plan(const std::string& output) {
    return {"forward", "system.json", "models.csv",          "-o",     output, "--tolerance", "0.1",
            "--cache", "none",        "--resistivity-range", "10,1000"};
  }

  /// Expects exit status 2, a message that contains `part`, and no new file.
  void expect_refused(const std::string& models, const std::string& output,
                      const std::vector<std::string>& more, const std::string& part) const {
    const auto before = names();
    const Outcome refused = forward(models, output, more);
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr(part)));
    EXPECT_EQ(names(), before);
  }
};

/// -dB_z/dt at the centre of a circular loop on a half-space after a step-off of 1 A: Ward and
/// Hohmann (1988), eq. 4.98, with x = theta a: sigma^-1 a^-3 [3 erf(x) - 2/sqrt(pi) x (3 + 2 x^2)
/// exp(-x^2)].
double half_space(double resistivity, double radius, double time) {
  const double mu0 = 4e-7 * std::numbers::pi;
  const double x = std::sqrt(mu0 / (4.0 * resistivity * time)) * radius;
  return resistivity / std::pow(radius, 3) *
         (3.0 * std::erf(x) -
          2.0 / std::sqrt(std::numbers::pi) * x * (3.0 + 2.0 * x * x) * std::exp(-x * x));
}

TEST_F(Forward, ComputesTheHalfSpaceOfWardAndHohmann) {
  write("half_spaces.csv", "resistivity_1\n1\n100\n");
  const Outcome done = forward("half_spaces.csv", "out.h5");
  ASSERT_EQ(done.status, 0) << done.errors;
  const Responses responses = read_responses(folder() / "out.h5").responses;
  ASSERT_EQ(responses.models, 2);
  ASSERT_EQ(responses.gates, 2);
  EXPECT_NEAR(responses(0, 0) / half_space(1.0, 10.0, 1e-5), 1.0, 1e-6);
  EXPECT_NEAR(responses(0, 1) / half_space(1.0, 10.0, 1e-4), 1.0, 1e-6);
  EXPECT_NEAR(responses(1, 0) / half_space(100.0, 10.0, 1e-5), 1.0, 1e-6);
  EXPECT_NEAR(responses(1, 1) / half_space(100.0, 10.0, 1e-4), 1.0, 1e-6);
}

TEST_F(Forward, WritesWhatTheLibraryComputes) {
  ASSERT_EQ(forward("models.csv", "out.h5", {"--threads", "1"}).status, 0);
  const ResponseFile file = read_responses(folder() / "out.h5");
  Options options;
  options.backend = Backend::reference;
  const Plan plan(read_system(folder() / "system.json").system, options);
  const ModelSet models = read_models(folder() / "models.csv");
  EXPECT_EQ(file.responses.response, plan.forward(models.view()).response);
  EXPECT_EQ(file.attributes.backend, "reference");
  EXPECT_EQ(file.attributes.system.name, "small");
}

TEST_F(Forward, EndsWithOneLineOnStandardErrorAndSaysNothingOnStandardOutput) {
  const Outcome done = forward("models.csv", "out.h5");
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output, "");
  EXPECT_THAT(done.errors,
              MatchesRegex("2 models, 0 failed, [0-9.e-]+ s, [0-9.]+ models/s, backend reference "
                           "\\(CPU\\), out.h5\n"));
}

TEST_F(Forward, SaysNothingWhenQuiet) {
  const Outcome done = forward("models.csv", "out.h5", {"--quiet"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.errors, "");
  EXPECT_TRUE(exists("out.h5"));
}

TEST_F(Forward, WritesCsv) {
  ASSERT_EQ(forward("models.csv", "out.csv").status, 0);
  const std::string text = read("out.csv");
  EXPECT_GE(std::count(text.begin(), text.end(), '\n'), 3);
}

TEST_F(Forward, ComputesTheGoodModelsAndCountsTheBadOnes) {
  const Outcome done = forward("bad.csv", "out.h5");
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors,
              StartsWith("failed: 1 model: " + std::string(describe(Status::bad_resistivity)) +
                         "\nfailed: 2 models: " + std::string(describe(Status::bad_depth)) + "\n"));
  EXPECT_THAT(done.errors, HasSubstr("\n4 models, 3 failed, "));
  const Responses responses = read_responses(folder() / "out.h5").responses;
  EXPECT_THAT(responses.status, ElementsAre(Status::ok, Status::bad_resistivity, Status::bad_depth,
                                            Status::bad_depth));
  EXPECT_GT(responses(0, 0), 0.0);
  EXPECT_TRUE(std::isnan(responses(1, 0)));
}

TEST_F(Forward, ExitsWithOneForFailedModelsIfStrict) {
  EXPECT_EQ(forward("bad.csv", "out.h5", {"--strict"}).status, 1);
  EXPECT_TRUE(exists("out.h5"));
  EXPECT_EQ(forward("models.csv", "good.h5", {"--strict"}).status, 0);
}

TEST_F(Forward, ShowsABarOnATerminalAndComputesTheSame) {
  if (!has_terminals()) GTEST_SKIP() << "this machine has no pseudo-terminals";
  std::string many = "resistivity_1\n";
  for (int model = 1; model < 70; ++model) many += std::to_string(model) + "\n";
  many += "-1\n";
  write("many.csv", many);
  const Outcome watched = forward("many.csv", "watched.h5", {}, Errors::terminal);
  ASSERT_EQ(watched.status, 0) << watched.errors;
  EXPECT_THAT(watched.errors, AllOf(HasSubstr("  0 %"), HasSubstr(" 91 %"), HasSubstr(" left")));
  EXPECT_THAT(watched.errors, HasSubstr("70 models, 1 failed"));

  const Outcome quiet = forward("many.csv", "quiet.h5", {"-q"}, Errors::terminal);
  EXPECT_EQ(quiet.errors.find(" %"), std::string::npos);
  Responses slices = read_responses(folder() / "watched.h5").responses;
  Responses whole = read_responses(folder() / "quiet.h5").responses;
  EXPECT_EQ(slices.status, whole.status);
  EXPECT_EQ(slices.status.back(), Status::bad_resistivity);
  // The last model's responses are NaN, which equals nothing.
  for (auto* responses : {&slices, &whole}) {
    responses->response.resize(responses->response.size() - 2);
  }
  EXPECT_EQ(slices.response, whole.response);
}

TEST_F(Forward, ShowsHowFarAPlanIsOnATerminal) {
  if (!has_terminals()) GTEST_SKIP() << "this machine has no pseudo-terminals";
  const auto with_plan = [this](const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = quick_plan(output);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, Errors::terminal);
  };
  const Outcome watched = with_plan("watched.h5", {});
  ASSERT_EQ(watched.status, 0) << watched.errors;
  EXPECT_THAT(watched.errors, AllOf(HasSubstr("   0 %  plan  "), HasSubstr(" 100 %  plan  "),
                                    HasSubstr(" searches  ")));
  EXPECT_THAT(with_plan("quiet.h5", {"-q"}).errors, Not(HasSubstr(" %")));
}

TEST_F(Forward, EndsTheConstructionOfAPlanWhenItIsInterrupted) {
  const Outcome stopped = run({"forward", "system.json", "models.csv", "-o", "out.h5",
                               "--tolerance", "1e-6", "--cache", "plans"},
                              Errors::file, {SIGINT, std::chrono::milliseconds(300)});
  EXPECT_EQ(stopped.status, 3);
  EXPECT_THAT(stopped.errors, HasSubstr("stratem: interrupted before the plan was complete"));
  EXPECT_FALSE(exists("out.h5"));
  EXPECT_FALSE(exists("plans"));
}

TEST_F(Forward, FlagsPolarizableModelsIfThePlanIsToLeaveThemOut) {
  write("models.csv",
        "resistivity_1,chargeability_1,time_constant_1,exponent_1\n100,0.2,1e-3,0.5\n"
        "100,0,1e-3,0.5\n");
  std::vector<std::string> arguments = quick_plan("out.h5");
  arguments.insert(arguments.end(), {"--polarizable", "no"});
  ASSERT_EQ(run(arguments).status, 0);
  EXPECT_EQ(read_responses(folder() / "out.h5").responses.status,
            (std::vector{Status::out_of_range, Status::ok}));
}

TEST_F(Forward, RefusesAnExistingOutputUnlessForced) {
  write("out.h5", "mine");
  expect_refused("models.csv", "out.h5", {},
                 "out.h5: exists already, allowed is a new name or asking to replace it (--force)");
  EXPECT_EQ(read("out.h5"), "mine");
  EXPECT_EQ(forward("models.csv", "out.h5", {"--force"}).status, 0);
  EXPECT_EQ(read_responses(folder() / "out.h5").responses.models, 2);
}

TEST_F(Forward, RefusesAnOutputThatCannotBeWritten) {
  expect_refused("models.csv", "none/out.h5", {}, "none/out.h5: cannot be written");
  expect_refused("models.csv", "system.json/out.h5", {}, "cannot be written");
  expect_refused("models.csv", "/proc/out.h5", {}, "cannot be written");
  expect_refused("models.csv", ".", {}, "");
  expect_refused("models.csv", "out.dat", {}, "out.dat: the name ends in \".dat\"");
  std::filesystem::create_directory(folder() / "folder.h5");
  expect_refused("models.csv", "folder.h5", {"--force"}, "is a folder");
}

TEST_F(Forward, RefusesToReplaceTheModelsItReads) {
  expect_refused("models.csv", "models.csv", {"--force"}, "is both read and written");
  EXPECT_EQ(read("models.csv"), good_models);
}

TEST_F(Forward, RefusesBeforeComputing) {
  // The output is checked first: the models are not even read.
  write("broken.csv", "nonsense");
  expect_refused("broken.csv", "none/out.h5", {}, "none/out.h5");
}

TEST_F(Forward, RejectsPlanOptionsOutsideTheirBounds) {
  expect_refused("models.csv", "out.h5", {"--tolerance", "0.5"}, "tolerance: 0.5, allowed is");
  expect_refused("models.csv", "out.h5", {"--tolerance", "small"}, "tolerance: small, allowed is");
  expect_refused("models.csv", "out.h5", {"--threads", "-1"}, "threads: -1, allowed is");
  expect_refused("models.csv", "out.h5", {"--threads", "2000"}, "threads: 2000, allowed is");
  expect_refused("models.csv", "out.h5", {"--threads", "99999999999"},
                 "threads: 99999999999, allowed is");
  expect_refused("models.csv", "out.h5", {"--resistivity-range", "10"},
                 "resistivity-range: 10, allowed is");
  expect_refused("models.csv", "out.h5", {"--resistivity-range", "10,1"},
                 "resistivity-range: 10,1, allowed is");
  expect_refused("models.csv", "out.h5", {"--height-range", "50,20"},
                 "height-range: 50,20, allowed is");
  expect_refused("models.csv", "out.h5", {"--precision", "half"},
                 "precision: half, allowed is double or single");
  expect_refused("models.csv", "out.h5", {"--out-of-range", "ignore"},
                 "out-of-range: ignore, allowed is flag or reference");
  expect_refused("models.csv", "out.h5", {"--layers", "0"}, "layers: 0, allowed is");
  expect_refused("models.csv", "out.h5", {"--batch", "-5"}, "batch: -5, allowed is");
}

TEST_F(Forward, RejectsABackendThatDoesNotExist) {
  const Outcome refused =
      run({"forward", "system.json", "models.csv", "-o", "o.h5", "--backend", "gpu"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors,
              HasSubstr("backend: gpu, allowed is auto, cpu, cuda, reference or hybrid"));
}

TEST_F(Forward, RejectsASystemThatCannotBe) {
  std::string text = small_system;
  text.replace(text.find("10.0"), 4, "-1.0");
  write("system.json", text);
  expect_refused("models.csv", "out.h5", {}, "radius");
  write("system.json", std::string(small_system).substr(0, 100));
  expect_refused("models.csv", "out.h5", {}, "system.json");
}

TEST_F(Forward, RejectsModelFilesThatMakeNoSense) {
  write("short.csv", "resistivity_1,resistivity_2,thickness_1\n100,10\n");
  expect_refused("short.csv", "out.h5", {}, "short.csv");
  write("broken.h5", "not HDF5");
  expect_refused("broken.h5", "out.h5", {}, "broken.h5");
}

TEST_F(Forward, RejectsGeometryThatTheSystemFileSaysItself) {
  expect_refused("models.csv", "out.h5", {"--transmitter-height", "30"}, "system.json");
  expect_refused("models.csv", "out.h5", {"--receiver=1,0,0"}, "--receiver: system.json");
  expect_refused("models.csv", "out.h5", {"--component", "x"}, "--component: system.json");
  expect_refused("models.csv", "out.h5", {"--all-gates"}, "--all-gates: system.json");
}

class ForwardWithoutHeight : public Forward {
 protected:
  ForwardWithoutHeight() { write("small.stm", small_stm); }

  Outcome forward_stm(const std::string& models, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"forward",   "small.stm", models,       "-o",      "out.h5",
                                       "--backend", "reference", "--receiver", "-12,0,-2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(ForwardWithoutHeight, NamesTheRemedy) {
  const Outcome refused = forward_stm("models.csv", {});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("--transmitter-height"), HasSubstr("'height'")));
  EXPECT_FALSE(exists("out.h5"));
}

TEST_F(ForwardWithoutHeight, TakesItFromTheCommandLine) {
  const Outcome done =
      forward_stm("models.csv", {"--transmitter-height", "30", "--component", "xz"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors, HasSubstr("note: "));
  const ResponseFile file = read_responses(folder() / "out.h5");
  ASSERT_EQ(file.attributes.system.moments.size(), 2U);
  const auto& receiver = file.attributes.system.moments[0].receivers.at(0);
  EXPECT_EQ(receiver.position[0], -12.0);
  EXPECT_EQ(receiver.height, 28.0);
  EXPECT_EQ(receiver.component, Component::x);
  EXPECT_EQ(file.responses.gates, 4);
}

TEST_F(ForwardWithoutHeight, TakesItFromTheModels) {
  write("heights.csv", "resistivity_1,height\n100,30\n100,60\n");
  const Outcome done = forward_stm("heights.csv", {"--quiet"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.errors, "");
  const Responses responses = read_responses(folder() / "out.h5").responses;
  // The response is weaker from higher up, and has the sign that GA-AEM prints.
  EXPECT_LT(responses(0, 0), responses(1, 0));
  EXPECT_LT(responses(1, 0), 0.0);
}

TEST_F(ForwardWithoutHeight, RejectsReceiversAndComponentsThatAreNone) {
  for (const char* receiver : {"-12,0", "-12,0,-2,1", "a,b,c", ""}) {
    const Outcome refused =
        run({"forward", "small.stm", "models.csv", "-o", "out.h5",
             std::string("--receiver=") + receiver, "--transmitter-height", "30"});
    EXPECT_EQ(refused.status, 2) << receiver;
    EXPECT_THAT(refused.errors, HasSubstr("--receiver"));
  }
  for (const char* component : {"xx", "q", "x,z"}) {
    EXPECT_EQ(forward_stm("models.csv", {"--component", component}).status, 2) << component;
  }
}

}  // namespace
}  // namespace stratem::test
