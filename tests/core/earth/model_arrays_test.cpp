// The list of the arrays that describe models.
#include "core/earth/model_arrays.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stratem::core {
namespace {

using testing::ElementsAre;

// Checksums of models, columns of CSV files and datasets of HDF5 files follow this order.
TEST(ModelArrays, KeepTheirOrderBecauseFilesAreWrittenInIt) {
  EXPECT_THAT(model_array_names, ElementsAre("resistivity", "depth", "thickness", "chargeability",
                                             "time_constant", "exponent", "layers", "height"));
}

TEST(ModelArrays, HaveANumberForEachLayerInterfaceOrModel) {
  EXPECT_EQ(resistivity_array.columns(30), 30);
  EXPECT_EQ(thickness_array.columns(30), 29);
  EXPECT_EQ(layer_count_array.columns(30), 1);
  EXPECT_EQ(height_array.columns(30), 1);
}

TEST(ModelArrays, FillAbsentLayersWithoutPolarization) {
  EXPECT_EQ(chargeability_array.absent, 0.0);
  EXPECT_EQ(time_constant_array.absent, 1.0);
  EXPECT_EQ(exponent_array.absent, 1.0);
}

// Resistivity, depth and three parameters of Cole-Cole; a height; a layer count.
TEST(ModelArrays, TakeAtMostFiveNumbersALayer) {
  EXPECT_EQ(most_bytes_per_model(1), 5 * 8 + 8 + 4);
  EXPECT_EQ(most_bytes_per_model(200), 200 * 5 * 8 + 8 + 4);
}

}  // namespace
}  // namespace stratem::core
