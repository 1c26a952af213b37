#include "cuda/array_place.hpp"

#include <cstddef>
#include <optional>
#include <string>

#include "core/earth/model_arrays.hpp"
#include "cuda/memory.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {
namespace {

template <class Number>
int device_of_array(std::string_view name, const Number* array) {
  if (reinterpret_cast<std::uintptr_t>(array) % alignof(Number) != 0) {
    throw InputError(std::string(name) + ": not aligned, allowed are multiples of " +
                     std::to_string(alignof(Number)) + " bytes");
  }
  const std::optional<int> device = memory_owner(array);
  if (!device) {
    throw InputError(std::string(name) + ": in the host's memory, allowed is that of a device");
  }
  return *device;
}

template <class Number>
void expect(int device, std::string_view name, const Number* array) {
  const int found = device_of_array(name, array);
  if (found == device) return;
  throw InputError(std::string(name) + ": in the memory of device " + std::to_string(found) +
                   ", allowed is that of the resistivities, " + std::to_string(device));
}

}  // namespace

int device_of_models(const DeviceModels& models) {
  const int device = device_of_array("resistivity", models.resistivity);
  core::for_each_model_array([&](const auto& array) {
    const auto* const numbers = models.*array.pointer;
    if (numbers == nullptr || array.columns(models.layers) == 0) return;
    expect(device, array.name, numbers);
  });
  return device;
}

void expect_on_device(int device, std::string_view name, const double* array) {
  expect(device, name, array);
}
void expect_on_device(int device, std::string_view name, const std::int32_t* array) {
  expect(device, name, array);
}
void expect_on_device(int device, std::string_view name, const Status* array) {
  expect(device, name, array);
}

}  // namespace stratem::cuda
