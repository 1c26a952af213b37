// The program on an emulated device that fails: no verb may pass as if the device had computed.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class EmulatedProgram : public ProgramTest {
 protected:
  void SetUp() override {
    write("system.json", small_system);
    write("models.csv", good_models);
  }
  /// Runs the program on a device whose launches fail.
  Outcome run_without_launches(const std::string& arguments) const {
    return run_in_shell("STRATEM_EMULATED_FAULT=cudaLaunchKernel \"$STRATEM\" " + arguments);
  }
};

constexpr const char* gave_up = "cuda: gave up Emulated GPU: cudaLaunchKernel";

TEST_F(EmulatedProgram, ValidatesADeviceThatWorks) {
  const Outcome shown = run({"validate", "system.json", "models.csv", "--backends", "cpu,cuda"});
  EXPECT_EQ(shown.status, 0) << shown.errors << shown.output;
  EXPECT_THAT(shown.output, Not(HasSubstr("DEVICE FAILED")));
}

TEST_F(EmulatedProgram, DoesNotValidateADeviceThatFails) {
  const Outcome shown = run_without_launches("validate system.json models.csv --backends cpu,cuda");
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.output, HasSubstr("DEVICE FAILED"));
  EXPECT_THAT(shown.errors,
              AllOf(HasSubstr(gave_up), HasSubstr("cuda: the cpu computed 2 models in its place")));
}

TEST_F(EmulatedProgram, DoesNotBenchADeviceThatFails) {
  const Outcome shown = run_without_launches(
      "bench system.json --backend cuda --layers 2 --streams 1 --count 2 --rounds 1 --seconds 0");
  EXPECT_NE(shown.status, 0);
  EXPECT_THAT(shown.errors, HasSubstr("cudaLaunchKernel"));
}

TEST_F(EmulatedProgram, ComputesAllTheSameAndSaysSo) {
  const std::string forward = "forward system.json models.csv --backend cuda ";
  Outcome shown = run_without_launches(forward + "-o out.h5 --quiet");
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.errors,
              AllOf(HasSubstr(gave_up), HasSubstr("cuda: the cpu computed 2 models in its place")));
  const DeviceFaults faults = read_responses(folder() / "out.h5").attributes.faults;
  EXPECT_EQ(faults.models_on_cpu, 2);
  EXPECT_THAT(faults.devices, testing::ElementsAre(HasSubstr("cudaLaunchKernel")));

  EXPECT_EQ(run_without_launches(forward + "-o strict.h5 --strict").status, 1);
  shown = run_without_launches(forward + "-o out.csv");
  EXPECT_THAT(read("out.csv"), AllOf(HasSubstr("# device fault: Emulated GPU: cudaLaunchKernel"),
                                     HasSubstr("# models on cpu: 2\n")));

  shown = run(
      {"forward", "system.json", "models.csv", "--backend", "cuda", "-o", "good.h5", "--strict"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  const ResponseFile good = read_responses(folder() / "good.h5");
  EXPECT_FALSE(good.attributes.faults.any());
  EXPECT_THAT(good.attributes.faults.devices, IsEmpty());
}

TEST_F(EmulatedProgram, KeepsTheFaultsOfPartsThatAreMerged) {
  const std::string forward = "forward system.json models.csv --backend cuda --shard ";
  EXPECT_EQ(run_without_launches(forward + "1/2 -o one.h5").status, 0);
  EXPECT_EQ(run_without_launches(forward + "2/2 -o two.h5 --compress 1").status, 0);
  EXPECT_EQ(run({"merge", "one.h5", "two.h5", "-o", "whole.h5"}).status, 0);
  const DeviceFaults faults = read_responses(folder() / "whole.h5").attributes.faults;
  EXPECT_EQ(faults.models_on_cpu, 2);
  EXPECT_EQ(faults.devices.size(), 2U);
}

}  // namespace
}  // namespace stratem::test
