// Response files read piece by piece, and the files of their statistics.
#include <gmock/gmock.h>

#include <array>
#include <cmath>

#include "io/hdf5/input_file.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"
#include "support/systems.hpp"

namespace stratem::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StatisticsFiles : public DataFiles {
 protected:
  /// Three gates; model k has the responses k + 1, 10 (k + 1) and 100 (k + 1); the last one failed.
  StatisticsFiles() : responses_(5, 3) {
    attributes_.system = central_loop(log_times(1e-5, 1e-3, 3));
    attributes_.backend = "cpu";
    for (std::size_t i = 0; i < responses_.response.size(); ++i) {
      constexpr std::array<double, 3> scale{1.0, 10.0, 100.0};
      responses_.response[i] = scale[i % 3] * static_cast<double>(i / 3 + 1);
    }
    responses_.status[4] = Status::failed;
    write_responses(path("out.h5"), responses_, attributes_);
  }
  ResponseStatistics result() const {
    EnsembleStatistics statistics(3);
    statistics.add(responses_);
    return statistics.result(std::vector<double>{0, 50});
  }

  Responses responses_;
  ResponseAttributes attributes_;
};

TEST_F(StatisticsFiles, ComeFromResponsesReadInAnyPieces) {
  const ResponseReader file(path("out.h5"));
  EXPECT_EQ(file.models(), 5);
  EXPECT_EQ(file.gates(), 3);
  EXPECT_EQ(file.attributes().backend, "cpu");
  EXPECT_EQ(to_json(file.attributes().system), to_json(attributes_.system));
  const Responses piece = file.read(2, 2);
  EXPECT_EQ(piece.models, 2);
  EXPECT_THAT(piece.response, ElementsAre(3, 30, 300, 4, 40, 400));
  EXPECT_THAT(file.read(4, 1).status, ElementsAre(Status::failed));
  EXPECT_EQ(file.read(5, 0).models, 0);
}

TEST_F(StatisticsFiles, HoldEveryNumberInHdf5) {
  write_statistics(path("stats.h5"), result(), attributes_);
  const io::hdf5::InputFile file(path("stats.h5"));
  EXPECT_THAT(file.all("percentiles"), ElementsAre(0, 50));
  EXPECT_EQ(file.shape("percentile"), (io::hdf5::Shape{2, 3}));
  EXPECT_THAT(file.all("percentile"), ElementsAre(1, 10, 100, 2.5, 25, 250));
  EXPECT_THAT(file.all("mean"), ElementsAre(2.5, 25, 250));
  EXPECT_THAT(file.all("counted"), ElementsAre(4, 4, 4));
  EXPECT_EQ(file.all("time").size(), 3U);
  EXPECT_EQ(file.whole_attribute("models"), 5);
  EXPECT_EQ(file.whole_attribute("failed"), 1);
  EXPECT_EQ(file.number_attribute("percentile_error"), 0.0);
  EXPECT_EQ(file.text_attribute("units", "mean"), "V/(A m^2)");
  EXPECT_NEAR(file.all("standard_deviation")[0], std::sqrt(1.25), 1e-15);
}

TEST_F(StatisticsFiles, AreRefusedWhereTheyDoNotFit) {
  ResponseAttributes other = attributes_;
  other.system.moments[0].gates.pop_back();
  EXPECT_THAT(message_of([&] { write_statistics(path("s.h5"), result(), other); }),
              HasSubstr("s.h5: statistics of 3 gates, the system has 2"));
  EXPECT_THAT(message_of([&] { write_statistics(path("out.h5"), result(), attributes_); }),
              HasSubstr("exists already"));
}

}  // namespace
}  // namespace stratem::test
