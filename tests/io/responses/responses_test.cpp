#include <gmock/gmock.h>

#include "io/hdf5/input_file.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"
#include "stratem/version.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Two moments of two and one gates.
System two_moments() {
  Moment low;
  low.name = "LM";
  low.transmitters.push_back({.loop = Circle{10.0}, .height = 30.0});
  low.receivers.push_back({.height = 32.0});
  low.gates = {{1e-5, 2e-5}, {3e-5, 3e-5}};
  Moment high = low;
  high.name = "HM";
  high.quantity = Quantity::b;
  high.gates = {{1e-3, 2e-3}};
  System system;
  system.name = "two moments";
  system.moments = {low, high};
  return system;
}

ResponseAttributes attributes() {
  return {.system = two_moments(),
          .tolerance = 1e-4,
          .plan_error = 3.25e-5,
          .backend = "reference",
          .device = "this processor"};
}

Responses three_models() {
  Responses responses(3, 3);
  responses.response = {1e-9, 0.1 + 0.2, -1e-300, nan, nan, nan, 5e-324, -0.0, 1.0 / 3.0};
  responses.status = {Status::ok, Status::bad_depth, Status::ok};
  return responses;
}

class ResponseFiles : public DataFiles {
 protected:
  void write(const std::string& name) const {
    write_responses(path(name), three_models(), attributes());
  }
  std::string refusal(const std::string& name = "out.h5") const {
    return message_of([&] { read_responses(path(name)); });
  }
  void delete_attribute(const std::string& name, const char* attribute) const {
    const io::hdf5::Handle file(H5Fopen(path(name).c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
    ASSERT_GE(H5Adelete(file.id(), attribute), 0);
  }
};

TEST_F(ResponseFiles, ReadBackWhatWasWrittenToTheLastBit) {
  write("out.h5");
  const ResponseFile file = read_responses(path("out.h5"));
  const Responses expected = three_models();
  EXPECT_EQ(file.responses.models, 3);
  EXPECT_EQ(file.responses.gates, 3);
  expect_same_bits(file.responses.response, expected.response, "response");
  EXPECT_EQ(file.responses.status, expected.status);
  EXPECT_EQ(to_json(file.attributes.system), to_json(two_moments()));
  EXPECT_EQ(file.attributes.tolerance, 1e-4);
  EXPECT_EQ(file.attributes.plan_error, 3.25e-5);
  EXPECT_EQ(file.attributes.backend, "reference");
  EXPECT_EQ(file.attributes.device, "this processor");
  EXPECT_EQ(file.version, version());
}

TEST_F(ResponseFiles, HoldTheGatesOfAllMomentsOneAfterAnother) {
  write("out.h5");
  const io::hdf5::InputFile file(path("out.h5"));
  EXPECT_EQ(file.all("gate_open"), (std::vector<double>{1e-5, 3e-5, 1e-3}));
  EXPECT_EQ(file.all("gate_close"), (std::vector<double>{2e-5, 3e-5, 2e-3}));
  EXPECT_EQ(file.all("time"), (std::vector<double>{0.5 * (1e-5 + 2e-5), 3e-5, 1.5e-3}));
  EXPECT_EQ(file.all("moment"), (std::vector<double>{0, 0, 1}));
  EXPECT_EQ(file.all("status"), (std::vector<double>{0, 2, 0}));
  EXPECT_EQ(file.text_attribute("units"), "LM: V/(A m^2); HM: T/A");
  EXPECT_EQ(file.number_attribute("complete"), 1.0);
}

TEST_F(ResponseFiles, MayBeWrittenInPieces) {
  const Responses whole = three_models();
  {
    io::ResponseFileHdf5 file(path("out.h5"), 3, attributes(), false);
    Responses last(1, 3);
    last.response.assign(whole.response.begin() + 6, whole.response.end());
    last.status = {whole.status[2]};
    Responses first(2, 3);
    first.response.assign(whole.response.begin(), whole.response.begin() + 6);
    first.status = {whole.status[0], whole.status[1]};
    file.write(2, last);
    file.write(0, first);
    file.finish();
  }
  const auto back = read_responses(path("out.h5"));
  expect_same_bits(back.responses.response, whole.response, "response");
  EXPECT_EQ(back.responses.status, whole.status);
}

TEST_F(ResponseFiles, LeaveNothingBehindUnlessFinished) {
  {
    io::ResponseFileHdf5 file(path("out.h5"), 3, attributes(), false);
    file.write(0, three_models());
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(ResponseFiles, MayHoldNoModels) {
  write_responses(path("out.h5"), Responses(0, 3), attributes());
  const auto file = read_responses(path("out.h5"));
  EXPECT_EQ(file.responses.models, 0);
  EXPECT_EQ(file.responses.gates, 3);
}

TEST_F(ResponseFiles, MayHoldMoreThanOneChunk) {
  constexpr std::int64_t models = 100'003;
  Responses responses(models, 3);
  for (std::size_t i = 0; i < responses.response.size(); ++i) {
    responses.response[i] = 1.0 / static_cast<double>(i + 1);
  }
  responses.status.back() = Status::failed;
  write_responses(path("out.h5"), responses, attributes());
  const auto back = read_responses(path("out.h5"));
  EXPECT_EQ(back.responses.response, responses.response);
  EXPECT_EQ(back.responses.status, responses.status);
}

TEST_F(ResponseFiles, HoldSystemsOfMoreThan64KiB) {
  ResponseAttributes large = attributes();
  for (int i = 0; i < 4000; ++i) {
    large.system.moments[0].waveform.times.push_back(-1e-3 + i * 1e-7 / 3.0);
    large.system.moments[0].waveform.currents.push_back(i < 3999 ? 1.0 - i / 4001.0 : 0.0);
  }
  const std::string json = to_json(large.system);
  ASSERT_GT(json.size(), 70'000U);
  write_responses(path("out.h5"), three_models(), large);
  EXPECT_EQ(to_json(read_responses(path("out.h5")).attributes.system), json);
}

TEST_F(ResponseFiles, AreWrittenAsCsvWithTheRunInComments) {
  write("out.csv");
  const std::string text = bytes_of(path("out.csv"));
  EXPECT_THAT(text, StartsWith("# stratem " + std::string(version()) + "\n"));
  EXPECT_THAT(text, HasSubstr("# backend: reference\n"));
  EXPECT_THAT(text, HasSubstr("# tolerance: 1e-04\n"));
  EXPECT_THAT(text, HasSubstr("# units: LM: V/(A m^2); HM: T/A\n"));
  EXPECT_THAT(text, HasSubstr("# gate_open,s,1e-05,3e-05,0.001\n"));
  EXPECT_THAT(text, HasSubstr("\nmodel,status,LM_1,LM_2,HM_1\n"
                              "0,0,1e-09,0.30000000000000004,-1e-300\n"
                              "1,2,nan,nan,nan\n"
                              "2,0,5e-324,-0,0.3333333333333333\n"));
}

TEST_F(ResponseFiles, RefuseCsvForReading) {
  write("out.csv");
  EXPECT_EQ(refusal("out.csv"), "out.csv: responses can be read from .h5 or .hdf5 only");
}

TEST_F(ResponseFiles, RefuseResponsesThatDoNotFitTheSystem) {
  EXPECT_EQ(message_of([&] { write_responses(path("o.h5"), Responses(3, 2), attributes()); }),
            "o.h5: response: 2 gates, the system has 3");
  Responses short_status = three_models();
  short_status.status.pop_back();
  EXPECT_EQ(message_of([&] { write_responses(path("o.h5"), short_status, attributes()); }),
            "o.h5: status: 2 values, allowed is the number of models");
  EXPECT_TRUE(names().empty());
}

TEST_F(ResponseFiles, AreRefusedIfIncomplete) {
  write("out.h5");
  delete_attribute("out.h5", "complete");
  EXPECT_THAT(refusal(), StartsWith("out.h5: not complete"));
}

TEST_F(ResponseFiles, AreRefusedIfAnAttributeIsMissing) {
  write("out.h5");
  delete_attribute("out.h5", "backend");
  EXPECT_EQ(refusal(), "out.h5: attribute backend: missing");
}

TEST_F(ResponseFiles, AreRefusedIfTheSystemIsDamaged) {
  write("out.h5");
  delete_attribute("out.h5", "system");
  {
    using io::hdf5::Handle;
    const Handle file(H5Fopen(path("out.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.id(), 8);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(
        H5Acreate2(file.id(), "system", type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    ASSERT_GE(H5Awrite(attribute.id(), type.id(), "{\"name\""), 0);
  }
  EXPECT_THAT(refusal(), StartsWith("out.h5: attribute system"));
}

TEST_F(ResponseFiles, AreRefusedIfTheyAreModels) {
  write_models(path("out.h5"), one_layer_set());
  EXPECT_EQ(refusal(), "out.h5: response: missing");
}

TEST_F(ResponseFiles, AreRefusedIfCutAnywhere) {
  write("whole.h5");
  const std::string whole = bytes_of(path("whole.h5"));
  for (std::size_t size = 0; size < whole.size(); size += 997) {
    with_text("out.h5", whole.substr(0, size));
    EXPECT_THAT(refusal(), StartsWith("out.h5: ")) << size << " of " << whole.size() << " bytes";
  }
}

}  // namespace
}  // namespace stratem::test
