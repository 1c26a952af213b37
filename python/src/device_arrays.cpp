// Arrays in a device's memory: from and to other libraries, and through the kernels.
#include "stratem/device_arrays.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "stratem/error.hpp"
#include "stratem/plan.hpp"

namespace stratem::python {
namespace {

/// One array, of any device that DLPack knows. The numbers are not read here.
class DeviceArray {
 public:
  explicit DeviceArray(nb::ndarray<> array) : array_(std::move(array)) {}

  std::vector<std::int64_t> shape() const {
    return {array_.shape_ptr(), array_.shape_ptr() + array_.ndim()};
  }
  /// As numpy writes it, such as "<f8". Throws InputError for what numpy has no type for.
  std::string type() const {
    const nb::dlpack::dtype type = array_.dtype();
    const char* const kind = kind_of(type);
    if (kind == nullptr || type.lanes != 1) {
      throw InputError("array: of a type that numpy does not have, allowed is float64");
    }
    const int bytes = type.bits / 8;
    return (bytes == 1 ? "|" : "<") + std::string(kind) + std::to_string(bytes);
  }
  bool contiguous() const {
    if (array_.size() == 0) return true;
    std::int64_t step = 1;
    for (std::size_t i = array_.ndim(); i-- > 0;) {
      const auto extent = static_cast<std::int64_t>(array_.shape(i));
      if (extent != 1 && array_.stride(i) != step) return false;
      step *= extent;
    }
    return true;
  }
  std::pair<int, int> dlpack_device() const { return {array_.device_type(), array_.device_id()}; }
  int device() const { return array_.device_id(); }
  /// The numbers are complete when the library gives an array out, so no stream has to wait.
  nb::object dlpack(const nb::kwargs& arguments) const {
    const nb::ndarray<nb::array_api> shared(array_);
    return nb::cast(shared, nb::rv_policy::reference).attr("__dlpack__")(**arguments);
  }
  /// Throws AttributeError, as arrays on the host do not have it.
  nb::dict cuda_array_interface() const {
    const int kind = array_.device_type();
    if (kind != nb::device::cuda::value && kind != nb::device::cuda_managed::value) {
      throw nb::attribute_error(
          "__cuda_array_interface__: the array is not in a CUDA device's memory");
    }
    nb::dict facts;
    facts["shape"] = nb::tuple(nb::cast(shape()));
    facts["typestr"] = type();
    facts["data"] = nb::make_tuple(reinterpret_cast<std::uintptr_t>(array_.data()), false);
    facts["strides"] = contiguous() ? nb::object(nb::none()) : strides_in_bytes();
    facts["version"] = 3;
    facts["stream"] = nb::none();
    return facts;
  }

  template <class Number>
  Number* numbers() const {
    return static_cast<Number*>(static_cast<void*>(array_.data()));
  }

 private:
  static const char* kind_of(const nb::dlpack::dtype& type) {
    switch (static_cast<nb::dlpack::dtype_code>(type.code)) {
      case nb::dlpack::dtype_code::Int:
        return "i";
      case nb::dlpack::dtype_code::UInt:
        return "u";
      case nb::dlpack::dtype_code::Float:
        return "f";
      case nb::dlpack::dtype_code::Complex:
        return "c";
      case nb::dlpack::dtype_code::Bool:
        return "b";
      default:
        return nullptr;
    }
  }
  nb::object strides_in_bytes() const {
    nb::list strides;
    for (std::size_t i = 0; i < array_.ndim(); ++i) {
      strides.append(array_.stride(i) * static_cast<std::int64_t>(array_.itemsize()));
    }
    return nb::tuple(strides);
  }

  nb::ndarray<> array_;
};

DeviceArray from_capsule(nb::ndarray<> array) { return DeviceArray(std::move(array)); }

/// An array of float64 at an address; strides in numbers. The owner lives as long as the array.
DeviceArray from_address(std::uintptr_t address, const std::vector<std::size_t>& shape,
                         const std::optional<std::vector<std::int64_t>>& strides,
                         nb::object owner) {
  auto* const data = reinterpret_cast<double*>(address);
  const int device = address == 0 ? 0 : device_of(data);
  return DeviceArray(nb::ndarray<>(nb::ndarray<double>(
      data, shape.size(), shape.data(), owner, strides ? strides->data() : nullptr,
      nb::dtype<double>(), nb::device::cuda::value, device)));
}

template <class Number>
DeviceArray new_array(int device, const std::vector<std::size_t>& shape) {
  std::size_t bytes = sizeof(Number);
  for (const std::size_t extent : shape) bytes *= extent;
  using Memory = std::shared_ptr<std::byte>;
  auto memory = std::make_unique<Memory>(allocate_on_device(device, bytes));
  auto* const data = reinterpret_cast<Number*>(memory->get());
  const nb::capsule owner(memory.release(),
                          [](void* p) noexcept { delete static_cast<Memory*>(p); });
  return DeviceArray(
      nb::ndarray<>(nb::ndarray<Number>(data, shape.size(), shape.data(), owner, nullptr,
                                        nb::dtype<Number>(), nb::device::cuda::value, device)));
}

/// 1 is the default stream in DLPack and in the CUDA array interface, and 0 is none.
void* stream_of(std::uintptr_t number) {
  return number == 1 ? nullptr : reinterpret_cast<void*>(number);
}

/// The arrays by the names of the arguments, of checked types and shapes.
DeviceModels models_of(const std::map<std::string, DeviceArray>& arrays) {
  const auto numbers = [&](const char* name) -> const double* {
    const auto found = arrays.find(name);
    return found == arrays.end() ? nullptr : found->second.numbers<const double>();
  };
  const std::vector<std::int64_t> shape = arrays.at("resistivity").shape();
  DeviceModels models;
  models.models = shape[0];
  models.layers = shape[1];
  models.resistivity = numbers("resistivity");
  models.thickness = numbers("thickness");
  models.depth = numbers("depth");
  models.chargeability = numbers("chargeability");
  models.time_constant = numbers("time_constant");
  models.exponent = numbers("exponent");
  models.height = numbers("height");
  return models;
}

/// The responses, in `out` or in a new array, and the statuses. Rows may end in NaN, as on the
/// host.
std::pair<DeviceArray, DeviceArray> forward_on_device(
    const Plan& plan, const std::map<std::string, DeviceArray>& arrays,
    const std::optional<DeviceArray>& out, std::uintptr_t stream) {
  DeviceModels models = models_of(arrays);
  const int device = arrays.at("resistivity").device();
  const auto count = static_cast<std::size_t>(models.models);
  const DeviceArray status = new_array<std::uint8_t>(device, {count});
  const DeviceArray values =
      out ? *out : new_array<double>(device, {count, static_cast<std::size_t>(plan.gates())});
  const nb::gil_scoped_release release;
  std::shared_ptr<std::byte> counts;
  if (models.models > 0 && models.layers > 1) {
    counts = allocate_on_device(device, count * sizeof(std::int32_t));
    auto* const layer_count = reinterpret_cast<std::int32_t*>(counts.get());
    count_layers_on_device(models, layer_count, stream_of(stream));
    models.layer_count = layer_count;
  }
  plan.forward_on_device(models, {values.numbers<double>(), status.numbers<Status>()},
                         stream_of(stream));
  return {values, status};
}

}  // namespace

void bind_device_arrays(nb::module_& m) {
  nb::class_<DeviceArray>(m, "DeviceArray")
      .def_static("from_capsule", &from_capsule, nb::arg("capsule"))
      .def_static("from_address", &from_address, nb::arg("address"), nb::arg("shape"),
                  nb::arg("strides").none(), nb::arg("owner"))
      .def_prop_ro("shape",
                   [](const DeviceArray& array) { return nb::tuple(nb::cast(array.shape())); })
      .def_prop_ro("type", &DeviceArray::type)
      .def_prop_ro("contiguous", &DeviceArray::contiguous)
      .def_prop_ro("device", &DeviceArray::device)
      .def_prop_ro("__cuda_array_interface__", &DeviceArray::cuda_array_interface)
      .def("__dlpack__", &DeviceArray::dlpack)
      .def("__dlpack_device__", &DeviceArray::dlpack_device)
      .def("__len__",
           [](const DeviceArray& array) {
             const auto shape = array.shape();
             return shape.empty() ? 0 : shape[0];
           })
      .def("__repr__", [](const DeviceArray& array) {
        std::string text;
        for (const std::int64_t extent : array.shape()) {
          text += (text.empty() ? "" : ", ") + std::to_string(extent);
        }
        return "DeviceArray([" + text + "] of " + array.type() + " on device " +
               std::to_string(array.device()) + ")";
      });
  m.def("expect_device_plan", [](const Plan& plan) { plan.forward_on_device({.layers = 1}, {}); });
  m.def("forward_on_device", &forward_on_device, nb::arg("plan"), nb::arg("arrays"),
        nb::arg("out").none(), nb::arg("stream"));
}

}  // namespace stratem::python
