// The declared range, checked on more models than one thread checks.
#include "dispatch/range_guard.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cpu/plain_kernel.hpp"
#include "dispatch/fake_devices.hpp"

namespace stratem::test {
namespace {

/// Marks every model as computed by the backend for models outside the range.
class Marker final : public core::Evaluator {
 public:
  void forward(const ModelBatch& models, const ResponseView& responses) const override {
    for (std::int64_t m = 0; m < models.models; ++m) {
      responses.status[m] = Status::ok;
      responses.response(m, 0) = -models.resistivity(m, 0);
    }
  }
  std::string device() const override { return "marker"; }
};

/// Numbered models up to 10,000 are in the default range.
class RangeGuardTest : public testing::Test {
 protected:
  static constexpr std::int64_t models = 50000;

  Responses forward(std::unique_ptr<core::Evaluator> outside, int threads) const {
    Options options;
    options.threads = threads;
    const dispatch::RangeGuard guard(std::make_unique<Formula>(), std::move(outside), options,
                                     system_at_40_m());
    Responses responses(models, 1);
    guard.forward(models_.view(), responses.view());
    return responses;
  }

  ModelSet models_ = numbered_models(models);
};

TEST_F(RangeGuardTest, FlagsAllModelsOutsideAndNoOthers) {
  const Responses found = forward(nullptr, 2);
  for (std::int64_t m = 0; m < models; ++m) {
    const Status inside = m + 1 > 10000 ? Status::out_of_range : Status::ok;
    const Status expected = (m + 1) % 7 == 0 ? Status::bad_depth : inside;
    ASSERT_EQ(found.status[static_cast<std::size_t>(m)], expected) << m;
    ASSERT_EQ(std::isnan(found(m, 0)), expected != Status::ok) << m;
  }
}

TEST_F(RangeGuardTest, PutsWhatIsComputedOutsideInItsPlace) {
  const Responses found = forward(std::make_unique<Marker>(), 0);
  for (std::int64_t m = 0; m < models; ++m) {
    if ((m + 1) % 7 == 0) continue;
    const auto number = static_cast<double>(m + 1);
    ASSERT_EQ(found(m, 0), m + 1 > 10000 ? -number : number) << m;
  }
}

}  // namespace
}  // namespace stratem::test
