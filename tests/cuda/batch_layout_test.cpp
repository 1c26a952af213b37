// Models and responses in one piece of memory: values are in place and do not overlap, for any
// views.
#include "cuda/batch_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

namespace stratem::cuda {
namespace {

/// Memory with the alignment of device memory.
class Memory {
 public:
  explicit Memory(std::size_t bytes) : words_((bytes + 7) / 8), bytes_(bytes) {}
  std::byte* data() { return reinterpret_cast<std::byte*>(words_.data()); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<double> words_;
  std::size_t bytes_;
};

std::vector<double> counted(std::size_t size, double first) {
  std::vector<double> numbers(size);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

/// Seven models of three layers with every possible array.
ModelSet full_set() {
  ModelSet set;
  set.models = 7;
  set.layers = 3;
  set.resistivity = counted(21, 1000);
  set.thickness = counted(14, 2000);
  set.chargeability = counted(21, 4000);
  set.time_constant = counted(21, 5000);
  set.exponent = counted(21, 6000);
  set.height = counted(7, 7000);
  set.layer_count = {1, 2, 3, 1, 2, 3, 1};
  return set;
}

template <class T>
std::vector<T> values(const T* from, std::size_t count) {
  return {from, from + count};
}

TEST(BatchLayout, HoldsEveryArrayDense) {
  const ModelSet set = full_set();
  const BatchLayout layout(set.view());
  Memory memory(layout.bytes());
  layout.pack(set.view(), memory.data());
  const kernels::BatchPointers found = layout.pointers(memory.data());
  EXPECT_EQ(found.models, 7);
  EXPECT_EQ(found.layers, 3);
  EXPECT_EQ(values(found.resistivity, 21), set.resistivity);
  EXPECT_EQ(values(found.thickness, 14), set.thickness);
  EXPECT_EQ(values(found.chargeability, 21), set.chargeability);
  EXPECT_EQ(values(found.time_constant, 21), set.time_constant);
  EXPECT_EQ(values(found.exponent, 21), set.exponent);
  EXPECT_EQ(values(found.height, 7), set.height);
  EXPECT_EQ(values(found.layer_count, 7), set.layer_count);
  EXPECT_EQ(found.depth, nullptr);
  EXPECT_TRUE(layout.polarizable());
  EXPECT_EQ(layout.bytes(), 8 * (21 + 14 + 3 * 21 + 7) + 4 * 7);
  EXPECT_LE(layout.bytes(), static_cast<std::size_t>(7 * core::most_bytes_per_model(3)));
}

TEST(BatchLayout, LeavesAbsentArraysOut) {
  ModelSet set;
  set.models = 2;
  set.layers = 2;
  set.resistivity = {1, 2, 3, 4};
  set.depth = {0, 5, 0, 6};
  const BatchLayout layout(set.view());
  Memory memory(layout.bytes());
  layout.pack(set.view(), memory.data());
  const kernels::BatchPointers found = layout.pointers(memory.data());
  EXPECT_EQ(values(found.depth, 4), set.depth);
  EXPECT_EQ(found.thickness, nullptr);
  EXPECT_EQ(found.chargeability, nullptr);
  EXPECT_EQ(found.height, nullptr);
  EXPECT_EQ(found.layer_count, nullptr);
  EXPECT_FALSE(layout.polarizable());
  EXPECT_EQ(layout.bytes(), 8 * 8);
}

TEST(BatchLayout, GathersStridedViews) {
  // Column-major resistivities, one thickness for all, heights backwards.
  const std::vector<double> columns{1, 3, 5, 2, 4, 6};
  const double thickness = 10.0;
  const std::vector<double> heights{30, 31, 32};
  ModelBatch batch;
  batch.models = 3;
  batch.layers = 2;
  batch.resistivity = {columns.data(), 3, 2, 1, 3};
  batch.thickness = {&thickness, 3, 1, 0, 1};
  batch.height = {heights.data() + 2, 3, -1};
  const BatchLayout layout(batch);
  Memory memory(layout.bytes());
  layout.pack(batch, memory.data());
  const kernels::BatchPointers found = layout.pointers(memory.data());
  EXPECT_EQ(values(found.resistivity, 6), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values(found.thickness, 3), (std::vector<double>{10, 10, 10}));
  EXPECT_EQ(values(found.height, 3), (std::vector<double>{32, 31, 30}));
}

TEST(BatchLayout, PacksASliceOfABatch) {
  const ModelSet set = full_set();
  const ModelBatch slice = set.view().slice(4, 2);
  const BatchLayout layout(slice);
  Memory memory(layout.bytes());
  layout.pack(slice, memory.data());
  const kernels::BatchPointers found = layout.pointers(memory.data());
  EXPECT_EQ(values(found.resistivity, 6), counted(6, 1012));
  EXPECT_EQ(values(found.thickness, 4), counted(4, 2008));
  EXPECT_EQ(values(found.layer_count, 2), (std::vector<std::int32_t>{2, 3}));
}

TEST(BatchLayout, CountsBytesAndElementsBeyondTwoToThe32) {
  constexpr std::int64_t models = 300000000;
  const double one = 1.0;
  const std::int32_t two = 2;
  ModelBatch batch;  // 6e10 resistivities
  batch.models = models;
  batch.layers = 200;
  batch.resistivity = {&one, models, 200, 0, 0};
  batch.thickness = {&one, models, 199, 0, 0};
  batch.height = {&one, models, 0};
  batch.layer_count = {&two, models, 0};
  const BatchLayout layout(batch);
  EXPECT_EQ(layout.bytes(), std::size_t{300000000} * (8 * 400 + 4));
  const kernels::BatchPointers found = layout.pointers(nullptr);
  const auto place = [](const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); };
  EXPECT_EQ(place(found.thickness), std::uintptr_t{300000000} * 8 * 200);
  EXPECT_EQ(place(found.height), std::uintptr_t{300000000} * 8 * 399);
  EXPECT_EQ(place(found.layer_count), std::uintptr_t{300000000} * 8 * 400);
  const ResponseLayout responses(models, 31);
  EXPECT_EQ(responses.bytes(), std::size_t{300000000} * (8 * 31 + 1));
}

TEST(ResponseLayout, HandsOutRowsAndStatus) {
  const ResponseLayout layout(3, 2);
  Memory memory(layout.bytes());
  ASSERT_EQ(layout.bytes(), 3 * (2 * 8 + 1));
  const kernels::ResponsePointers to = layout.pointers(memory.data());
  std::ranges::copy(counted(6, 1), to.response);
  to.status[0] = Status::ok;
  to.status[1] = Status::bad_depth;
  to.status[2] = Status::failed;

  Responses dense(3, 2);
  layout.unpack(memory.data(), dense.view());
  EXPECT_EQ(dense.response, counted(6, 1));
  EXPECT_EQ(dense.status, (std::vector{Status::ok, Status::bad_depth, Status::failed}));

  std::vector<double> columns(6);
  std::vector<Status> spread(6, Status::bad_height);
  layout.unpack(memory.data(), {{columns.data(), 3, 2, 1, 3}, {spread.data(), 3, 2}});
  EXPECT_EQ(columns, (std::vector<double>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(spread, (std::vector{Status::ok, Status::bad_height, Status::bad_depth,
                                 Status::bad_height, Status::failed, Status::bad_height}));
}

}  // namespace
}  // namespace stratem::cuda
