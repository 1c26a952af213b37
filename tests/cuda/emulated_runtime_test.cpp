// The emulated runtime itself: it must detect the errors that the tests of the backend rely on.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

#include "cuda/device_scope.hpp"
#include "cuda/emulated_support.hpp"
#include "cuda/memory.hpp"

namespace stratem::test {
namespace {

using emulated::Machine;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t some_bytes = 1000;

TEST(EmulatedRuntime, CopiesInTheOrderOfAStream) {
  on_machine(devices_of(1, 100us), [](Machine&) {
    cuda::StreamOwner stream;
    cuda::PinnedBuffer from;
    cuda::PinnedBuffer to;
    cuda::DeviceBuffer device;
    std::fill_n(from.reserve(some_bytes), some_bytes, std::byte{7});
    stream.clear(device.reserve(some_bytes), some_bytes);
    stream.to_device(device.data(), from.data(), some_bytes / 2);
    stream.to_host(to.reserve(some_bytes), device.data(), some_bytes);
    stream.wait();
    EXPECT_EQ(std::count(to.data(), to.data() + some_bytes, std::byte{7}), some_bytes / 2);
    EXPECT_EQ(std::count(to.data(), to.data() + some_bytes, std::byte{0}), some_bytes / 2);
  });
}

TEST(EmulatedRuntime, WorksLaterThanItsCallsReturn) {
  on_machine(devices_of(1, 50ms), [](Machine&) {
    cudaEvent_t start = nullptr;
    cudaEvent_t end = nullptr;
    EXPECT_EQ(cudaEventCreate(&start), cudaSuccess);
    EXPECT_EQ(cudaEventCreate(&end), cudaSuccess);
    cuda::StreamOwner stream;
    cuda::DeviceBuffer device;
    device.reserve(some_bytes);
    const auto handle = static_cast<cudaStream_t>(stream.get());
    EXPECT_EQ(cudaEventRecord(start, handle), cudaSuccess);
    for (int i = 0; i < 5; ++i) stream.clear(device.data(), some_bytes);
    EXPECT_EQ(cudaEventRecord(end, handle), cudaSuccess);
    float milliseconds = 0.0F;
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaErrorNotReady);
    EXPECT_EQ(cudaEventSynchronize(end), cudaSuccess);
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaSuccess);
    EXPECT_GT(milliseconds, 1.0F);
    EXPECT_EQ(cudaEventDestroy(start), cudaSuccess);
    EXPECT_EQ(cudaEventDestroy(end), cudaSuccess);
    EXPECT_EQ(cudaGetLastError(), cudaErrorNotReady);
  });
}

TEST(EmulatedRuntime, HasTheMemoryOfEachDeviceAndNoMore) {
  emulated::MachineSetup setup;
  setup.devices = {{1000, 2}, {2000, 2}};
  on_machine(setup, [](Machine& machine) {
    std::vector<void*> taken;
    for (const int device : {0, 1}) {
      const cuda::DeviceScope scope(device);
      void* data = nullptr;
      while (cudaMalloc(&data, 600) == cudaSuccess) taken.push_back(data);
      EXPECT_EQ(data, nullptr);
      EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
      EXPECT_EQ(cudaGetLastError(), cudaSuccess);
      std::size_t free = 0;
      std::size_t total = 0;
      EXPECT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
      EXPECT_EQ(total, device == 0 ? 1000U : 2000U);
      EXPECT_EQ(free, device == 0 ? 400U : 200U);
    }
    EXPECT_EQ(taken.size(), 4U);
    for (void* data : taken) EXPECT_EQ(cudaFree(data), cudaSuccess);
    EXPECT_EQ(machine.bytes_used(1), 0U);
  });
}

TEST(EmulatedRuntime, ComplainsOfWhatIsNotGivenBack) {
  Machine machine(devices_of(2));
  const cuda::DeviceScope scope(1);
  void* data = nullptr;
  EXPECT_EQ(cudaMalloc(&data, 100), cudaSuccess);
  cudaStream_t stream = nullptr;
  EXPECT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
  cudaEvent_t event = nullptr;
  EXPECT_EQ(cudaEventCreate(&event), cudaSuccess);
  EXPECT_THAT(
      machine.complaints_at_the_end(),
      ElementsAre("not freed: 100 bytes of memory of device 1",
                  "not destroyed: a stream of device 1", "not destroyed: an event of device 1"));
  EXPECT_EQ(cudaFree(data), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
  EXPECT_THAT(machine.complaints_at_the_end(), IsEmpty());
}

TEST(EmulatedRuntime, ComplainsOfCopiesOutsideOfMemory) {
  Machine machine(devices_of(2));
  cuda::StreamOwner stream;
  cuda::PinnedBuffer pinned;
  cuda::DeviceBuffer device;
  cuda::DeviceBuffer other;
  pinned.reserve(some_bytes);
  device.reserve(some_bytes);
  {
    const cuda::DeviceScope scope(1);
    other.reserve(some_bytes);
  }
  std::vector<std::byte> pageable(some_bytes);
  const auto complaints = [&](void* to, const void* from, std::size_t bytes) {
    const auto before = machine.complaints().size();
    EXPECT_THROW(stream.to_device(to, from, bytes), kernels::CudaError);
    return machine.complaints().size() - before;
  };
  EXPECT_EQ(complaints(device.data(), pageable.data(), some_bytes), 1U);
  EXPECT_THAT(machine.complaints().back(), HasSubstr("pinned"));
  EXPECT_EQ(complaints(device.data() + 1, pinned.data(), some_bytes), 1U);
  EXPECT_EQ(complaints(device.data(), pinned.data() + 1, some_bytes), 1U);
  EXPECT_EQ(complaints(other.data(), pinned.data(), some_bytes), 1U);
  EXPECT_EQ(complaints(nullptr, pinned.data(), some_bytes), 1U);
  stream.to_device(device.data(), pinned.data(), some_bytes);
  stream.wait();
  EXPECT_EQ(machine.complaints().size(), 5U);
}

TEST(EmulatedRuntime, ComplainsOfMemoryThatIsFreedBeforeItsTurn) {
  Machine machine(devices_of(1, 50ms));
  cuda::StreamOwner stream;
  cuda::PinnedBuffer pinned;
  cuda::DeviceBuffer device;
  stream.to_device(device.reserve(some_bytes), pinned.reserve(some_bytes), some_bytes);
  pinned.release();
  EXPECT_THROW(stream.wait(), kernels::CudaError);
  EXPECT_THAT(machine.complaints(),
              ElementsAre("cudaMemcpyAsync: pinned memory was freed before its turn came"));
}

TEST(EmulatedRuntime, WaitsForTheDeviceToFreeItsMemory) {
  on_machine(devices_of(1, 20ms), [](Machine&) {
    cuda::StreamOwner stream;
    cuda::DeviceBuffer device;
    stream.clear(device.reserve(some_bytes), some_bytes);
    device.release();
  });
}

TEST(EmulatedRuntime, GivesTheErrorOfALostDeviceForEver) {
  on_machine(devices_of(2), [](Machine& machine) {
    machine.inject({.error = cudaErrorLaunchFailure, .nth = 1, .call = "cudaMemsetAsync"});
    cuda::StreamOwner stream;
    cuda::DeviceBuffer device;
    device.reserve(some_bytes);
    EXPECT_NO_THROW(stream.clear(device.data(), some_bytes));
    EXPECT_THROW(stream.clear(device.data(), some_bytes), kernels::CudaError);
    EXPECT_EQ(machine.fired(), 1);
    EXPECT_THROW(stream.wait(), kernels::CudaError);
    void* data = nullptr;
    EXPECT_EQ(cudaMalloc(&data, 1), cudaErrorLaunchFailure);
    EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
    EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
    EXPECT_EQ(cudaSetDevice(1), cudaSuccess);
    EXPECT_EQ(cudaMalloc(&data, 1), cudaSuccess);
    EXPECT_EQ(cudaFree(data), cudaSuccess);
  });
}

TEST(EmulatedRuntime, TellsOfFailedWorkWhenItIsWaitedFor) {
  on_machine(devices_of(1), [](Machine& machine) {
    cuda::StreamOwner stream;
    cuda::DeviceBuffer device;
    device.reserve(some_bytes);
    machine.inject(
        {.error = cudaErrorIllegalAddress, .call = "cudaMemsetAsync", .when_done = true});
    EXPECT_NO_THROW(stream.clear(device.data(), some_bytes));
    try {
      stream.wait();
      FAIL();
    } catch (const kernels::CudaError& error) {
      EXPECT_EQ(error.fault(), kernels::CudaFault::device_lost);
      EXPECT_THAT(error.what(), HasSubstr("cudaErrorIllegalAddress, an illegal memory access"));
    }
  });
}

TEST(EmulatedRuntime, HasACurrentDeviceAndALastErrorForEachThread) {
  on_machine(devices_of(2), [](Machine&) {
    const cuda::DeviceScope scope(1);
    EXPECT_EQ(cudaSetDevice(2), cudaErrorInvalidDevice);
    std::thread other([] {
      int device = -1;
      EXPECT_EQ(cudaGetDevice(&device), cudaSuccess);
      EXPECT_EQ(device, 0);
      EXPECT_EQ(cudaGetLastError(), cudaSuccess);
    });
    other.join();
    int device = -1;
    EXPECT_EQ(cudaGetDevice(&device), cudaSuccess);
    EXPECT_EQ(device, 1);
    EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidDevice);
  });
}

}  // namespace
}  // namespace stratem::test
