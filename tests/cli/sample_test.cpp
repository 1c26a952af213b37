// stratem sample, end to end.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Sample : public ProgramTest {
 protected:
  Sample() { write("prior.json", small_prior); }

  Outcome sample(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"sample", "prior.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  void expect_refused(const std::vector<std::string>& more, const std::string& part) const {
    const auto before = names();
    const Outcome refused = sample(more);
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr(part)));
    EXPECT_EQ(names(), before);
  }
};

TEST_F(Sample, WritesModelsWithinThePrior) {
  const Outcome done = sample({"-n", "50", "--seed", "7", "-o", "models.h5"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.output, "");
  EXPECT_THAT(done.errors, HasSubstr("50 models"));
  const ModelSet models = read_models(folder() / "models.h5");
  EXPECT_EQ(models.models, 50);
  EXPECT_EQ(models.layers, 2);
  EXPECT_THAT(models.resistivity, testing::Each(AllOf(testing::Ge(1.0), testing::Le(1000.0))));
  EXPECT_THAT(models.thickness, testing::Each(AllOf(testing::Ge(5.0), testing::Le(50.0))));
}

TEST_F(Sample, GivesTheSameModelsForTheSameSeedOnly) {
  ASSERT_EQ(sample({"-n", "5", "--seed", "7", "-o", "a.csv", "-q"}).errors, "");
  ASSERT_EQ(sample({"-n5", "--seed=7", "--output=b.csv"}).status, 0);
  ASSERT_EQ(sample({"-n", "5", "--seed", "8", "-o", "c.csv"}).status, 0);
  EXPECT_NE(read("a.csv"), "");
  EXPECT_EQ(read("a.csv"), read("b.csv"));
  EXPECT_NE(read("a.csv"), read("c.csv"));
}

TEST_F(Sample, GoesOnWithTheSequenceFromItsFirstModel) {
  ASSERT_EQ(sample({"-n", "5", "--seed", "7", "-o", "all.h5"}).status, 0);
  ASSERT_EQ(sample({"-n", "2", "--seed", "7", "--first", "3", "-o", "last.h5"}).status, 0);
  const ModelSet all = read_models(folder() / "all.h5");
  const ModelSet last = read_models(folder() / "last.h5");
  EXPECT_EQ(std::vector<double>(all.resistivity.begin() + 6, all.resistivity.end()),
            last.resistivity);
}

TEST_F(Sample, RejectsNumbersThatCountNothing) {
  expect_refused({"-n", "0", "--seed", "7", "-o", "m.h5"}, "--count: '0', allowed is");
  expect_refused({"-n", "-3", "--seed", "7", "-o", "m.h5"}, "--count: '-3', allowed is");
  expect_refused({"-n", "1e3", "--seed", "7", "-o", "m.h5"}, "--count: '1e3', allowed is");
  expect_refused({"-n", "4611686018427387904", "--seed", "7", "-o", "m.h5"},
                 "count: 4611686018427387904, allowed is");
  expect_refused({"-n", "3", "--seed", "-7", "-o", "m.h5"}, "--seed: '-7', allowed is");
  expect_refused({"-n", "3", "--seed", "7", "--first", "9223372036854775807", "-o", "m.h5"},
                 "first: 9223372036854775807, allowed is");
}

TEST_F(Sample, RejectsMissingOptions) {
  expect_refused({"--seed", "7", "-o", "m.h5"}, "--count is missing");
  expect_refused({"-n", "3", "-o", "m.h5"}, "--seed is missing");
  expect_refused({"-n", "3", "--seed", "7"}, "--output is missing");
}

TEST_F(Sample, RejectsAPriorThatCannotBe) {
  write("prior.json", R"({"layers": []})");
  expect_refused({"-n", "3", "--seed", "7", "-o", "m.h5"}, "layers");
  write("prior.json", R"({"layer": []})");
  expect_refused({"-n", "3", "--seed", "7", "-o", "m.h5"}, "prior.json");
}

TEST_F(Sample, RefusesAnExistingOutputUnlessForced) {
  write("m.csv", "mine");
  expect_refused({"-n", "3", "--seed", "7", "-o", "m.csv"}, "m.csv: exists already");
  EXPECT_EQ(sample({"-n", "3", "--seed", "7", "-o", "m.csv", "-f"}).status, 0);
  EXPECT_EQ(read_models(folder() / "m.csv").models, 3);
}

TEST_F(Sample, SaysWhenThereIsNotEnoughMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers end the program instead";
#endif
  const Outcome refused = sample({"-n", "1000000000000000", "--seed", "7", "-o", "m.h5"});
  EXPECT_EQ(refused.status, 3) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr("out of memory"));
  EXPECT_FALSE(exists("m.h5"));
}

}  // namespace
}  // namespace stratem::test
