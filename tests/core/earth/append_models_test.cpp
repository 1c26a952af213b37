// Joins sets of models to one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stratem/error.hpp"
#include "stratem/models.hpp"

namespace stratem {
namespace {

using testing::ElementsAre;

ModelSet two_layers() {
  ModelSet set;
  set.models = 2;
  set.layers = 2;
  set.resistivity = {1.0, 2.0, 3.0, 4.0};
  set.thickness = {10.0, 20.0};
  return set;
}

TEST(AppendModels, FillsTheRowsOfModelsWithFewerLayers) {
  ModelSet set;
  set.models = 1;
  set.layers = 1;
  set.resistivity = {7.0};
  append(set, two_layers());
  EXPECT_EQ(set.models, 3);
  EXPECT_EQ(set.layers, 2);
  EXPECT_THAT(set.layer_count, ElementsAre(1, 2, 2));
  EXPECT_THAT(set.resistivity, ElementsAre(7.0, 1.0, 1.0, 2.0, 3.0, 4.0));
  EXPECT_THAT(set.thickness, ElementsAre(0.0, 10.0, 20.0));
  EXPECT_NO_THROW(check_shapes(set.view()));
}

TEST(AppendModels, MakesThicknessesOfDepths) {
  ModelSet set = two_layers();
  ModelSet deep;
  deep.models = 1;
  deep.layers = 3;
  deep.resistivity = {5.0, 6.0, 7.0};
  deep.depth = {0.0, 4.0, 9.0};
  append(set, deep);
  EXPECT_THAT(set.thickness, ElementsAre(10.0, 0.0, 20.0, 0.0, 4.0, 5.0));
  EXPECT_TRUE(set.depth.empty());
  EXPECT_NO_THROW(check_shapes(set.view()));
}

TEST(AppendModels, GivesUnpolarizableModelsNoChargeability) {
  ModelSet set = two_layers();
  ModelSet polarizable = two_layers();
  polarizable.chargeability = {0.1, 0.2, 0.3, 0.4};
  polarizable.time_constant = {1e-3, 1e-3, 1e-3, 1e-3};
  polarizable.exponent = {0.5, 0.5, 0.5, 0.5};
  append(set, polarizable);
  EXPECT_THAT(set.chargeability, ElementsAre(0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4));
  EXPECT_NO_THROW(check_shapes(set.view()));
}

TEST(AppendModels, ToNoneIsACopyAndNoneChangesNothing) {
  ModelSet set;
  append(set, two_layers());
  EXPECT_EQ(set.resistivity, two_layers().resistivity);
  append(set, {});
  EXPECT_EQ(set.models, 2);
}

TEST(AppendModels, RejectsHeightsOfSomeOnly) {
  ModelSet set = two_layers();
  ModelSet high = two_layers();
  high.height = {30.0, 31.0};
  EXPECT_THROW(append(set, high), InputError);
}

}  // namespace
}  // namespace stratem
