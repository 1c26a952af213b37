#include <nanobind/stl/vector.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "stratem/statistics.hpp"

namespace stratem::python {
namespace {

nb::dict to_dict(ResponseStatistics statistics) {
  const std::int64_t gates = statistics.gates;
  const auto ranks = static_cast<std::int64_t>(statistics.percentiles.size());
  nb::dict facts;
  facts["models"] = statistics.models;
  facts["failed"] = statistics.failed;
  facts["counted"] = to_numpy(std::move(statistics.counted), {gates});
  facts["percentiles"] = to_numpy(std::move(statistics.percentiles), {ranks});
  facts["percentile"] = to_numpy(std::move(statistics.percentile), {ranks, gates});
  facts["percentile_error"] = statistics.percentile_error;
  facts["mean"] = to_numpy(std::move(statistics.mean), {gates});
  facts["standard_deviation"] = to_numpy(std::move(statistics.standard_deviation), {gates});
  return facts;
}

VectorView<const Status> statuses(const Vector<const std::uint8_t>& array) {
  const auto view = view_of(array);
  return {reinterpret_cast<const Status*>(view.data()), view.size(), view.stride()};
}

nb::dict of_responses(const Matrix<const double>& response,
                      const Vector<const std::uint8_t>& status,
                      const std::vector<double>& percentiles) {
  ResponseStatistics result;
  {
    const nb::gil_scoped_release release;
    result = statistics(view_of(response), statuses(status), percentiles);
  }
  return to_dict(std::move(result));
}

void add(EnsembleStatistics& self, const Matrix<const double>& response,
         const Vector<const std::uint8_t>& status) {
  const nb::gil_scoped_release release;
  self.add(view_of(response), statuses(status));
}

nb::dict result(const EnsembleStatistics& self, const std::vector<double>& percentiles) {
  ResponseStatistics found;
  {
    const nb::gil_scoped_release release;
    found = self.result(percentiles);
  }
  return to_dict(std::move(found));
}

}  // namespace

void bind_statistics(nb::module_& m) {
  m.attr("default_statistics_memory") = EnsembleStatistics::default_memory;
  m.def("statistics", &of_responses, nb::arg("response").noconvert(), nb::arg("status").noconvert(),
        nb::arg("percentiles"));
  nb::class_<EnsembleStatistics>(m, "EnsembleStatistics")
      .def(nb::init<std::int64_t, std::int64_t>(), nb::arg("gates"), nb::arg("memory"))
      .def_prop_ro("gates", &EnsembleStatistics::gates)
      .def_prop_ro("models", &EnsembleStatistics::models)
      .def("add", &add, nb::arg("response").noconvert(), nb::arg("status").noconvert())
      .def("merge", &EnsembleStatistics::merge, nb::arg("other"))
      .def("result", &result, nb::arg("percentiles"));
}

}  // namespace stratem::python
