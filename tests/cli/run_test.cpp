// stratem forward as a run that may be long: models made during the run, kills and interruptions,
// resuming, shards and stratem merge.
#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <random>

#include "cli/program.hpp"
#include "stratem/grid.hpp"
#include "stratem/io.hpp"
#include "stratem/sampling.hpp"
#include "support/temporary_folder.hpp"

namespace stratem::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr const char* prior = R"({
  "layers": [
    {"resistivity": {"distribution": "log-uniform", "min": 9.9, "max": 100.0},
     "thickness": {"distribution": "uniform", "min": 5.0, "max": 50.0}},
    {"resistivity": {"distribution": "log-uniform", "min": 10.0, "max": 100.0}}
  ]
})";

constexpr const char* grid = R"({
  "layers": [{"resistivity": [10, 20, 50, 100], "thickness": [5, 10, 20]},
             {"resistivity": [10, 100]}]
})";

/// A folder that exists as long as the program, so that plans that take seconds are built once.
std::string plan_folder() {
  static const TemporaryFolder folder;
  return folder.path().string();
}

/// Compares to the last bit, so that NaN equals NaN.
bool same(const Responses& a, const Responses& b) {
  return a.status == b.status && std::ranges::equal(a.response, b.response, [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

class Run : public ProgramTest {
 protected:
  Run() {
    write("system.json", small_system);
    write("prior.json", prior);
    write("grid.json", grid);
  }

  std::vector<std::string> words(const std::vector<std::string>& models, const std::string& output,
                                 const std::vector<std::string>& more) const {
    std::vector<std::string> all{"forward",     "system.json",         "-o",    output, "--cache",
                                 plan_folder(), "--resistivity-range", "10,100"};
    all.insert(all.end(), models.begin(), models.end());
    all.insert(all.end(), more.begin(), more.end());
    if (std::ranges::find(more, "--tolerance") == more.end()) {
      all.insert(all.end(), {"--tolerance", "0.1"});
    }
    return all;
  }
  /// Random models, some of them outside the plan's range.
  std::vector<std::string> sampled(int count, const std::string& output,
                                   const std::vector<std::string>& more = {}) const {
    return words({"--prior", "prior.json", "-n", std::to_string(count), "--seed", "1"}, output,
                 more);
  }
  Responses responses(const std::string& name) const {
    return read_responses(folder() / name).responses;
  }
  /// Expects exit status 2 and one line that contains `part`.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Outcome refused = run(arguments);
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_THAT(refused.errors, HasSubstr(part));
    EXPECT_THAT(refused.errors, HasSubstr("stratem: "));
  }
  /// A run that is interrupted some time after its start, before its end.
  Outcome interrupted(const std::string& output) const {
    run(sampled(1, "warm.h5"));  // so that the plan is in the cache
    return run(sampled(5'000'000, output, {"--threads", "1"}), Errors::file, {SIGTERM, 500ms});
  }
};

TEST_F(Run, ComputesModelsOfAPriorAsItWouldThoseOfAFile) {
  ASSERT_EQ(run(sampled(5003, "prior.h5")).status, 0);
  write_models(folder() / "models.h5", sample(read_prior(folder() / "prior.json"), 1, 0, 5003));
  ASSERT_EQ(run(words({"models.h5"}, "file.h5", {})).status, 0);
  ASSERT_EQ(run(words({"models.h5"}, "file.csv", {})).status, 0);
  const Responses found = responses("prior.h5");
  EXPECT_GT(std::ranges::count(found.status, Status::out_of_range), 0);
  EXPECT_GT(std::ranges::count(found.status, Status::ok), 4000);
  EXPECT_TRUE(same(found, responses("file.h5")));
  const std::string csv = read("file.csv");
  EXPECT_THAT(csv, HasSubstr("\n5002,"));
}

TEST_F(Run, ComputesEveryCombinationOfAGrid) {
  ASSERT_EQ(run(words({"--grid", "grid.json"}, "grid.h5", {})).status, 0);
  const Grid all = read_grid(folder() / "grid.json");
  write_models(folder() / "models.h5", grid_models(all, 0, grid_size(all)));
  ASSERT_EQ(run(words({"models.h5"}, "file.h5", {})).status, 0);
  EXPECT_EQ(responses("grid.h5").models, 24);
  EXPECT_TRUE(same(responses("grid.h5"), responses("file.h5")));
}

TEST_F(Run, DeclaresThePriorsHeights) {
  std::string text = prior;
  text.replace(text.rfind('}'), 1,
               R"(, "height": {"distribution": "uniform", "min": 3.5, "max": 4.5}})");
  write("prior.json", text);
  ASSERT_EQ(run(sampled(100, "out.h5")).status, 0);
  EXPECT_LT(std::ranges::count(responses("out.h5").status, Status::out_of_range), 10);
  text.replace(text.rfind("\"max\""), 10, "\"median\": 4.0, \"standard_deviation\": 0.1");
  text.replace(text.rfind("uniform"), 7, "log-normal");
  write("prior.json", text);
  expect_refused(sampled(100, "other.h5"), "height-range: missing, and the prior's heights");
}

TEST_F(Run, KilledAtAnyMomentGoesOnToTheSameResponses) {
  constexpr int models = 3'000'017;
  ASSERT_EQ(run(sampled(models, "whole.h5")).status, 0);
  std::mt19937 random(20);
  std::uniform_int_distribution<int> milliseconds(20, 250);
  int killed = 0;
  for (int round = 0; round < 20; ++round) {
    // The run is slow enough for the signal to hit it, with other batches and threads each time.
    const Outcome run_to_kill =
        run(sampled(models, "out.h5",
                    {"--resume", "--checkpoint", "0.02", "--threads", std::to_string(1 + round % 2),
                     "--batch", std::to_string(round % 4 * 7)}),
            Errors::file, {SIGKILL, std::chrono::milliseconds(milliseconds(random))});
    if (run_to_kill.status == 128 + SIGKILL) ++killed;
  }
  EXPECT_GT(killed, 5);
  const Outcome last = run(sampled(models, "out.h5", {"--resume"}));
  ASSERT_EQ(last.status, 0) << last.errors;
  EXPECT_TRUE(same(responses("out.h5"), responses("whole.h5")));
  // The temporary file that remains if the process is killed before the file has its name.
  for (const auto& name : names()) EXPECT_THAT(name, Not(HasSubstr("whole.h5.")));
}

TEST_F(Run, InterruptedFinishesItsBatchAndSaysHowToGoOn) {
  const Outcome stopped = interrupted("out.h5");
  EXPECT_EQ(stopped.status, 3);
  EXPECT_THAT(stopped.errors,
              AllOf(HasSubstr("stratem: interrupted after "),
                    EndsWith(" of 5000000 models: the same command with --resume goes on with "
                             "out.h5\n")));
  expect_refused(sampled(5'000'000, "out.h5"), "allowed is going on with it (--resume)");
  expect_refused({"stats", "out.h5"}, "out.h5: not complete");
  const Outcome again = run(sampled(5'000'000, "out.h5", {"--resume", "--threads", "1"}),
                            Errors::file, {SIGINT, 300ms});
  EXPECT_EQ(again.status, 3);
  EXPECT_THAT(again.errors, HasSubstr("going on after "));
}

TEST_F(Run, GoesOnWithNothingButTheSameRun) {
  ASSERT_EQ(interrupted("out.h5").status, 3);
  const auto before = std::filesystem::last_write_time(folder() / "out.h5");
  expect_refused(sampled(5'000'000, "out.h5", {"--resume", "--tolerance", "0.09"}),
                 "out.h5: is of another run: tolerance is 0.09, not 0.1");
  expect_refused(sampled(4'999'999, "out.h5", {"--resume"}),
                 "out.h5: is of another run: models.models is 4999999, not 5000000");
  std::string other = small_system;
  other.replace(other.find("1e-4]"), 4, "2e-4");
  write("system.json", other);
  expect_refused(sampled(5'000'000, "out.h5", {"--resume"}), "out.h5: is of another run: system.");
  expect_refused(sampled(5'000'000, "out.h5", {"--resume", "--force"}), "allowed is one of them");
  EXPECT_EQ(std::filesystem::last_write_time(folder() / "out.h5"), before);
}

TEST_F(Run, RefusesToGoOnWithAModelFileThatHasChanged) {
  write("models.csv", good_models);
  ASSERT_EQ(run(words({"models.csv"}, "out.h5", {})).status, 0);
  std::string changed = good_models;
  changed.replace(changed.find("35.5"), 4, "35.6");
  write("models.csv", changed);
  expect_refused(words({"models.csv"}, "out.h5", {"--resume"}),
                 "out.h5: is of another run: models.checksum is ");
}

TEST_F(Run, IsRefusedAnOutputThatAnotherProcessWrites) {
  run(sampled(1, "warm.h5"));
  std::string line;
  for (const auto& word : sampled(5'000'000, "out.h5", {"--quiet", "--threads", "1"}))
    line += " '" + word + "'";
  const Outcome both = run_in_shell("\"$STRATEM\"" + line +
                                    " & first=$!\nwhile [ ! -e out.h5 ]; do sleep 0.01; done\n"
                                    "\"$STRATEM\"" +
                                    line + " --force\necho \"status $?\"\n\"$STRATEM\"" + line +
                                    " --resume\necho \"status $?\"\nkill -9 $first\n");
  EXPECT_EQ(both.output, "status 2\nstatus 2\n");
  EXPECT_EQ(both.errors,
            "stratem: out.h5: is being written by another process\n"
            "stratem: out.h5: is being written by another process\n");
}

TEST_F(Run, SaysWhatItLeavesOnAFullDisk) {
  ASSERT_EQ(interrupted("out.h5").status, 3);
  std::string line;
  for (const auto& word : sampled(5'000'000, "out.h5", {"--resume", "--quiet"})) {
    line += " '" + word + "'";
  }
  // Blocks of 512 bytes: all but the last 5 of 85 MB.
  const Outcome full = run_in_shell("ulimit -f 156000\nexec \"$STRATEM\"" + line);
  EXPECT_EQ(full.status, 3);
  EXPECT_THAT(full.errors, MatchesRegex("stratem: out.h5: cannot be written: File too large "
                                        "\\([0-9]+ of 5000000 models are in it, --resume goes on "
                                        "from there\\)\n"));
  const Outcome again = run(sampled(5'000'000, "out.h5", {"--resume"}));
  EXPECT_EQ(again.status, 0) << again.errors;
  EXPECT_THAT(again.errors, HasSubstr("going on after "));
  EXPECT_EQ(responses("out.h5").models, 5'000'000);
}

TEST_F(Run, InShardsGivesTheResponsesOfTheWhole) {
  constexpr int models = 10'007;
  ASSERT_EQ(run(sampled(models, "whole.h5")).status, 0);
  std::vector<std::string> merge{"merge", "-o", "joined.h5"};
  for (const char* part : {"3/3", "1/3", "2/3"}) {
    const std::string name = std::string("part") + part[0] + ".h5";
    ASSERT_EQ(run(sampled(models, name, {"--shard", part})).status, 0);
    merge.push_back(name);
  }
  EXPECT_EQ(responses("part1.h5").models, 3336);
  const Outcome joined = run(merge);
  ASSERT_EQ(joined.status, 0) << joined.errors;
  EXPECT_EQ(joined.errors, "10007 models of 3 parts, joined.h5\n");
  EXPECT_TRUE(same(responses("joined.h5"), responses("whole.h5")));

  merge[2] = "virtual.h5";
  merge.emplace_back("--virtual");
  ASSERT_EQ(run(merge).status, 0);
  EXPECT_TRUE(same(responses("virtual.h5"), responses("whole.h5")));
  expect_refused({"merge", "part1.h5", "part3.h5", "-o", "gap.h5"},
                 "merge: models 3336 to 6671 of the run are in none of the parts");
  expect_refused({"merge", "part1.h5", "part2.h5", "whole.h5", "-o", "more.h5"}, "overlaps");
  expect_refused({"merge", "part1.h5", "-o", "part1.h5", "--force"}, "is both read and written");
  expect_refused({"merge", "-o", "none.h5"}, "PARTS... is missing");
  expect_refused({"merge", "none.h5", "-o", "some.h5"}, "none.h5: no such file");
}

TEST_F(Run, ComputesNoModelsOneAndMoreShardsThanModels) {
  write("none.csv", "resistivity_1\n");
  ASSERT_EQ(run(words({"none.csv"}, "none.h5", {})).status, 0);
  EXPECT_EQ(responses("none.h5").models, 0);
  ASSERT_EQ(run(sampled(1, "one.h5")).status, 0);
  EXPECT_EQ(responses("one.h5").models, 1);
  ASSERT_EQ(run(sampled(1, "a.h5", {"--shard", "1/2"})).status, 0);
  ASSERT_EQ(run(sampled(1, "b.h5", {"--shard", "2/2"})).status, 0);
  ASSERT_EQ(run({"merge", "a.h5", "b.h5", "-o", "ab.h5"}).status, 0);
  EXPECT_TRUE(same(responses("ab.h5"), responses("one.h5")));
}

/// The plan is built by a separate process, because the heap keeps some of the memory used for
/// building.
TEST_F(Run, HoldsABoundedNumberOfModels) {
  // 31 gates: the responses alone are 150 MB.
  std::string system = small_system;
  std::string times = "1e-5";
  for (int i = 1; i < 31; ++i) times += ", " + std::to_string(10 + 3 * i) + "e-6";
  system.replace(system.find("1e-5, 1e-4"), 10, times);
  write("system.json", system);
  const Outcome planned = run(sampled(1, "one.h5"));
  ASSERT_EQ(planned.status, 0) << planned.errors;
  EXPECT_LT(planned.peak_memory, 120'000'000);
  const Outcome done = run(sampled(600'011, "out.h5"));
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_GT(std::filesystem::file_size(folder() / "out.h5"), 148'000'000U);
  EXPECT_LT(done.peak_memory, 120'000'000);
}

TEST_F(Run, CompressesIfAsked) {
  ASSERT_EQ(run(sampled(10'007, "large.h5")).status, 0);
  ASSERT_EQ(run(sampled(10'007, "small.h5", {"--compress", "6"})).status, 0);
  EXPECT_LT(std::filesystem::file_size(folder() / "small.h5"),
            std::filesystem::file_size(folder() / "large.h5"));
  EXPECT_TRUE(same(responses("small.h5"), responses("large.h5")));
  ASSERT_EQ(run({"merge", "small.h5", "-o", "merged.h5"}).status, 0);
  EXPECT_TRUE(same(responses("merged.h5"), responses("large.h5")));
}

TEST_F(Run, RefusesModelsFromNowhereAndFromTwoPlaces) {
  write("models.csv", good_models);
  expect_refused(words({}, "out.h5", {}), "MODELS is missing, or --prior or --grid");
  expect_refused(sampled(10, "out.h5", {"models.csv"}), "one of MODELS, --prior and --grid");
  expect_refused(sampled(10, "out.h5", {"--grid", "grid.json"}), "one of MODELS");
  expect_refused(words({"models.csv"}, "out.h5", {"-n", "3"}), "--count means nothing without");
  expect_refused(words({"--grid", "grid.json"}, "out.h5", {"--seed", "3"}), "--seed means nothing");
  expect_refused(words({"--prior", "prior.json", "-n", "3"}, "out.h5", {}), "--seed is missing");
  expect_refused(words({"--prior", "prior.json", "--seed", "3"}, "out.h5", {}),
                 "--count is missing");
  expect_refused(words({"--prior", "none.json"}, "out.h5", {}), "none.json: no such file");
  EXPECT_THAT(names(), ElementsAre("grid.json", "models.csv", "prior.json", "system.json"));
}

TEST_F(Run, RefusesOfCsvWhatItCannotDo) {
  for (const std::vector<std::string>& option : {std::vector<std::string>{"--resume"},
                                                 {"--shard", "1/2"},
                                                 {"--compress", "1"},
                                                 {"--checkpoint", "1"}}) {
    expect_refused(
        sampled(10, "out.csv", option),
        "out.csv: " + option[0] + " needs responses in an output that ends in .h5 or .hdf5");
  }
}

TEST_F(Run, RefusesOptionsOutsideTheirBounds) {
  for (const char* shard : {"0/3", "4/3", "3", "a/b", "1/0"}) {
    expect_refused(sampled(10, "out.h5", {"--shard", shard}), "shard: ");
  }
  expect_refused(sampled(10, "out.h5", {"--compress", "10"}),
                 "--compress: '10', allowed is a whole number, 0 to 9");
  expect_refused(sampled(10, "out.h5", {"--checkpoint", "0"}), "checkpoint: 0, allowed is 0.01");
  EXPECT_FALSE(exists("out.h5"));
}

}  // namespace
}  // namespace stratem::test
