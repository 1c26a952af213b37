// Sources of models: the same models in any pieces, what a plan must be declared for, identities.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "io/support.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"

namespace stratem::test {
namespace {

class Sources : public DataFiles {
 protected:
  std::unique_ptr<ModelSource> source_of(const ModelSet& models, const std::string& name) const {
    write_models(path(name), models, true);
    return open_models(path(name));
  }
};

/// A set of plain numbers, which a CSV file and a plan take without change.
ModelSet three_models() {
  ModelSet set;
  set.models = 3;
  set.layers = 2;
  set.resistivity = {10, 20, 30, 40, 50, 60};
  set.thickness = {5, 6, 7};
  set.height = {31.5, -2.0, 42.25};
  return set;
}

TEST_F(Sources, GiveTheModelsOfAFileInAnyPieces) {
  for (const char* name : {"models.h5", "models.csv"}) {
    const auto source = source_of(full_set(), name);
    EXPECT_EQ(source->models(), 2);
    EXPECT_EQ(source->layers(), 3);
    expect_same(source->read(0, 2), read_models(path(name)));
    const ModelSet second = source->read(1, 1);
    EXPECT_EQ(second.models, 1);
    EXPECT_EQ(second.layer_count, (std::vector<std::int32_t>{2}));
    expect_same_bits(second.thickness, {7.0, nan}, name);
    EXPECT_EQ(source->read(2, 0).models, 0);
  }
}

TEST_F(Sources, FindTheRangeOfHeightsThatModelsCanHave) {
  for (const char* name : {"models.h5", "models.csv"}) {
    const ModelNeeds needs = source_of(three_models(), name)->needs();
    ASSERT_TRUE(needs.height);
    EXPECT_TRUE(needs.brings_heights);
    EXPECT_EQ(needs.height->min, 31.5);
    EXPECT_EQ(needs.height->max, 42.25);
    EXPECT_FALSE(needs.polarizable);
    const ModelNeeds none = source_of(one_layer_set(), name)->needs();
    EXPECT_FALSE(none.height);
    EXPECT_FALSE(none.brings_heights);
    EXPECT_TRUE(source_of(full_set(), name)->needs().polarizable);
  }
}

TEST_F(Sources, KnowTheSameModelsWhateverTheFileIsCalledOrHowItStoresThem) {
  const std::string identity = source_of(three_models(), "a.h5")->identity();
  EXPECT_EQ(source_of(three_models(), "b.h5")->identity(), identity);
  EXPECT_EQ(source_of(three_models(), "c.csv")->identity(), identity);
}

TEST_F(Sources, KnowOtherModels) {
  const std::string identity = source_of(three_models(), "a.h5")->identity();
  ModelSet other = three_models();
  other.thickness[2] = std::nextafter(7.0, 8.0);
  EXPECT_NE(source_of(other, "b.h5")->identity(), identity);
  other = three_models();
  std::swap(other.height[0], other.height[1]);
  EXPECT_NE(source_of(other, "b.h5")->identity(), identity);
  other = three_models();
  other.layer_count = {2, 1, 2};
  EXPECT_NE(source_of(other, "b.h5")->identity(), identity);
}

TEST_F(Sources, HaveTheSameChecksumInOnePieceAsInSeveral) {
  // More layers than are read at a time.
  ModelSet set;
  set.models = 300'007;
  set.layers = 1;
  for (std::int64_t i = 0; i < set.models; ++i) {
    set.resistivity.push_back(1.0 + static_cast<double>(i));
  }
  EXPECT_EQ(source_of(set, "a.h5")->identity(), source_of(set, "a.csv")->identity());
}

TEST_F(Sources, ReadPriorsAsSampleDoes) {
  const Prior prior =
      read_prior(std::filesystem::path(STRATEM_DATA_DIR) / "priors" / "airborne_thirty_layer.json");
  const auto source = prior_source(prior, 5, 1000);
  EXPECT_EQ(source->models(), 1000);
  EXPECT_EQ(source->layers(), 30);
  expect_same(source->read(990, 10), sample(prior, 5, 990, 10));
}

TEST_F(Sources, TakeNeedsOfPriorsFromTheirBounds) {
  Prior prior = read_prior(std::filesystem::path(STRATEM_DATA_DIR) / "priors" / "polarizable.json");
  prior.height = {Distribution::Kind::uniform, 0.0, 0.0, 30.0, 60.0};
  const ModelNeeds needs = prior_source(prior, 1, 10)->needs();
  EXPECT_TRUE(needs.polarizable);
  ASSERT_TRUE(needs.height);
  EXPECT_EQ(needs.height->min, 30.0);
  EXPECT_EQ(needs.height->max, 60.0);
  prior.height = {Distribution::Kind::normal, 40.0, 5.0, 20.0, std::nullopt};
  EXPECT_EQ(prior_source(prior, 1, 10)->needs().height->max, infinity);
}

TEST_F(Sources, KnowPriorsByAllThatIsInThem) {
  const auto folder = std::filesystem::path(STRATEM_DATA_DIR) / "priors";
  const Prior prior = read_prior(folder / "three_layer.json");
  const std::string identity = prior_source(prior, 1, 10)->identity();
  EXPECT_EQ(prior_source(prior, 1, 10)->identity(), identity);
  EXPECT_NE(prior_source(prior, 2, 10)->identity(), identity);
  EXPECT_NE(prior_source(prior, 1, 11)->identity(), identity);
  Prior other = prior;
  other.layers[0].resistivity.max = std::nextafter(*prior.layers[0].resistivity.max, 0.0);
  EXPECT_NE(prior_source(other, 1, 10)->identity(), identity);
}

TEST_F(Sources, RefusePriorsAndCountsThatCannotBe) {
  EXPECT_THROW(prior_source({}, 1, 10), InputError);
  const Prior prior =
      read_prior(std::filesystem::path(STRATEM_DATA_DIR) / "priors" / "three_layer.json");
  EXPECT_THROW(prior_source(prior, 1, -1), InputError);
}

TEST_F(Sources, WritePriorsSoThatTheyReadBackTheSame) {
  const auto folder = std::filesystem::path(STRATEM_DATA_DIR) / "priors";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const Prior prior = read_prior(entry.path());
    const Prior again = read_prior(with_text("again.json", to_json(prior)));
    EXPECT_EQ(to_json(again), to_json(prior));
    expect_same(sample(again, 3, 0, 20), sample(prior, 3, 0, 20));
  }
}

TEST_F(Sources, ReadGridsAsTheyAre) {
  Grid grid;
  grid.layers = {{.resistivity = {1, 10, 100}, .thickness = {5, 10}}, {.resistivity = {50}}};
  grid.height = {30, 40};
  const auto source = grid_source(grid);
  EXPECT_EQ(source->models(), 12);
  EXPECT_EQ(source->layers(), 2);
  expect_same(source->read(5, 4), grid_models(grid, 5, 4));
  EXPECT_EQ(source->needs().height->min, 30.0);
  EXPECT_EQ(source->needs().height->max, 40.0);
  EXPECT_FALSE(source->needs().polarizable);
  const auto identity = nlohmann::json::parse(source->identity());
  EXPECT_EQ(identity.at("models"), 12);
  EXPECT_EQ(identity.at("grid").at("layers").at(0).at("thickness").at(1), 10);
  grid.height = {30, 41};
  EXPECT_NE(grid_source(grid)->identity(), source->identity());
}

}  // namespace
}  // namespace stratem::test
