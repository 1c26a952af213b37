#include <gmock/gmock.h>

#include "core/earth/layered_model.hpp"
#include "io/models/models_hdf5.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"

/// Read by the leak sanitizer: HDF5 itself loses memory when it meets some damaged files.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ModelsHdf5 : public DataFiles {
 protected:
  std::string refusal(const std::string& name = "m.h5") const {
    return message_of([&] { read_models(path(name)); });
  }
};

TEST_F(ModelsHdf5, ReadsBackWhatItWroteToTheLastBit) {
  write_models(path("m.h5"), full_set());
  expect_same(read_models(path("m.h5")), full_set());
}

TEST_F(ModelsHdf5, ReadsBackDepths) {
  ModelSet set = full_set();
  set.thickness.clear();
  set.depth = {0.0, 1.5, 9.75, 0.0, 3.25, nan};
  write_models(path("m.hdf5"), set);
  expect_same(read_models(path("m.hdf5")), set);
}

TEST_F(ModelsHdf5, ReadsBackModelsOfOneLayer) {
  write_models(path("m.h5"), one_layer_set());
  expect_same(read_models(path("m.h5")), one_layer_set());
}

TEST_F(ModelsHdf5, ReadsOneLayerWithAnEmptyThickness) {
  add_dataset(path("m.h5"), "resistivity", {3, 1}, {1.0, 10.0, 100.0});
  add_dataset(path("m.h5"), "thickness", {3, 0}, {});
  expect_same(read_models(path("m.h5")), one_layer_set());
}

TEST_F(ModelsHdf5, ReadsBackNoModels) {
  ModelSet set;
  set.layers = 5;
  write_models(path("m.h5"), set);
  expect_same(read_models(path("m.h5")), set);
}

TEST_F(ModelsHdf5, ConvertsAnyKindOfNumber) {
  add_dataset(path("m.h5"), "resistivity", {2, 2}, {1, 2, 3, 40000}, H5T_STD_U16BE);
  add_dataset(path("m.h5"), "depth", {2, 2}, {0, 0.5, 0, 0.25}, H5T_IEEE_F32BE);
  add_dataset(path("m.h5"), "layers", {2}, {2, 1}, H5T_STD_I8LE);
  add_dataset(path("m.h5"), "height", {2}, {30, 31}, H5T_STD_I64LE);
  const ModelSet set = read_models(path("m.h5"));
  EXPECT_EQ(set.resistivity, (std::vector<double>{1, 2, 3, 40000}));
  EXPECT_EQ(set.depth, (std::vector<double>{0, 0.5, 0, 0.25}));
  EXPECT_EQ(set.layer_count, (std::vector<std::int32_t>{2, 1}));
  EXPECT_EQ(set.height, (std::vector<double>{30, 31}));
}

TEST_F(ModelsHdf5, ReadsAnyPieceOfAFile) {
  write_models(path("m.h5"), full_set());
  const io::ModelFileHdf5 file(path("m.h5"));
  ASSERT_EQ(file.models(), 2);
  ASSERT_EQ(file.layers(), 3);
  const ModelSet second = file.read(1, 1);
  const ModelSet whole = full_set();
  expect_same_bits(second.resistivity, {whole.resistivity.begin() + 3, whole.resistivity.end()},
                   "resistivity");
  expect_same_bits(second.thickness, {whole.thickness.begin() + 2, whole.thickness.end()},
                   "thickness");
  EXPECT_EQ(second.layer_count, std::vector<std::int32_t>{2});
  EXPECT_EQ(file.read(2, 0).models, 0);
}

TEST_F(ModelsHdf5, LeavesBadValuesToTheirModels) {
  add_dataset(path("m.h5"), "resistivity", {6, 2}, {1, -2, 0, 1, nan, 1, 1, infinity, 1, 1, 1, 1});
  add_dataset(path("m.h5"), "depth", {6, 2}, {0, 1, 0, 1, 0, 1, 0, 1, 0.5, 1, 0, 0});
  add_dataset(path("m.h5"), "layers", {6}, {2, 2, 2, 2, 2, 2});
  const ModelSet set = read_models(path("m.h5"));
  core::LayeredModel model;
  for (std::int64_t k = 0; k < 4; ++k) {
    EXPECT_EQ(core::gather(set.view(), k, model), Status::bad_resistivity) << k;
  }
  EXPECT_EQ(core::gather(set.view(), 4, model), Status::bad_depth);
  EXPECT_EQ(core::gather(set.view(), 5, model), Status::bad_depth);
}

TEST_F(ModelsHdf5, LeavesLayerCountsBeyondAnyModelToTheirModels) {
  add_dataset(path("m.h5"), "resistivity", {2, 1}, {1, 1});
  add_dataset(path("m.h5"), "layers", {2}, {1e12, -1e12}, H5T_STD_I64LE);
  const ModelSet set = read_models(path("m.h5"));
  core::LayeredModel model;
  EXPECT_EQ(core::gather(set.view(), 0, model), Status::bad_layer_count);
  EXPECT_EQ(core::gather(set.view(), 1, model), Status::bad_layer_count);
}

TEST_F(ModelsHdf5, IgnoresDatasetsOfOtherPrograms) {
  write_models(path("m.h5"), full_set());
  for (const auto* name : {"weight", "labels", "layer_id", "misfit", "response", "time", "x"}) {
    add_dataset(path("m.h5"), name, {7}, std::vector<double>(7, 1.0));
  }
  expect_same(read_models(path("m.h5")), full_set());
}

TEST_F(ModelsHdf5, RejectsMisspeltDatasets) {
  const std::vector<std::pair<const char*, const char*>> slips{
      {"heigth", "height"},         {"Height", "height"},      {"layer", "layers"},
      {"thicknesses", "thickness"}, {"exponents", "exponent"}, {"time_constants", "time_constant"}};
  for (const auto& [slip, meant] : slips) {
    const std::string name = std::string(slip) + ".h5";
    write_models(path(name), one_layer_set());
    add_dataset(path(name), slip, {3}, {1, 2, 3});
    EXPECT_EQ(refusal(name), name + ": " + slip + ": unknown dataset, did you mean " + meant + "?");
  }
  add_dataset(path("m.h5"), "resistivty", {3, 1}, {1, 2, 3});
  EXPECT_EQ(refusal(), "m.h5: resistivty: unknown dataset, did you mean resistivity?");
}

TEST_F(ModelsHdf5, RejectsAMissingResistivity) {
  add_dataset(path("m.h5"), "thickness", {3, 1}, {1, 2, 3});
  EXPECT_EQ(refusal(), "m.h5: resistivity: missing");
}

TEST_F(ModelsHdf5, RejectsUnequalShapes) {
  add_dataset(path("m.h5"), "resistivity", {2, 2}, {1, 2, 3, 4});
  add_dataset(path("m.h5"), "thickness", {2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(refusal(),
            "m.h5: thickness: shape is [2, 2], allowed is [2, 1] with a resistivity of [2, 2]");

  add_dataset(path("n.h5"), "resistivity", {2, 2}, {1, 2, 3, 4});
  add_dataset(path("n.h5"), "depth", {3, 2}, {0, 2, 0, 4, 0, 6});
  EXPECT_EQ(refusal("n.h5"),
            "n.h5: depth: shape is [3, 2], allowed is [2, 2] with a resistivity of [2, 2]");

  write_models(path("h.h5"), one_layer_set());
  add_dataset(path("h.h5"), "height", {2}, {1, 2});
  EXPECT_THAT(refusal("h.h5"), StartsWith("h.h5: height: shape is [2], allowed is [3]"));
}

TEST_F(ModelsHdf5, RejectsAWrongNumberOfDimensions) {
  add_dataset(path("m.h5"), "resistivity", {4}, {1, 2, 3, 4});
  EXPECT_EQ(refusal(), "m.h5: resistivity: shape is [4], allowed is [models, layers]");
}

TEST_F(ModelsHdf5, RejectsDepthAndThicknessTogether) {
  add_dataset(path("m.h5"), "resistivity", {1, 2}, {1, 2});
  add_dataset(path("m.h5"), "depth", {1, 2}, {0, 2});
  add_dataset(path("m.h5"), "thickness", {1, 1}, {2});
  EXPECT_THAT(refusal(), StartsWith("m.h5: depth and thickness: both are given"));
}

TEST_F(ModelsHdf5, RejectsLayersWithoutBoundaries) {
  add_dataset(path("m.h5"), "resistivity", {1, 2}, {1, 2});
  EXPECT_THAT(refusal(), StartsWith("m.h5: depth or thickness: one is needed"));
}

TEST_F(ModelsHdf5, RejectsPartOfTheColeColeParameters) {
  write_models(path("m.h5"), one_layer_set());
  add_dataset(path("m.h5"), "chargeability", {3, 1}, {0, 0, 0});
  EXPECT_THAT(refusal(), HasSubstr("all three or none"));
}

TEST_F(ModelsHdf5, RejectsTooManyLayers) {
  add_dataset(path("m.h5"), "resistivity", {1, 201}, std::vector<double>(201, 1.0));
  EXPECT_EQ(refusal(), "m.h5: models: 201 layers, allowed is 1 to 200");
}

TEST_F(ModelsHdf5, RejectsPartsOfLayers) {
  write_models(path("m.h5"), one_layer_set());
  add_dataset(path("m.h5"), "layers", {3}, {1, 1, 1.5});
  EXPECT_EQ(refusal(), "m.h5: layers[2]: 1.5, allowed is a whole number");
}

TEST_F(ModelsHdf5, RejectsText) {
  add_dataset(path("m.h5"), "resistivity", {1, 1}, {}, H5T_C_S1);
  EXPECT_THAT(refusal(), StartsWith("m.h5: resistivity: not numbers"));
}

TEST_F(ModelsHdf5, RejectsAFileThatIsNotThere) {
  EXPECT_EQ(message_of<IoError>([&] { read_models(path("m.h5")); }),
            "m.h5: cannot be opened: No such file or directory");
}

TEST_F(ModelsHdf5, RejectsAFolder) {
  std::filesystem::create_directory(path("m.h5"));
  EXPECT_EQ(message_of<IoError>([&] { read_models(path("m.h5")); }),
            "m.h5: cannot be opened: Is a directory");
}

TEST_F(ModelsHdf5, RejectsOtherFiles) {
  with_text("m.h5", "resistivity_1\n100\n");
  EXPECT_THAT(refusal(), StartsWith("m.h5: not a complete HDF5 file: "));
  with_text("e.h5", "");
  EXPECT_THAT(refusal("e.h5"), StartsWith("e.h5: not a complete HDF5 file: "));
}

TEST_F(ModelsHdf5, RejectsAFileCutAnywhere) {
  write_models(path("whole.h5"), full_set());
  const std::string whole = bytes_of(path("whole.h5"));
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    with_text("m.h5", whole.substr(0, size));
    EXPECT_THAT(refusal(), StartsWith("m.h5: ")) << size << " of " << whole.size() << " bytes";
  }
}

TEST_F(ModelsHdf5, SurvivesAnyFlippedByte) {
  write_models(path("whole.h5"), full_set());
  const std::string whole = bytes_of(path("whole.h5"));
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    with_text("m.h5", damaged);
    try {
      // Damaged numbers cannot be detected here. Nothing other than an Error may be thrown.
      check_shapes(read_models(path("m.h5")).view());
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
}

TEST_F(ModelsHdf5, RefusesToWriteSetsWhoseArraysDoNotFit) {
  ModelSet set = full_set();
  set.height.push_back(1.0);
  EXPECT_EQ(message_of([&] { write_models(path("m.h5"), set); }),
            "m.h5: height: 3 numbers, allowed is 2");
  set = full_set();
  set.depth = {0, 1, 2, 0, 1, 2};
  EXPECT_THAT(message_of([&] { write_models(path("m.h5"), set); }),
              StartsWith("m.h5: depth and thickness"));
  EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace stratem::test
