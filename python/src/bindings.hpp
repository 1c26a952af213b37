// The extension module stratem._core, which the package's Python code calls. It checks nothing that
// the library checks; shapes and types of arrays are prepared in Python.
#pragma once

#include <nanobind/nanobind.h>

namespace stratem::python {

namespace nb = nanobind;

void bind_errors(nb::module_& m);
void bind_systems(nb::module_& m);
void bind_models(nb::module_& m);
void bind_statistics(nb::module_& m);
void bind_plans(nb::module_& m);
void bind_device_arrays(nb::module_& m);

}  // namespace stratem::python
