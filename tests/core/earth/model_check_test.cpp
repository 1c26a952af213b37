#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/earth/layered_model.hpp"
#include "stratem/models.hpp"
#include "support/message_of.hpp"

namespace {

using stratem::ModelBatch;
using stratem::ModelSet;
using stratem::Status;
using stratem::core::gather;
using stratem::core::LayeredModel;
using stratem::test::message_of;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Two polarizable models of three layers, all of them good.
ModelSet two_models() {
  ModelSet set;
  set.models = 2;
  set.layers = 3;
  set.resistivity = {100, 10, 1000, 50, 5, 500};
  set.thickness = {20, 30, 15, 25};
  set.chargeability = {0, 0.5, 0, 0, 0, 0};
  set.time_constant = {1, 1e-3, 1, 1, 1, 1};
  set.exponent = {1, 0.5, 1, 1, 1, 1};
  set.height = {30, 35};
  return set;
}

ModelSet with_depths(const std::vector<double>& depth) {
  ModelSet set = two_models();
  set.thickness.clear();
  set.depth = depth;
  return set;
}

Status status_of(const ModelSet& set, std::int64_t index = 0) {
  LayeredModel model;
  return gather(set.view(), index, model);
}

/// The status of the first model with one value of an array changed.
Status with_value(std::vector<double> ModelSet::*array, double value, std::size_t place = 1) {
  ModelSet set = two_models();
  (set.*array)[place] = value;
  EXPECT_EQ(status_of(set, 1), Status::ok) << "the other model must not be touched";
  return status_of(set);
}

std::string refusal(const ModelBatch& batch) {
  return message_of([&] { check_shapes(batch); });
}

TEST(ModelValues, AreGatheredFromTheirRow) {
  const ModelSet set = two_models();
  LayeredModel model;
  ASSERT_EQ(gather(set.view(), 1, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{50, 5, 500}));
  EXPECT_EQ(model.thickness, (std::vector<double>{15, 25}));
  EXPECT_TRUE(model.chargeability.empty()) << "no layer of it is polarizable";
  ASSERT_EQ(gather(set.view(), 0, model), Status::ok);
  EXPECT_EQ(model.chargeability, (std::vector<double>{0, 0.5, 0}));
  EXPECT_EQ(model.time_constant, (std::vector<double>{1, 1e-3, 1}));
  EXPECT_EQ(model.exponent, (std::vector<double>{1, 0.5, 1}));
}

TEST(ModelValues, AreGatheredFromASlice) {
  const ModelSet set = two_models();
  LayeredModel model;
  ASSERT_EQ(gather(set.view().slice(1, 1), 0, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{50, 5, 500}));
}

TEST(ModelValues, AreGatheredFromStridedArrays) {
  // Stored layer by layer, with one thickness for all.
  const std::vector<double> resistivity{100, 50, 10, 5, 1000, 500};
  const std::vector<double> thickness{40};
  ModelBatch batch;
  batch.models = 2;
  batch.layers = 3;
  batch.resistivity = {resistivity.data(), 2, 3, 1, 2};
  batch.thickness = {thickness.data(), 2, 2, 0, 0};
  check_shapes(batch);
  LayeredModel model;
  ASSERT_EQ(gather(batch, 1, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{50, 5, 500}));
  EXPECT_EQ(model.thickness, (std::vector<double>{40, 40}));
}

TEST(ModelValues, OfDepthsBecomeThicknesses) {
  const ModelSet set = with_depths({0, 20, 50, 0, 15, 40});
  LayeredModel model;
  ASSERT_EQ(gather(set.view(), 0, model), Status::ok);
  EXPECT_EQ(model.thickness, (std::vector<double>{20, 30}));
}

TEST(ModelValues, MustHavePositiveFiniteResistivities) {
  for (const double value : {-1.0, 0.0, -0.0, nan, infinity, -infinity}) {
    EXPECT_EQ(with_value(&ModelSet::resistivity, value), Status::bad_resistivity) << value;
  }
  EXPECT_EQ(with_value(&ModelSet::resistivity, 1e-300), Status::ok);
}

TEST(ModelValues, MustHavePositiveFiniteThicknesses) {
  for (const double value : {-1.0, 0.0, nan, infinity}) {
    EXPECT_EQ(with_value(&ModelSet::thickness, value), Status::bad_thickness) << value;
  }
}

TEST(ModelValues, MustHaveDepthsThatStartAtZero) {
  for (const double value : {1.0, -1.0, 1e-300, nan, infinity}) {
    EXPECT_EQ(status_of(with_depths({value, 20, 50, 0, 15, 40})), Status::bad_depth) << value;
  }
  EXPECT_EQ(status_of(with_depths({-0.0, 20, 50, 0, 15, 40})), Status::ok);
}

TEST(ModelValues, MustHaveDepthsThatIncrease) {
  EXPECT_EQ(status_of(with_depths({0, 50, 20, 0, 15, 40})), Status::bad_depth);
  EXPECT_EQ(status_of(with_depths({0, 20, 20, 0, 15, 40})), Status::bad_depth);
  EXPECT_EQ(status_of(with_depths({0, 0, 20, 0, 15, 40})), Status::bad_depth);
  EXPECT_EQ(status_of(with_depths({0, nan, 20, 0, 15, 40})), Status::bad_depth);
  EXPECT_EQ(status_of(with_depths({0, 20, infinity, 0, 15, 40})), Status::bad_depth);
}

TEST(ModelValues, MustHaveDepthsThatStartAtZeroEvenInOneLayer) {
  ModelSet set;
  set.models = 1;
  set.layers = 1;
  set.resistivity = {100};
  set.depth = {5};
  EXPECT_EQ(status_of(set), Status::bad_depth);
  set.depth = {0};
  EXPECT_EQ(status_of(set), Status::ok);
}

TEST(ModelValues, MustHaveChargeabilitiesFromZeroToBelowOne) {
  for (const double value : {-0.1, 1.0, 2.0, nan, infinity}) {
    EXPECT_EQ(with_value(&ModelSet::chargeability, value), Status::bad_chargeability) << value;
  }
  EXPECT_EQ(with_value(&ModelSet::chargeability, std::nextafter(1.0, 0.0)), Status::ok);
}

TEST(ModelValues, MustHavePositiveFiniteTimeConstants) {
  for (const double value : {-1.0, 0.0, nan, infinity}) {
    EXPECT_EQ(with_value(&ModelSet::time_constant, value), Status::bad_time_constant) << value;
  }
}

TEST(ModelValues, MustHaveExponentsAboveZeroUpToOne) {
  for (const double value : {-1.0, 0.0, 1.0000001, nan, infinity}) {
    EXPECT_EQ(with_value(&ModelSet::exponent, value), Status::bad_exponent) << value;
  }
  EXPECT_EQ(with_value(&ModelSet::exponent, 1.0), Status::ok);
}

TEST(ModelValues, BelowTheLastLayerAreIgnored) {
  ModelSet set = two_models();
  set.layer_count = {2, 1};
  for (auto* array : {&set.resistivity, &set.chargeability, &set.time_constant, &set.exponent}) {
    (*array)[2] = nan;
    (*array)[4] = -1;
    (*array)[5] = infinity;
  }
  set.thickness = {20, nan, -1, 0};
  LayeredModel model;
  ASSERT_EQ(gather(set.view(), 0, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{100, 10}));
  EXPECT_EQ(model.thickness, (std::vector<double>{20}));
  ASSERT_EQ(gather(set.view(), 1, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{50}));
  EXPECT_TRUE(model.thickness.empty());
}

TEST(ModelValues, MustHaveALayerCountThatFitsTheArrays) {
  ModelSet set = two_models();
  for (const std::int32_t count : {0, -1, 4, std::numeric_limits<std::int32_t>::max(),
                                   std::numeric_limits<std::int32_t>::min()}) {
    set.layer_count = {count, 3};
    EXPECT_EQ(status_of(set), Status::bad_layer_count) << count;
    EXPECT_EQ(status_of(set, 1), Status::ok);
  }
}

TEST(ModelShapes, ThatFitAreAccepted) {
  EXPECT_EQ(refusal(two_models().view()), "no error");
  EXPECT_EQ(refusal(with_depths({0, 20, 50, 0, 15, 40}).view()), "no error");
  ModelSet none;
  none.layers = 4;
  EXPECT_EQ(refusal(none.view()), "no error");
}

TEST(ModelShapes, MustHaveAsManyModelsInAllArrays) {
  const ModelSet set = two_models();
  ModelBatch batch = set.view();
  batch.height = {set.height.data(), 1};
  EXPECT_EQ(refusal(batch), "height: length is 1, allowed is the number of models, 2");
  batch = set.view();
  batch.thickness = {set.thickness.data(), 1, 2};
  EXPECT_EQ(refusal(batch), "thickness: shape is [1, 2], allowed is [models, layers - 1] = [2, 2]");
  batch = set.view();
  const std::vector<std::int32_t> counts{1, 2, 3};
  batch.layer_count = {counts.data(), 3};
  EXPECT_EQ(refusal(batch), "layers: length is 3, allowed is the number of models, 2");
}

TEST(ModelShapes, MustHaveAsManyLayersInAllArrays) {
  const ModelSet set = two_models();
  ModelBatch batch = set.view();
  batch.thickness = {set.thickness.data(), 2, 1};
  EXPECT_EQ(refusal(batch), "thickness: shape is [2, 1], allowed is [models, layers - 1] = [2, 2]");
  batch = set.view();
  batch.exponent = {set.exponent.data(), 2, 2};
  EXPECT_EQ(refusal(batch), "exponent: shape is [2, 2], allowed is [models, layers] = [2, 3]");
}

TEST(ModelShapes, MustHaveOneToTwoHundredLayers) {
  ModelSet set = two_models();
  set.layers = 0;
  EXPECT_EQ(refusal(set.view()), "models: 0 layers, allowed is 1 to 200");
  set.layers = 201;
  EXPECT_EQ(refusal(set.view()), "models: 201 layers, allowed is 1 to 200");
}

TEST(ModelShapes, MustNotHaveANegativeNumberOfModels) {
  ModelBatch batch;
  batch.models = -1;
  batch.layers = 1;
  EXPECT_EQ(refusal(batch), "models: -1 models, allowed is 0 or more");
}

TEST(ModelShapes, MustHaveResistivities) {
  ModelSet set = two_models();
  set.resistivity.clear();
  EXPECT_EQ(refusal(set.view()), "resistivity: missing");
}

TEST(ModelShapes, MustHaveEitherDepthOrThickness) {
  ModelSet set = two_models();
  set.depth = {0, 20, 50, 0, 15, 40};
  EXPECT_THAT(refusal(set.view()), StartsWith("depth and thickness: both are given"));
  set.depth.clear();
  set.thickness.clear();
  EXPECT_THAT(refusal(set.view()), StartsWith("depth or thickness: one is needed"));
}

TEST(ModelShapes, MustHaveAllColeColeParametersOrNone) {
  ModelSet set = two_models();
  set.exponent.clear();
  EXPECT_THAT(refusal(set.view()), HasSubstr("all three or none"));
}

TEST(Statuses, HaveWordsOfTheirOwn) {
  std::vector<std::string> words;
  for (int value = 0; value <= static_cast<int>(Status::failed); ++value) {
    const std::string text(describe(static_cast<Status>(value)));
    EXPECT_THAT(words, testing::Not(testing::Contains(text)));
    EXPECT_NE(text, "unknown status");
    words.push_back(text);
  }
}

}  // namespace
