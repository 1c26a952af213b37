// Systems by file: the choice of format by the name's ending, the shipped systems, and real ones if
// they are available.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>

#include "io/system/import_support.hpp"
#include "stratem/io.hpp"
#include "support/temporary_folder.hpp"

namespace stratem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

fs::path data(const std::string& name) { return fs::path(STRATEM_DATA_DIR) / "systems" / name; }
fs::path fixture_path(const std::string& name) {
  return fs::path(STRATEM_SOURCE_DIR) / "tests" / "io" / "fixtures" / name;
}

/// A folder of its own for each test.
class SystemFiles : public testing::Test {
 protected:
  const fs::path& folder() const { return folder_.path(); }

 private:
  test::TemporaryFolder folder_;
};

std::string refusal(const fs::path& path, const ImportOptions& options = {}) {
  return test::message_of([&] { read_system(path, options); });
}

TEST_F(SystemFiles, AreToldApartByTheEndingOfTheirName) {
  EXPECT_EQ(read_system(data("skytem312.json")).system.name, "SkyTEM 312");
  EXPECT_EQ(read_system(fixture_path("two_moments.gex")).system.name, "Two moments");
  ImportOptions options;
  options.receiver = {-10.0, 0.0, 0.0};
  EXPECT_EQ(read_system(fixture_path("half_cycle.stm"), options).system.name, "Small");
  EXPECT_THAT(refusal("system.txt"), HasSubstr("\".txt\", allowed is .json, .gex or .stm"));
}

TEST_F(SystemFiles, ThatCannotBeOpenedAreAnIoErrorThatNamesThem) {
  try {
    read_system(folder() / "none.json");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("none.json: cannot be opened: "));
  }
  fs::create_directory(folder() / "folder.json");
  EXPECT_THROW(read_system(folder() / "folder.json"), IoError);
}

TEST_F(SystemFiles, RefuseGeometryThatTheyKnowThemselves) {
  ImportOptions options;
  options.transmitter_height = 30.0;
  EXPECT_THAT(refusal(data("skytem312.json"), options), HasSubstr("a transmitter height is given"));
  options = {};
  options.receiver = {0.0, 0.0, 2.0};
  EXPECT_THAT(refusal(data("skytem312.json"), options), HasSubstr("a receiver position is given"));
  EXPECT_THAT(refusal(fixture_path("two_moments.gex"), options), HasSubstr("for .stm files only"));
  options = {};
  options.components = {Component::x};
  EXPECT_THAT(refusal(fixture_path("two_moments.gex"), options),
              HasSubstr("a choice of components"));
  options = {};
  options.all_gates = true;
  EXPECT_THAT(refusal(data("skytem312.json"), options), HasSubstr("for .gex files only"));
}

TEST_F(SystemFiles, AreWrittenAndReadBackTheSame) {
  const auto system = read_system(data("tempest.json")).system;
  write_system(folder() / "copy.json", system);
  EXPECT_EQ(to_json(read_system(folder() / "copy.json").system), to_json(system));
}

TEST_F(SystemFiles, ThatCannotBeWrittenLeaveNothingBehind) {
  const auto system = read_system(data("tempest.json")).system;
  EXPECT_THROW(write_system(folder() / "none" / "s.json", system), InputError);
  fs::create_directories(folder() / "taken.json" / "inside");
  EXPECT_THROW(write_system(folder() / "taken.json", system, true), InputError);
  EXPECT_THROW(write_system(folder() / "bad.json", System()), InputError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()), 1);
}

TEST_F(SystemFiles, ThatAreLinksKeepPointingToTheirFile) {
  const auto system = read_system(data("tempest.json")).system;
  std::ofstream(folder() / "target.json") << "old";
  fs::create_symlink("target.json", folder() / "link.json");
  EXPECT_THROW(write_system(folder() / "link.json", system), InputError);
  write_system(folder() / "link.json", system, true);
  EXPECT_TRUE(fs::is_symlink(folder() / "link.json"));
  EXPECT_EQ(to_json(read_system(folder() / "target.json").system), to_json(system));
}

TEST_F(SystemFiles, DoNotTakeThePlaceOfADevice) {
  const auto system = read_system(data("tempest.json")).system;
  ASSERT_EQ(mkfifo((folder() / "pipe.json").c_str(), 0600), 0);
  EXPECT_THROW(write_system(folder() / "pipe.json", system, true), InputError);
  EXPECT_TRUE(fs::is_fifo(folder() / "pipe.json"));
}

TEST_F(SystemFiles, WithAByteOrderMarkAreRead) {
  std::ofstream(folder() / "bom.json")
      << "\xEF\xBB\xBF" << to_json(read_system(data("tempest.json")).system);
  EXPECT_EQ(read_system(folder() / "bom.json").system.name, "Tempest, Frome 2010");
}

TEST(ShippedSystems, AllLoadAsTheyWouldBeWritten) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(STRATEM_DATA_DIR) / "systems")) {
    const auto system = read_system(entry.path()).system;
    EXPECT_FALSE(system.height_from_models) << entry.path();
    std::ifstream file(entry.path());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), to_json(system))
        << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 5u);
}

TEST(ShippedSystems, HoldTheFactsOfTheirOrigin) {
  const auto skytem = read_system(data("skytem312.json")).system;
  // The corners, rounded to centimetres, enclose a little less than the 340.82 m^2 that the file
  // names.
  EXPECT_NEAR(loop_area(skytem.moments[0].transmitters[0].loop), 340.82, 0.01 * 340.82);
  EXPECT_EQ(skytem.moments[0].gates.size(), 19u);
  EXPECT_EQ(skytem.moments[1].gates.size(), 27u);
  EXPECT_EQ(skytem.moments[0].receivers[0].height, 32.0);
  const auto pair = read_system(data("skytem_lm_hm.json")).system;
  EXPECT_NEAR(loop_area(pair.moments[0].transmitters[0].loop), 314.0, 0.01);
  EXPECT_EQ(gate_count(pair), 18 + 21);
  const auto tempest = read_system(data("tempest.json")).system;
  EXPECT_EQ(gate_count(tempest), 30);
  EXPECT_EQ(tempest.moments[0].receivers[0].height, 80.0);
  EXPECT_EQ(gate_count(read_system(data("ground_40x40.json")).system), 31);
  EXPECT_EQ(gate_count(read_system(data("vtem_plus.json")).system), 45);
}

/// The survey files themselves are not part of the project.
class RealFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(STRATEM_SOURCE_DIR).parent_path() / "shared" / "real";
    if (!fs::exists(folder_)) GTEST_SKIP() << folder_ << " is not here";
  }
  fs::path folder_;
};

TEST_F(RealFiles, Skytem312HasItsKnownGatesAndPulses) {
  const auto file = read_system(folder_ / "skytem312.gex");
  ASSERT_EQ(file.system.moments.size(), 2u);
  const auto& low = file.system.moments[0];
  const auto& high = file.system.moments[1];
  ASSERT_EQ(low.gates.size(), 28u - 9u);
  EXPECT_DOUBLE_EQ(low.gates[0].open, 2.043e-5 - 2e-6);
  EXPECT_DOUBLE_EQ(low.gates[0].close, 2.5e-5 - 2e-6);
  ASSERT_EQ(high.gates.size(), 37u - 10u);
  EXPECT_DOUBLE_EQ(high.gates[0].open, 2.543e-5 + 3.5e-4 - 1.5e-6);
  EXPECT_DOUBLE_EQ(high.gates[26].close, 1.147e-2 + 3.5e-4 - 1.5e-6);
  EXPECT_EQ(low.waveform.times.front(), -8e-4);
  EXPECT_EQ(low.waveform.times.size(), 20u);
  EXPECT_EQ(high.waveform.times.front(), -4e-3);
  EXPECT_EQ(high.waveform.times.size(), 17u);
  EXPECT_EQ(low.transmitters[0].turns, 2.0);
  EXPECT_EQ(high.transmitters[0].turns, 12.0);
  EXPECT_THAT(low.receivers[0].position, ElementsAre(-13.36, 0.0));
  EXPECT_EQ(low.receivers[0].height, 2.0);
  EXPECT_TRUE(file.system.height_from_models);
}

TEST_F(RealFiles, VtemPlusIsASingleMomentWithoutReceiverFilter) {
  const auto system = read_system(folder_ / "vtem_plus.gex").system;
  ASSERT_EQ(system.moments.size(), 1u);
  const auto& moment = system.moments[0];
  EXPECT_EQ(moment.name, "Channel1");
  EXPECT_EQ(moment.gates.size(), 45u);
  EXPECT_DOUBLE_EQ(loop_area(moment.transmitters[0].loop), 23.1 * 23.1);
  EXPECT_EQ(moment.transmitters[0].turns, 4.0);
  EXPECT_EQ(moment.waveform.times.size(), 7u);
  ASSERT_EQ(moment.low_pass.size(), 1u);
  EXPECT_EQ(moment.low_pass[0].cutoff, 7e4);
}

TEST_F(RealFiles, GaAemSystemsAreRead) {
  ImportOptions options;
  options.receiver = {-12.62, 0.0, 2.16};
  const auto low = read_system(folder_ / "Skytem-LM.stm", options).system.moments[0];
  EXPECT_EQ(low.gates.size(), 18u);
  EXPECT_DOUBLE_EQ(*low.base_frequency, 2000.0 / 9.0);
  EXPECT_EQ(low.scale, 1.0);
  EXPECT_EQ(read_system(folder_ / "Skytem-HM.stm", options).system.moments[0].gates.size(), 21u);
  options.receiver = {-120.0, 0.0, -40.0};
  options.transmitter_height = 120.0;
  const auto tempest = read_system(folder_ / "Tempest-standard.stm", options).system.moments[0];
  EXPECT_TRUE(std::holds_alternative<Dipole>(tempest.transmitters[0].loop));
  EXPECT_EQ(tempest.quantity, Quantity::b);
  EXPECT_THAT(tempest.waveform.times, ElementsAre(0.0, 6.6666667e-6, 0.0199933333333, 0.02));
  EXPECT_DOUBLE_EQ(tempest.scale, 0.5e15);
}

}  // namespace
}  // namespace stratem
