#include "models.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "stratem/io.hpp"
#include "stratem/sampling.hpp"

namespace stratem::python {

ModelBatch Models::batch() const {
  ModelBatch batch;
  batch.resistivity = view_of(resistivity);
  batch.models = batch.resistivity.rows();
  batch.layers = batch.resistivity.columns();
  batch.thickness = view_of(thickness);
  batch.depth = view_of(depth);
  batch.layer_count = view_of(layer_count);
  batch.chargeability = view_of(chargeability);
  batch.time_constant = view_of(time_constant);
  batch.exponent = view_of(exponent);
  batch.height = view_of(height);
  return batch;
}

nb::dict to_dict(ModelSet set) {
  nb::dict arrays;
  const auto add = [&](const char* name, auto& values, std::initializer_list<std::int64_t> shape) {
    if (!values.empty()) arrays[name] = to_numpy(std::move(values), shape);
  };
  arrays["resistivity"] = to_numpy(std::move(set.resistivity), {set.models, set.layers});
  add("thickness", set.thickness, {set.models, set.layers - 1});
  add("depth", set.depth, {set.models, set.layers});
  add("layers", set.layer_count, {set.models});
  add("chargeability", set.chargeability, {set.models, set.layers});
  add("time_constant", set.time_constant, {set.models, set.layers});
  add("exponent", set.exponent, {set.models, set.layers});
  add("height", set.height, {set.models});
  return arrays;
}

namespace {

nb::dict drawn(const Prior& prior, std::uint64_t seed, std::int64_t first, std::int64_t count) {
  return made_models([&] { return sample(prior, seed, first, count); });
}

std::vector<std::pair<std::string, std::vector<double>>> axes(const Grid& grid) {
  std::vector<std::pair<std::string, std::vector<double>>> named;
  for (auto& axis : grid_axes(grid)) named.emplace_back(axis.name, std::move(axis.values));
  return named;
}

nb::dict models_of(const Grid& grid, std::int64_t first, std::int64_t count) {
  return made_models([&] { return grid_models(grid, first, count); });
}

}  // namespace

void bind_models(nb::module_& m) {
  nb::class_<Models>(m, "Models")
      .def(
          "__init__",
          [](Models* self, Matrix<const double> resistivity,
             std::optional<Matrix<const double>> thickness,
             std::optional<Matrix<const double>> depth,
             std::optional<Vector<const std::int32_t>> layers,
             std::optional<Matrix<const double>> chargeability,
             std::optional<Matrix<const double>> time_constant,
             std::optional<Matrix<const double>> exponent,
             std::optional<Vector<const double>> height) {
            new (self)
                Models{std::move(resistivity), std::move(thickness),     std::move(depth),
                       std::move(layers),      std::move(chargeability), std::move(time_constant),
                       std::move(exponent),    std::move(height)};
            check_shapes(self->batch());
          },
          nb::arg("resistivity").noconvert(), nb::arg("thickness").noconvert().none(),
          nb::arg("depth").noconvert().none(), nb::arg("layers").noconvert().none(),
          nb::arg("chargeability").noconvert().none(), nb::arg("time_constant").noconvert().none(),
          nb::arg("exponent").noconvert().none(), nb::arg("height").noconvert().none());
  nb::class_<Prior>(m, "Prior")
      .def_static("from_json", &prior_from_json, nb::arg("text"), nb::arg("origin"))
      .def("to_json", [](const Prior& prior) { return to_json(prior); })
      .def("sample", &drawn, nb::arg("seed"), nb::arg("first"), nb::arg("count"));
  nb::class_<Grid>(m, "Grid")
      .def_static("from_json", &grid_from_json, nb::arg("text"), nb::arg("origin"))
      .def("axes", &axes)
      .def("size", &grid_size)
      .def("models", &models_of, nb::arg("first"), nb::arg("count"));
  m.attr("max_layers") = max_layers;
  m.attr("status_count") = static_cast<int>(Status::failed) + 1;
  m.def("describe_status",
        [](int status) { return std::string(describe(static_cast<Status>(status))); });
}

}  // namespace stratem::python
