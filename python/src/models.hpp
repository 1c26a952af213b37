// A batch of models over numpy arrays.
#pragma once

#include <optional>
#include <utility>

#include "arrays.hpp"
#include "stratem/models.hpp"

namespace stratem::python {

/// Keeps the arrays alive that a batch refers to.
struct Models {
  Matrix<const double> resistivity;
  std::optional<Matrix<const double>> thickness;
  std::optional<Matrix<const double>> depth;
  std::optional<Vector<const std::int32_t>> layer_count;
  std::optional<Matrix<const double>> chargeability;
  std::optional<Matrix<const double>> time_constant;
  std::optional<Matrix<const double>> exponent;
  std::optional<Vector<const double>> height;

  ModelBatch batch() const;
};

/// A dictionary of numpy arrays, with the names of the arguments of Models.
nb::dict to_dict(ModelSet set);

/// The same for the set that make() returns. make() is called without the interpreter's lock.
template <class Make>
nb::dict made_models(Make&& make) {
  ModelSet set;
  {
    const nb::gil_scoped_release release;
    set = make();
  }
  return to_dict(std::move(set));
}

}  // namespace stratem::python
