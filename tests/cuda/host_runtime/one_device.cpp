// One emulated device for the length of a program.
#include <gmock/gmock.h>

#include <memory>

#include "cuda/host_runtime/host_runtime.hpp"

namespace stratem::emulated {
namespace {

class OneDevice final : public testing::Environment {
 public:
  void SetUp() override { machine_ = std::make_unique<Machine>(MachineSetup{{DeviceSetup{}}}); }
  void TearDown() override { EXPECT_THAT(machine_->complaints_at_the_end(), testing::IsEmpty()); }

 private:
  std::unique_ptr<Machine> machine_;
};

[[maybe_unused]] const auto* const environment =
    testing::AddGlobalTestEnvironment(new OneDevice);  // which googletest owns

}  // namespace
}  // namespace stratem::emulated
