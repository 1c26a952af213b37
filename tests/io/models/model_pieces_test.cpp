// Models written piece by piece, and the axes of grids in files.
#include <gmock/gmock.h>

#include "io/models/model_writer.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Grid grid_of_depths() {
  Grid grid;
  grid.layers.resize(2);
  grid.layers[0].resistivity = {1, 10, 100};
  grid.layers[1].resistivity = {0.1, 1.0 / 3.0};
  grid.layers[1].depth = {5, 10, 15, 20};
  grid.height = {30, 40};
  return grid;
}

class ModelPieces : public DataFiles {
 protected:
  void write_in_pieces(const std::string& name, const Grid& grid, std::int64_t piece) const {
    const std::int64_t models = grid_size(grid);
    const auto file = io::make_model_writer(path(name), models, grid_axes(grid), false);
    for (std::int64_t first = 0; first < models; first += piece) {
      file->write(grid_models(grid, first, std::min(piece, models - first)));
    }
    file->finish();
  }
};

TEST_F(ModelPieces, MakeTheFileThatOnePieceMakes) {
  const Grid grid = grid_of_depths();
  const ModelSet whole = grid_models(grid, 0, 48);
  for (const auto* ending : {".h5", ".csv"}) {
    write_models(path(std::string("whole") + ending), grid);
    expect_same(read_models(path(std::string("whole") + ending)), whole);
    for (const std::int64_t piece : {1, 7, 48}) {
      const std::string name = "pieces" + std::to_string(piece) + ending;
      write_in_pieces(name, grid, piece);
      expect_same(read_models(path(name)), whole);
    }
  }
  EXPECT_EQ(bytes_of(path("pieces7.csv")), bytes_of(path("whole.csv")));
}

TEST_F(ModelPieces, LeaveNothingBehindIfNotFinished) {
  for (const auto* name : {"m.h5", "m.csv"}) {
    const auto file = io::make_model_writer(path(name), 4, {}, false);
    file->write(grid_models(grid_of_depths(), 0, 2));
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(ModelPieces, RefuseAFileThatIsThere) {
  with_text("m.csv", "mine");
  EXPECT_THAT(message_of([&] { write_models(path("m.csv"), grid_of_depths()); }),
              HasSubstr("m.csv: exists already"));
  EXPECT_EQ(bytes_of(path("m.csv")), "mine");
}

TEST_F(ModelPieces, TellHowFarTheyAre) {
  std::vector<std::int64_t> done;
  write_models(path("m.h5"), grid_of_depths(), false,
               [&done](std::int64_t models) { done.push_back(models); });
  EXPECT_THAT(done, ElementsAre(0));
}

TEST_F(ModelPieces, KeepTheAxesOfTheirGrid) {
  write_models(path("m.h5"), grid_of_depths());
  const auto axes = read_grid_axes(path("m.h5"));
  ASSERT_EQ(axes.size(), 4U);
  EXPECT_EQ(axes[0].name, "resistivity_1");
  EXPECT_EQ(axes[1].name, "resistivity_2");
  EXPECT_EQ(axes[2].name, "depth_2");
  EXPECT_EQ(axes[3].name, "height");
  EXPECT_THAT(axes[1].values, ElementsAre(0.1, 1.0 / 3.0));
  EXPECT_THAT(axes[2].values, ElementsAre(5, 10, 15, 20));

  write_models(path("m.csv"), grid_of_depths());
  EXPECT_THAT(bytes_of(path("m.csv")),
              HasSubstr("# axis,depth_2,5,10,15,20\n# axis,height,30,40\n"));
}

TEST_F(ModelPieces, OfNoGridHaveNoAxes) {
  write_models(path("m.h5"), one_layer_set());
  EXPECT_TRUE(read_grid_axes(path("m.h5")).empty());
}

TEST_F(ModelPieces, WithADamagedGridAreRefused) {
  write_models(path("m.h5"), grid_of_depths());
  const io::hdf5::Handle file(H5Fopen(path("m.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
  ASSERT_GE(H5Ldelete(file.id(), "grid/depth_2", H5P_DEFAULT), 0);
  EXPECT_EQ(message_of([&] { read_grid_axes(path("m.h5")); }), "m.h5: grid/depth_2: missing");
  ASSERT_GE(H5Adelete_by_name(file.id(), "grid", "axes", H5P_DEFAULT), 0);
  EXPECT_EQ(message_of([&] { read_grid_axes(path("m.h5")); }), "m.h5: attribute axes: missing");
}

}  // namespace
}  // namespace stratem::test
