// Parts of a run: every model is in exactly one of them, and they can be joined again.
#include <gmock/gmock.h>

#include "io/hdf5/input_file.hpp"
#include "io/runs/recorded_run.hpp"
#include "io/runs/run_file_support.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::int64_t models = 10'007;

TEST(Shards, HaveEveryModelOnce) {
  for (const std::int64_t total : {0, 1, 7, 10'007}) {
    for (const std::int64_t parts : {1, 2, 3, 8, 100}) {
      std::int64_t next = 0;
      for (std::int64_t index = 1; index <= parts; ++index) {
        const ModelRange range = models_of({index, parts}, total);
        EXPECT_EQ(range.first, next);
        EXPECT_GE(range.count, total / parts);
        EXPECT_LE(range.count, total / parts + 1);
        next += range.count;
      }
      EXPECT_EQ(next, total);
    }
  }
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const ModelRange last = models_of({1000, 1000}, most);
  EXPECT_EQ(last.first + last.count, most);
}

TEST(Shards, ThatAreNoneAreRefused) {
  for (const Shard& shard : {Shard{0, 3}, Shard{4, 3}, Shard{1, 0}, Shard{-1, -1}}) {
    EXPECT_THROW(models_of(shard, 10), InputError);
  }
  EXPECT_EQ(message_of([] {
              models_of({4, 3}, 10);
            }),
            "shard: 4/3, allowed is 1/n to n/n with n from 1");
}

class Merge : public DataFiles {
 protected:
  void part(const std::string& name, std::int64_t first, std::int64_t end,
            RunDescription run = run_of(models)) const {
    RunFile file(path(name), part_of(std::move(run), first, end - first));
    write_models_to(file, end - first);
    file.finish();
  }
  std::string refusal(const std::vector<std::string>& parts,
                      const MergeOptions& options = {}) const {
    const std::string message = message_of([&] { merge(parts, options); });
    EXPECT_FALSE(std::filesystem::exists(path("whole.h5")));
    return message;
  }
  void merge(const std::vector<std::string>& names, const MergeOptions& options = {}) const {
    std::vector<std::filesystem::path> parts;
    for (const auto& name : names) parts.push_back(path(name));
    EXPECT_EQ(merge_runs(parts, path("whole.h5"), options), models);
  }
};

TEST_F(Merge, JoinsPartsInAnyOrder) {
  part("a.h5", 0, 1);
  part("b.h5", 1, 6000);
  part("c.h5", 6000, 6000);
  part("d.h5", 6000, models);
  for (const MergeOptions& options :
       {MergeOptions{}, MergeOptions{.virtual_datasets = true}, MergeOptions{.compression = 1}}) {
    merge({"d.h5", "a.h5", "c.h5", "b.h5"}, options);
    expect_whole(path("whole.h5"), models);
    std::filesystem::remove(path("whole.h5"));
  }
}

TEST_F(Merge, GivesTheFileOfTheWholeRun) {
  part("a.h5", 0, 5000);
  part("b.h5", 5000, models);
  merge({"a.h5", "b.h5"});
  const auto whole = io::read_run(io::hdf5::InputFile(path("whole.h5")));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->run.range.first, 0);
  EXPECT_EQ(whole->run.range.count, models);
  EXPECT_EQ(whole->run.models, run_of(models).models);
  const RunFile file(path("whole.h5"), run_of(models), {.existing = Existing::resume});
  EXPECT_TRUE(file.complete());
}

TEST_F(Merge, RefersToPartsThatMoveWithIt) {
  part("50 %.h5", 0, 5000);
  part("b.h5", 5000, models);
  merge({"50 %.h5", "b.h5"}, {.virtual_datasets = true});
  EXPECT_LT(std::filesystem::file_size(path("whole.h5")), 50'000U);
  std::filesystem::create_directory(path("moved"));
  for (const char* name : {"50 %.h5", "b.h5", "whole.h5"}) {
    std::filesystem::rename(path(name), path("moved") / name);
  }
  expect_whole(path("moved/whole.h5"), models);
}

TEST_F(Merge, NamesModelsThatAreInNoPart) {
  part("a.h5", 0, 5000);
  part("b.h5", 5001, models);
  part("c.h5", 5000, models - 2);
  EXPECT_EQ(refusal({"a.h5", "b.h5"}), "merge: model 5000 of the run are in none of the parts");
  EXPECT_EQ(refusal({"b.h5"}), "merge: models 0 to 5000 of the run are in none of the parts");
  EXPECT_EQ(refusal({"a.h5", "c.h5"}),
            "merge: models 10005 to 10006 of the run are in none of the parts");
  EXPECT_EQ(refusal({}), "merge: no parts, allowed is at least one");
}

TEST_F(Merge, NamesModelsThatAreInTwoParts) {
  part("a.h5", 0, 5001);
  part("b.h5", 5000, models);
  EXPECT_THAT(refusal({"b.h5", "a.h5"}), testing::AllOf(HasSubstr("b.h5: overlaps "),
                                                        HasSubstr("a.h5: both have model 5000")));
  EXPECT_THAT(refusal({"a.h5", "a.h5"}), HasSubstr("both have models 0 to 5000"));
}

TEST_F(Merge, RefusesPartsOfOtherRuns) {
  part("a.h5", 0, 5000);
  RunDescription other = run_of(models);
  other.options = R"({"tolerance":0.001,"height-range":[30.0,60.0]})";
  part("b.h5", 5000, models, other);
  EXPECT_THAT(refusal({"a.h5", "b.h5"}),
              testing::AllOf(StartsWith("b.h5: is of another run than "),
                             HasSubstr("a.h5: tolerance is 0.001, not 0.0001")));
}

TEST_F(Merge, RefusesPartsThatAreNotComplete) {
  part("a.h5", 0, 5000);
  {
    RunFile file(path("b.h5"), part_of(run_of(models), 5000, models - 5000));
    write_models_to(file, models - 5000);
  }
  EXPECT_THAT(refusal({"a.h5", "b.h5"}), StartsWith("b.h5: not complete"));
  write_responses(path("c.h5"), responses_of(0, 3), run_of(3).attributes);
  EXPECT_EQ(refusal({"a.h5", "c.h5"}), "c.h5: is no response file of a run");
}

TEST_F(Merge, RefusesPartsThatAreDamaged) {
  part("a.h5", 0, 5000);
  part("b.h5", 5000, models);
  std::string bytes = bytes_of(path("b.h5"));
  const auto place = io::hdf5::InputFile(path("b.h5")).offset("response");
  bytes[static_cast<std::size_t>(place) + 100] ^= 1;
  with_text("b.h5", bytes);
  EXPECT_THAT(refusal({"a.h5", "b.h5"}),
              HasSubstr("response or status: not what was written for models 0 to 4095"));
}

TEST_F(Merge, ReplacesNothingUnlessAskedAndNeverAPart) {
  part("a.h5", 0, models);
  with_text("whole.h5", "mine");
  EXPECT_THAT(message_of([&] { merge({"a.h5"}); }), HasSubstr("exists already"));
  merge({"a.h5"}, {.overwrite = true});
  expect_whole(path("whole.h5"), models);
  EXPECT_THAT(
      message_of([&] { merge({"whole.h5"}, {.overwrite = true, .virtual_datasets = true}); }),
      HasSubstr("is both read and written"));
}

}  // namespace
}  // namespace stratem::test
