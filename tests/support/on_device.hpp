// Arrays in the memory of a device, or of an emulated one.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/earth/model_arrays.hpp"
#include "kernels/launch.hpp"
#include "stratem/device_arrays.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::test {

inline void check(cudaError_t code) { kernels::check_cuda(static_cast<int>(code), "test()"); }

/// An array in the memory of the device that is current when it is made.
template <class T>
class ArrayOnDevice {
 public:
  explicit ArrayOnDevice(std::size_t count) : count_(count) {
    void* data = nullptr;
    if (count > 0) check(cudaMalloc(&data, count * sizeof(T)));
    data_.reset(static_cast<T*>(data));
  }
  /// Returns when the numbers are there.
  explicit ArrayOnDevice(const std::vector<T>& from) : ArrayOnDevice(from.size()) {
    if (count_ == 0) return;
    check(cudaMemcpy(data(), from.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
    check(cudaStreamSynchronize(nullptr));
  }

  T* data() const { return data_.get(); }
  std::vector<T> to_host() const {
    std::vector<T> values(count_);
    if (count_ > 0) {
      check(cudaMemcpy(values.data(), data(), count_ * sizeof(T), cudaMemcpyDeviceToHost));
    }
    return values;
  }

 private:
  struct Free {
    void operator()(T* data) const { static_cast<void>(cudaFree(data)); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t count_;
};

/// A copy of models.
class ModelsOnDevice {
 public:
  explicit ModelsOnDevice(const ModelSet& models) {
    arrays_.models = models.models;
    arrays_.layers = models.layers;
    core::for_each_model_array([&](const auto& array) {
      const auto& values = models.*array.values;
      if (!values.empty()) arrays_.*array.pointer = keep(ArrayOnDevice(values));
    });
  }
  const DeviceModels& arrays() const { return arrays_; }

 private:
  const double* keep(ArrayOnDevice<double> array) {
    return numbers_.emplace_back(std::move(array)).data();
  }
  const std::int32_t* keep(ArrayOnDevice<std::int32_t> array) {
    return counts_.emplace_back(std::move(array)).data();
  }

  DeviceModels arrays_;
  std::vector<ArrayOnDevice<double>> numbers_;
  std::vector<ArrayOnDevice<std::int32_t>> counts_;
};

/// Room for responses.
class ResponsesOnDevice {
 public:
  ResponsesOnDevice(std::int64_t models, std::int64_t gates)
      : models_(models),
        gates_(gates),
        response_(static_cast<std::size_t>(models * gates)),
        status_(static_cast<std::size_t>(models)) {}
  DeviceResponses arrays() const { return {response_.data(), status_.data()}; }
  Responses to_host() const {
    Responses responses(models_, gates_);
    responses.response = response_.to_host();
    responses.status = status_.to_host();
    return responses;
  }

 private:
  std::int64_t models_;
  std::int64_t gates_;
  ArrayOnDevice<double> response_;
  ArrayOnDevice<Status> status_;
};

}  // namespace stratem::test
