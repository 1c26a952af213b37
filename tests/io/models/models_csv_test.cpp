#include <gmock/gmock.h>

#include <chrono>
#include <clocale>

#include "core/earth/layered_model.hpp"
#include "io/models/models_csv.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

ModelSet read(const std::string& text) { return io::models_from_csv(text, "m.csv"); }

std::string refusal(const std::string& text) {
  return message_of([&] { read(text); });
}

std::string text_of(const ModelSet& models) {
  std::string text = io::model_csv_header(models);
  io::append_model_rows(text, models);
  return text;
}

class ModelsCsv : public DataFiles {};

TEST_F(ModelsCsv, ReadsBackWhatItWroteToTheLastBit) {
  write_models(path("m.csv"), full_set());
  expect_same(read_models(path("m.csv")), full_set());
}

TEST_F(ModelsCsv, ReadsBackModelsOfOneLayer) {
  write_models(path("m.csv"), one_layer_set());
  EXPECT_EQ(bytes_of(path("m.csv")), "resistivity_1\n1\n10\n100\n");
  expect_same(read_models(path("m.csv")), one_layer_set());
}

TEST_F(ModelsCsv, ReadsBackNoModels) {
  ModelSet set;
  set.layers = 2;
  write_models(path("m.csv"), set);
  expect_same(read_models(path("m.csv")), set);
}

TEST_F(ModelsCsv, ReadsTheExampleThatIsShipped) {
  const ModelSet set = read_models(STRATEM_DATA_DIR "/models/example.csv");
  EXPECT_EQ(set.models, 6);
  EXPECT_EQ(set.layer_count, (std::vector<std::int32_t>{2, 2, 3, 3, 4, 4}));
  core::LayeredModel model;
  for (std::int64_t k = 0; k < set.models; ++k) {
    EXPECT_EQ(core::gather(set.view(), k, model), Status::ok) << k;
  }
  EXPECT_EQ(model.thickness, (std::vector<double>{10, 50, 90}));
}

TEST_F(ModelsCsv, AcceptsAnyOrderOfColumns) {
  const ModelSet set = read("height,resistivity_2,thickness_1,resistivity_1\n30,2,7,1\n31,4,8,3\n");
  EXPECT_EQ(set.resistivity, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(set.thickness, (std::vector<double>{7, 8}));
  EXPECT_EQ(set.height, (std::vector<double>{30, 31}));
  EXPECT_TRUE(set.layer_count.empty());
}

TEST_F(ModelsCsv, AcceptsCommentsSpacesEmptyLinesAndOtherLineEnds) {
  const auto file = with_text("m.csv",
                              "\xEF\xBB\xBF# made by hand\r\n\r\n resistivity_1 ,\tdepth_1\r\n"
                              "  # a comment\r\n 1.5 , 0\r\n\r\n+2e0,-0.0");
  const ModelSet set = read_models(file);
  EXPECT_EQ(set.resistivity, (std::vector<double>{1.5, 2}));
  EXPECT_EQ(set.depth, (std::vector<double>{0, -0.0}));
}

TEST_F(ModelsCsv, LeavesBadValuesToTheirModels) {
  const ModelSet set = read(
      "resistivity_1,resistivity_2,depth_1,depth_2,layers,height\n"
      "nan,1,0,1,2,30\n1,inf,0,1,2,30\n-1,1,0,1,2,30\n1,0,0,1,2,30\n"
      "1,1,0.5,1,2,30\n1,1,0,nan,2,30\n1,1,0,1,3,30\n1,1,0,1,0,30\n1,,0,,1,-Infinity\n");
  const std::vector<Status> expected{
      Status::bad_resistivity, Status::bad_resistivity, Status::bad_resistivity,
      Status::bad_resistivity, Status::bad_depth,       Status::bad_depth,
      Status::bad_layer_count, Status::bad_layer_count, Status::ok};
  ASSERT_EQ(set.models, static_cast<std::int64_t>(expected.size()));
  core::LayeredModel model;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_EQ(core::gather(set.view(), static_cast<std::int64_t>(k), model), expected[k]) << k;
  }
  EXPECT_EQ(set.height.back(), -infinity);
}

TEST_F(ModelsCsv, CountsLayersByTheirEmptyTail) {
  const ModelSet set = read(
      "resistivity_1,thickness_1,resistivity_2,thickness_2,resistivity_3\n"
      "1,10,2,20,3\n4,30,5,,\n6,,,,\n");
  EXPECT_EQ(set.layer_count, (std::vector<std::int32_t>{3, 2, 1}));
  core::LayeredModel model;
  ASSERT_EQ(core::gather(set.view(), 1, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{4, 5}));
  EXPECT_EQ(model.thickness, (std::vector<double>{30}));
  ASSERT_EQ(core::gather(set.view(), 2, model), Status::ok);
  EXPECT_EQ(model.resistivity, (std::vector<double>{6}));
}

TEST_F(ModelsCsv, IgnoresTheTailThatTheLayersColumnCutsOff) {
  const ModelSet set = read(
      "layers,resistivity_1,resistivity_2,resistivity_3,depth_1,depth_2,depth_3\n"
      "2,1,2,999,0,5,\n1,1,,,0,,7\n");
  EXPECT_EQ(set.layer_count, (std::vector<std::int32_t>{2, 1}));
  core::LayeredModel model;
  EXPECT_EQ(core::gather(set.view(), 0, model), Status::ok);
  EXPECT_EQ(core::gather(set.view(), 1, model), Status::ok);
}

TEST_F(ModelsCsv, RejectsARowWithAMissingField) {
  EXPECT_EQ(refusal("resistivity_1,resistivity_2,thickness_1\n1,2,3\n\n1,2\n"),
            "m.csv:4: column 3 (thickness_1): missing: the line has 2 fields, the header 3");
}

TEST_F(ModelsCsv, RejectsAMissingFieldEvenInTheTail) {
  EXPECT_EQ(refusal("layers,resistivity_1,resistivity_2,depth_1,depth_2\n1,1,,0\n"),
            "m.csv:2: column 5 (depth_2): missing: the line has 4 fields, the header 5");
}

TEST_F(ModelsCsv, RejectsARowWithOneFieldTooMany) {
  EXPECT_EQ(refusal("resistivity_1\n1,\n"),
            "m.csv:2: column 2: one too many: the line has 2 fields, the header 1");
}

TEST_F(ModelsCsv, RejectsEmptyFieldsThatAreNoTail) {
  const std::string header = "resistivity_1,resistivity_2,resistivity_3,thickness_1,thickness_2\n";
  EXPECT_THAT(refusal(header + "1,,3,4,5\n"),
              StartsWith("m.csv:2: column 2 (resistivity_2): empty"));
  EXPECT_THAT(refusal(header + "1,2,,4,5\n"),
              StartsWith("m.csv:2: column 3 (resistivity_3): empty"));
  EXPECT_THAT(refusal(header + "1,2,3,4,\n"), StartsWith("m.csv:2: column 5 (thickness_2): empty"));
  EXPECT_THAT(refusal(header + ",,,,\n"), StartsWith("m.csv:2: column 1 (resistivity_1): empty"));
  EXPECT_THAT(refusal("resistivity_1,height\n1,\n"),
              StartsWith("m.csv:2: column 2 (height): empty"));
  EXPECT_THAT(refusal("resistivity_1,layers\n1,\n"),
              StartsWith("m.csv:2: column 2 (layers): empty"));
}

TEST_F(ModelsCsv, RejectsEmptyFieldsAboveTheLastLayer) {
  const std::string header = "layers,resistivity_1,resistivity_2,thickness_1\n";
  EXPECT_THAT(refusal(header + "2,1,,5\n"), StartsWith("m.csv:2: column 3 (resistivity_2): empty"));
  EXPECT_THAT(refusal(header + "7,1,,5\n"), StartsWith("m.csv:2: column 3 (resistivity_2): empty"));
}

TEST_F(ModelsCsv, RejectsWhatIsNoNumber) {
  for (const auto* field :
       {"abc", "1.5x", "1,5", "1e999", "0x10", "--1", "+-1", "1 2", "1d3", "\""}) {
    EXPECT_THAT(refusal("resistivity_1,height\n" + std::string(field) + ",1\n"),
                StartsWith("m.csv:2: column "))
        << field;
  }
  EXPECT_EQ(refusal("resistivity_1\nabc\n"),
            "m.csv:2: column 1 (resistivity_1): \"abc\" is not a number");
}

TEST_F(ModelsCsv, RejectsPartsOfLayers) {
  EXPECT_EQ(refusal("resistivity_1,layers\n1,1.5\n"),
            "m.csv:2: column 2 (layers): \"1.5\", allowed is a whole number");
  EXPECT_EQ(refusal("resistivity_1,layers\n1,nan\n"),
            "m.csv:2: column 2 (layers): \"nan\", allowed is a whole number");
}

TEST_F(ModelsCsv, RejectsUnknownColumnsAndNamesTheNearest) {
  EXPECT_EQ(refusal("# c\nresistivity_1,thicknes_1\n1,2\n"),
            "m.csv:2: column 2 (thicknes_1): unknown, did you mean thickness_1?");
  EXPECT_EQ(refusal("resistivity_1,hieght\n1,2\n"),
            "m.csv:1: column 2 (hieght): unknown, did you mean height?");
  EXPECT_EQ(refusal("resistivity\n1\n"),
            "m.csv:1: column 1 (resistivity): unknown, did you mean resistivity_1?");
  EXPECT_EQ(refusal("resistivity1\n1\n"),
            "m.csv:1: column 1 (resistivity1): unknown, did you mean resistivity_1?");
  EXPECT_EQ(refusal("resistivity_1,weight_of_it\n1,2\n"),
            "m.csv:1: column 2 (weight_of_it): unknown");
  EXPECT_EQ(refusal("resistivity_1,\n1,2\n"), "m.csv:1: column 2 (): unknown");
  for (const auto* name : {"depth_0", "depth_-1", "depth_", "depth_1x", "depth_01", "depth_201"}) {
    EXPECT_EQ(
        refusal("resistivity_1," + std::string(name) + "\n1,2\n"),
        "m.csv:1: column 2 (" + std::string(name) + "): unknown, allowed is depth_1 to depth_200");
  }
}

TEST_F(ModelsCsv, RejectsIncompleteHeaders) {
  EXPECT_EQ(refusal("height\n1\n"), "m.csv:1: resistivity_1 is missing");
  EXPECT_EQ(refusal("resistivity_1,resistivity_3\n1,2\n"), "m.csv:1: resistivity_2 is missing");
  EXPECT_EQ(refusal("resistivity_1,resistivity_2,depth_1\n1,2,0\n"), "m.csv:1: depth_2 is missing");
  EXPECT_EQ(refusal("resistivity_1,resistivity_1\n1,2\n"),
            "m.csv:1: resistivity_1 is given twice, allowed is once");
  EXPECT_THAT(refusal("resistivity_1,resistivity_2,thickness_1,thickness_2\n1,2,3,4\n"),
              StartsWith("m.csv:1: thickness_2: one too many"));
  EXPECT_THAT(refusal("resistivity_1,thickness_1\n1,2\n"),
              StartsWith("m.csv:1: thickness_1: one too many"));
}

TEST_F(ModelsCsv, RejectsFilesWithoutAHeader) {
  EXPECT_THAT(refusal(""), StartsWith("m.csv: no header"));
  EXPECT_THAT(refusal("# only a comment\n"), StartsWith("m.csv: no header"));
}

TEST_F(ModelsCsv, RejectsArraysThatDoNotGoTogether) {
  with_text("both.csv", "resistivity_1,resistivity_2,depth_1,depth_2,thickness_1\n1,2,0,3,3\n");
  EXPECT_THAT(message_of([&] { read_models(path("both.csv")); }),
              StartsWith("both.csv: depth and thickness: both are given"));
  with_text("none.csv", "resistivity_1,resistivity_2\n1,2\n");
  EXPECT_THAT(message_of([&] { read_models(path("none.csv")); }),
              StartsWith("none.csv: depth or thickness: one is needed"));
  with_text("part.csv", "resistivity_1,chargeability_1\n1,0.5\n");
  EXPECT_THAT(message_of([&] { read_models(path("part.csv")); }), HasSubstr("all three or none"));
}

TEST_F(ModelsCsv, RejectsATableThatIsCutInsideARow) {
  const std::string whole = text_of(full_set());
  const auto header_end = whole.find('\n') + 1;
  const auto first_row_end = whole.find('\n', header_end) + 1;
  const auto last_comma = whole.rfind(',');
  for (std::size_t size = first_row_end + 1; size < last_comma; ++size) {
    EXPECT_NE(refusal(whole.substr(0, size)), "no error") << size;
  }
}

TEST_F(ModelsCsv, RejectsAFileThatIsNotThere) {
  EXPECT_THAT(message_of<IoError>([&] { read_models(path("m.csv")); }),
              StartsWith("m.csv: cannot be opened: No such file"));
}

TEST_F(ModelsCsv, RejectsOtherEndings) {
  EXPECT_EQ(message_of([&] { read_models(path("models.xls")); }),
            "models.xls: the name ends in \".xls\", allowed is .h5, .hdf5 or .csv");
}

TEST_F(ModelsCsv, WritesPointsWhateverTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const auto* locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "C"}) {
    if (std::setlocale(LC_ALL, locale) == nullptr) continue;
    EXPECT_EQ(read(text_of(one_layer_set())).resistivity, one_layer_set().resistivity);
    EXPECT_EQ(read("resistivity_1\n1.5\n").resistivity.front(), 1.5) << locale;
  }
  std::setlocale(LC_ALL, before.c_str());
}

TEST_F(ModelsCsv, ReadsAMillionNumbersInLittleTime) {
  ModelSet set;
  set.models = 20'000;
  set.layers = 25;
  for (int i = 0; i < 500'000; ++i) set.resistivity.push_back(1.0 + 1.0 / (i + 1));
  for (int i = 0; i < 480'000; ++i) set.thickness.push_back(1.0 / (i + 1));
  set.height.assign(20'000, 30.0);
  const auto text = text_of(set);
  const auto start = std::chrono::steady_clock::now();
  const ModelSet back = read(text);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(back.resistivity, set.resistivity);
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 5.0) << "0.1 s is usual";
}

}  // namespace
}  // namespace stratem::test
