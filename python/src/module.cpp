#include "bindings.hpp"
#include "stratem/version.hpp"

NB_MODULE(_core, m) {
  m.attr("version") = stratem::version();
  stratem::python::bind_errors(m);
  stratem::python::bind_systems(m);
  stratem::python::bind_models(m);
  stratem::python::bind_statistics(m);
  stratem::python::bind_plans(m);
  stratem::python::bind_device_arrays(m);
}
