#include <gmock/gmock.h>

#include "core/earth/layered_model.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Kind = Distribution::Kind;

class PriorFiles : public DataFiles {
 protected:
  Prior read(const std::string& text) const { return read_prior(with_text("p.json", text)); }
  /// The message about one layer of resistivity `distribution`.
  std::string refusal_of(const std::string& distribution) const {
    return refusal(R"({"layers": [{"resistivity": )" + distribution + "}]}");
  }
  std::string refusal(const std::string& text) const {
    return message_of([&] { read(text); });
  }
};

TEST_F(PriorFiles, ReadEveryDistribution) {
  const Prior prior = read(R"({
    "layers": [
      {"resistivity": 7, "thickness": {"distribution": "fixed", "value": 3.5}},
      {"resistivity": {"distribution": "uniform", "min": 1, "max": 2}, "thickness": 1, "repeat": 2},
      {"resistivity": {"distribution": "log-uniform", "min": 3, "max": 4}, "thickness": 1},
      {"resistivity": {"distribution": "normal", "mean": 5, "standard_deviation": 6, "min": 1},
       "thickness": 1},
      {"resistivity": {"distribution": "log-normal", "median": 8, "standard_deviation": 9, "max": 10}}
    ],
    "height": 30})");
  ASSERT_EQ(prior.layers.size(), 6U);
  EXPECT_EQ(prior.layers[0].resistivity.kind, Kind::fixed);
  EXPECT_EQ(prior.layers[0].resistivity.value, 7.0);
  EXPECT_EQ(prior.layers[0].thickness->value, 3.5);
  for (const std::size_t repeated : {1U, 2U}) {
    EXPECT_EQ(prior.layers[repeated].resistivity.kind, Kind::uniform);
    EXPECT_EQ(prior.layers[repeated].resistivity.min, 1.0);
    EXPECT_EQ(prior.layers[repeated].resistivity.max, 2.0);
  }
  EXPECT_EQ(prior.layers[3].resistivity.kind, Kind::log_uniform);
  EXPECT_EQ(prior.layers[4].resistivity.kind, Kind::normal);
  EXPECT_EQ(prior.layers[4].resistivity.value, 5.0);
  EXPECT_EQ(prior.layers[4].resistivity.sigma, 6.0);
  EXPECT_EQ(prior.layers[4].resistivity.min, 1.0);
  EXPECT_FALSE(prior.layers[4].resistivity.max.has_value());
  EXPECT_EQ(prior.layers[5].resistivity.kind, Kind::log_normal);
  EXPECT_EQ(prior.layers[5].resistivity.value, 8.0);
  EXPECT_EQ(prior.layers[5].resistivity.max, 10.0);
  EXPECT_EQ(prior.height->value, 30.0);
}

TEST_F(PriorFiles, ThatAreShippedGiveModelsThatAreOk) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(STRATEM_DATA_DIR "/priors")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    const ModelSet set = sample(read_prior(entry.path()), 1, 0, 1000);
    core::LayeredModel model;
    for (std::int64_t k = 0; k < set.models; ++k) {
      ASSERT_EQ(core::gather(set.view(), k, model), Status::ok) << entry.path() << " model " << k;
    }
  }
  EXPECT_GE(files, 3);
}

TEST_F(PriorFiles, SampledModelsReadBackToTheLastBit) {
  const ModelSet set = sample(read_prior(STRATEM_DATA_DIR "/priors/polarizable.json"), 3, 17, 50);
  for (const auto* name : {"m.h5", "m.csv"}) {
    write_models(path(name), set);
    expect_same(read_models(path(name)), set);
  }
}

TEST_F(PriorFiles, RejectUnknownKeys) {
  EXPECT_EQ(refusal(R"({"layer": []})"), R"(p.json: unknown key "layer", did you mean "layers"?)");
  EXPECT_EQ(refusal(R"({"layers": [{"resistivty": 1}]})"),
            R"(p.json: layers[0]: unknown key "resistivty", did you mean "resistivity"?)");
  EXPECT_EQ(refusal_of(R"({"distribution": "uniform", "mni": 1, "max": 2})"),
            R"(p.json: layers[0].resistivity: unknown key "mni", did you mean "min"?)");
  EXPECT_THAT(refusal_of(R"({"distribution": "fixed", "value": 1, "max": 2})"),
              HasSubstr("unknown key \"max\""));
}

TEST_F(PriorFiles, RejectMissingKeys) {
  EXPECT_THAT(refusal("{}"), HasSubstr("\"layers\" is missing"));
  EXPECT_THAT(refusal(R"({"layers": [{}]})"), HasSubstr("\"resistivity\" is missing"));
  EXPECT_THAT(refusal_of("{}"), HasSubstr("\"distribution\" is missing"));
  EXPECT_THAT(refusal_of(R"({"distribution": "uniform", "min": 1})"),
              HasSubstr("\"max\" is missing"));
  EXPECT_THAT(refusal_of(R"({"distribution": "normal", "mean": 1})"),
              HasSubstr("\"standard_deviation\" is missing"));
}

TEST_F(PriorFiles, RejectWrongTypes) {
  EXPECT_THAT(refusal("[]"), StartsWith("p.json: "));
  EXPECT_THAT(refusal(R"({"layers": 3})"), StartsWith("p.json: layers: "));
  EXPECT_THAT(refusal_of("\"100\""), StartsWith("p.json: layers[0].resistivity: "));
  EXPECT_THAT(refusal_of(R"({"distribution": "uniform", "min": "1", "max": 2})"),
              StartsWith("p.json: layers[0].resistivity.min: "));
}

TEST_F(PriorFiles, RejectUnknownDistributions) {
  EXPECT_EQ(refusal_of(R"({"distribution": "gaussian"})"),
            R"(p.json: layers[0].resistivity.distribution: "gaussian", allowed is "fixed", )"
            R"("uniform", "log-uniform", "normal" or "log-normal")");
}

TEST_F(PriorFiles, RejectRepeatsThatAreNoCount) {
  for (const auto* repeat : {"0", "-1", "201", "1.5", "1e300"}) {
    EXPECT_THAT(
        refusal(R"({"layers": [{"resistivity": 1, "repeat": )" + std::string(repeat) + "}]}"),
        StartsWith("p.json: layers[0].repeat: "))
        << repeat;
  }
}

TEST_F(PriorFiles, RejectValuesThatNoModelMayHave) {
  EXPECT_EQ(refusal_of("-3"), "p.json: layers[0].resistivity: -3, allowed is above 0");
}

TEST_F(PriorFiles, RejectTruncatedText) {
  const std::string whole = bytes_of(STRATEM_DATA_DIR "/priors/polarizable.json");
  for (std::size_t size = 0; size + 2 < whole.size(); size += 7) {
    EXPECT_THAT(refusal(whole.substr(0, size)), StartsWith("p.json")) << size;
  }
}

TEST_F(PriorFiles, RejectAFileThatIsNotThere) {
  EXPECT_THAT(message_of<IoError>([&] { read_prior(path("none.json")); }),
              StartsWith("none.json: cannot be opened"));
}

}  // namespace
}  // namespace stratem::test
