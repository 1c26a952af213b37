// More models, and more responses, than 32 bits count.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <limits>
#include <mutex>
#include <set>

#include "dispatch/batcher.hpp"
#include "dispatch/fake_devices.hpp"

namespace stratem::test {
namespace {

/// Address space for numbers that are 0 until they are written; only written pages need memory.
class SparseNumbers {
 public:
  explicit SparseNumbers(std::int64_t count) : bytes_(static_cast<std::size_t>(count) * 8) {
    void* address = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address != MAP_FAILED) data_ = static_cast<double*>(address);
  }
  ~SparseNumbers() {
    if (data_ != nullptr) munmap(data_, bytes_);
  }
  SparseNumbers(const SparseNumbers&) = delete;
  SparseNumbers& operator=(const SparseNumbers&) = delete;
  double* data() const { return data_; }

 private:
  std::size_t bytes_;
  double* data_ = nullptr;
};

/// Writes into the last response of a batch how many models it had, and nothing else.
class CountingWorker final : public core::Worker {
 public:
  void compute(const ModelBatch& models, const ResponseView& responses) override {
    responses.response(models.models - 1, responses.response.columns() - 1) =
        static_cast<double>(models.models);
  }
  void accumulate(const ModelBatch&, const VectorView<Status>&) override {}
  core::BatchSizes batch_sizes(std::int64_t) const override {
    constexpr std::int64_t large = std::int64_t{1} << 26;
    return {large, large, large};
  }
};

TEST(FarIndex, BatchesReachTheirRowsBeyondTwoToThe31) {
  constexpr std::int64_t models = 300000007;
  constexpr std::int64_t gates = 31;  // 9.3e9 responses
  const SparseNumbers response(models * gates);
  if (response.data() == nullptr) GTEST_SKIP() << "no address space for 74 GB";
  // One model and one status for all.
  const double resistivity = 1.0;
  Status status = Status::ok;
  ModelBatch batch;
  batch.models = models;
  batch.layers = 1;
  batch.resistivity = {&resistivity, models, 1, 0, 1};
  const ResponseView view{{response.data(), models, gates}, {&status, models, 0}};

  std::vector<core::ComputeDevice> devices(1);
  devices[0].name = "fake";
  for (int i = 0; i < 2; ++i) devices[0].workers.push_back(std::make_unique<CountingWorker>());
  dispatch::Batcher(std::move(devices), std::make_shared<Formula>(), 0).forward(batch, view);

  constexpr std::int64_t large = std::int64_t{1} << 26;
  for (std::int64_t first = 0; first < models; first += large) {
    const std::int64_t count = std::min(large, models - first);
    EXPECT_EQ(response.data()[(first + count) * gates - 1], static_cast<double>(count)) << first;
  }
}

TEST(FarIndex, SpansOfModelsBeyondTwoToThe31AreHandedOutWhole) {
  constexpr std::int64_t models = 10000000000;
  dispatch::WorkQueue queue(models);
  std::int64_t next = 0;
  while (!queue.empty()) {
    const dispatch::ModelSpan span = queue.take(3000000000);
    EXPECT_EQ(span.first, next);
    next += span.count;
  }
  EXPECT_EQ(next, models);
}

}  // namespace
}  // namespace stratem::test
