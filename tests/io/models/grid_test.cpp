#include <gmock/gmock.h>

#include "io/support.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class GridFiles : public DataFiles {
 protected:
  Grid read(const std::string& text) const { return read_grid(with_text("g.json", text)); }
  std::string refusal(const std::string& text) const {
    return message_of([&] { read(text); });
  }
  /// The message about one layer whose resistivity is `values`.
  std::string refusal_of(const std::string& values) const {
    return refusal(R"({"layers": [{"resistivity": )" + values + "}]}");
  }
};

TEST_F(GridFiles, ReadEveryKindOfValues) {
  const Grid grid = read(R"({
    "layers": [
      {"resistivity": [1, 10, 100], "thickness": {"from": 5, "to": 15, "count": 3}},
      {"resistivity": {"from": 1, "to": 4, "count": 3, "scale": "log"}, "thickness": 7, "repeat": 2},
      {"resistivity": 100, "chargeability": [0, 0.5], "time_constant": 1e-3, "exponent": 0.5}
    ],
    "height": {"from": 30, "to": 40, "count": 2, "scale": "linear"}})");
  ASSERT_EQ(grid.layers.size(), 4U);
  EXPECT_THAT(grid.layers[0].resistivity, ElementsAre(1, 10, 100));
  EXPECT_THAT(grid.layers[0].thickness, ElementsAre(5, 10, 15));
  for (const std::size_t repeated : {1U, 2U}) {
    EXPECT_THAT(grid.layers[repeated].resistivity,
                ElementsAre(1, testing::DoubleNear(2, 1e-15), 4));
    EXPECT_THAT(grid.layers[repeated].thickness, ElementsAre(7));
  }
  EXPECT_THAT(grid.layers[3].chargeability, ElementsAre(0, 0.5));
  EXPECT_THAT(grid.layers[3].time_constant, ElementsAre(1e-3));
  EXPECT_THAT(grid.layers[3].exponent, ElementsAre(0.5));
  EXPECT_THAT(grid.height, ElementsAre(30, 40));
  EXPECT_EQ(grid_size(grid), 3 * 3 * 3 * 3 * 2 * 2);
}

TEST_F(GridFiles, ThatAreShippedHaveTheSizesTheyAreSaidToHave) {
  EXPECT_EQ(grid_size(read_grid(STRATEM_DATA_DIR "/grids/two_layer.json")), 60000);
  EXPECT_EQ(grid_size(read_grid(STRATEM_DATA_DIR "/grids/airborne_conductor.json")), 360);
}

TEST_F(GridFiles, RejectUnknownKeys) {
  EXPECT_EQ(refusal(R"({"layer": []})"), R"(g.json: unknown key "layer", did you mean "layers"?)");
  EXPECT_EQ(refusal(R"({"layers": [{"resistivty": 1}]})"),
            R"(g.json: layers[0]: unknown key "resistivty", did you mean "resistivity"?)");
  EXPECT_EQ(refusal_of(R"({"from": 1, "to": 2, "number": 3})"),
            R"(g.json: layers[0].resistivity: unknown key "number")");
}

TEST_F(GridFiles, RejectValuesThatMakeNoAxis) {
  EXPECT_EQ(refusal_of("[]"),
            "g.json: layers[0].resistivity: an empty list, allowed is one value or more");
  EXPECT_EQ(refusal_of("[1, -2]"), "g.json: layers[0].resistivity[1]: -2, allowed is above 0");
  EXPECT_THAT(refusal_of("[1, \"2\"]"), StartsWith("g.json: layers[0].resistivity[1]: \"2\""));
  EXPECT_EQ(refusal_of(R"({"from": 0, "to": 2, "count": 3, "scale": "log"})"),
            "g.json: layers[0].resistivity.from: 0, allowed is above 0");
  EXPECT_EQ(refusal_of(R"({"from": 1, "to": 2, "count": 1})"),
            "g.json: layers[0].resistivity.count: 1, allowed is 2 to 1000000");
  EXPECT_EQ(refusal_of(R"({"from": 1, "to": 2, "count": 3, "scale": "cubic"})"),
            R"(g.json: layers[0].resistivity.scale: "cubic", allowed is "linear" or "log")");
  EXPECT_THAT(refusal_of(R"({"from": 1, "to": 2})"), HasSubstr("\"count\" is missing"));
}

TEST_F(GridFiles, RejectMoreModelsThanCanBeCounted) {
  EXPECT_THAT(refusal(R"({"layers": [
    {"resistivity": {"from": 1, "to": 2, "count": 1000000}, "thickness": 1, "repeat": 4},
    {"resistivity": 1}]})"),
              StartsWith("g.json: resistivity_4: brings the grid to more models"));
}

}  // namespace
}  // namespace stratem::test
