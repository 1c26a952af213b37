// stratem sweep, end to end.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const char* const small_grid = R"({
  "layers": [
    {"resistivity": [10, 100], "thickness": {"from": 5, "to": 15, "count": 3}},
    {"resistivity": [1, 30]}
  ]
})";

class Sweep : public ProgramTest {
 protected:
  Sweep() { write("grid.json", small_grid); }

  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const auto before = names();
    const Outcome refused = run(arguments);
    EXPECT_EQ(refused.status, 2) << refused.errors;
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, AllOf(StartsWith("stratem: "), HasSubstr(part)));
    EXPECT_EQ(names(), before);
  }
};

TEST_F(Sweep, WritesEveryCombination) {
  const Outcome done = run({"sweep", "grid.json", "-o", "m.csv"});
  ASSERT_EQ(done.status, 0) << done.errors;
  EXPECT_EQ(done.output, "");
  EXPECT_EQ(done.errors,
            "12 models, resistivity_1 (2) x thickness_1 (3) x resistivity_2 (2), m.csv\n");
  EXPECT_EQ(read("m.csv"),
            "# axis,resistivity_1,10,100\n"
            "# axis,thickness_1,5,10,15\n"
            "# axis,resistivity_2,1,30\n"
            "resistivity_1,resistivity_2,thickness_1\n"
            "10,1,5\n10,30,5\n10,1,10\n10,30,10\n10,1,15\n10,30,15\n"
            "100,1,5\n100,30,5\n100,1,10\n100,30,10\n100,1,15\n100,30,15\n");
}

// The place of a model in the reshaped array gives the value of every axis; the model must have it.
TEST_F(Sweep, KeepsTheAxesByWhichResponsesAreReshaped) {
  ASSERT_EQ(run({"sweep", "grid.json", "-o", "m.h5", "-q"}).errors, "");
  const ModelSet models = read_models(folder() / "m.h5");
  const auto axes = read_grid_axes(folder() / "m.h5");
  ASSERT_EQ(axes.size(), 3U);
  ASSERT_EQ(axes[0].values.size() * axes[1].values.size() * axes[2].values.size(),
            static_cast<std::size_t>(models.models));
  std::size_t model = 0;
  for (const double first : axes[0].values) {
    for (const double thickness : axes[1].values) {
      for (const double second : axes[2].values) {
        EXPECT_EQ(models.resistivity[2 * model], first);
        EXPECT_EQ(models.resistivity[2 * model + 1], second);
        EXPECT_EQ(models.thickness[model], thickness);
        ++model;
      }
    }
  }
}

TEST_F(Sweep, MakesTheShippedGridOfSixtyThousandModels) {
  const Outcome done = run({"sweep", STRATEM_DATA_DIR "/grids/two_layer.json", "-o", "m.h5"});
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors, StartsWith("60000 models, resistivity_1 (50) x thickness_1 (40) x "));
  EXPECT_EQ(read_models(folder() / "m.h5").models, 60000);
}

// Computes with forward, from a file and from the grid itself, and in the parts of a run.
TEST_F(Sweep, HandsItsAxesOnToTheResponses) {
  write("system.json", small_system);
  ASSERT_EQ(run({"sweep", "grid.json", "-o", "m.h5"}).status, 0);
  const auto forward = [this](std::vector<std::string> more) {
    more.insert(more.begin(), {"forward", "system.json", "--backend", "reference", "-q"});
    const Outcome done = run(more);
    ASSERT_EQ(done.status, 0) << done.errors;
  };
  forward({"m.h5", "-o", "file.h5"});
  forward({"--grid", "grid.json", "-o", "grid.h5"});
  forward({"--grid", "grid.json", "-o", "1.h5", "--shard", "1/2"});
  forward({"--grid", "grid.json", "-o", "2.h5", "--shard", "2/2"});
  ASSERT_EQ(run({"merge", "1.h5", "2.h5", "-o", "merged.h5"}).status, 0);
  for (const char* name : {"file.h5", "grid.h5", "merged.h5"}) {
    const auto axes = read_grid_axes(folder() / name);
    ASSERT_EQ(axes.size(), 3U) << name;
    EXPECT_EQ(axes[1].name, "thickness_1");
    EXPECT_EQ(axes[1].values, (std::vector<double>{5, 10, 15}));
    EXPECT_EQ(read_responses(folder() / name).responses.response,
              read_responses(folder() / "grid.h5").responses.response);
  }
  write("models.csv", good_models);
  forward({"models.csv", "-o", "none.h5"});
  EXPECT_TRUE(read_grid_axes(folder() / "none.h5").empty());
}

TEST_F(Sweep, RejectsWhatIsNoGrid) {
  expect_refused({"sweep", "grid.json"}, "--output is missing");
  expect_refused({"sweep", "none.json", "-o", "m.h5"}, "none.json: no such file");
  expect_refused({"sweep", "grid.json", "-o", "m.txt"}, "allowed is .h5, .hdf5 or .csv");
  write("grid.json", R"({"layers": [{"resistivity": []}]})");
  expect_refused({"sweep", "grid.json", "-o", "m.h5"},
                 "grid.json: layers[0].resistivity: an empty");
}

TEST_F(Sweep, RefusesAnExistingOutputUnlessForced) {
  write("m.csv", "mine");
  expect_refused({"sweep", "grid.json", "-o", "m.csv"}, "m.csv: exists already");
  EXPECT_EQ(run({"sweep", "grid.json", "-o", "m.csv", "--force"}).status, 0);
  EXPECT_EQ(read_models(folder() / "m.csv").models, 12);
}

}  // namespace
}  // namespace stratem::test
