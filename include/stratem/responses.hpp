// Where responses go: views over the caller's arrays, or an owning set.
#pragma once

#include <cstdint>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/views.hpp"

namespace stratem {

/// Where a forward run writes: [models, gates] responses (T or V/m^2 per ampere, or as the system's
/// normalization says; the gates of all moments one after another) and a status per model. A model
/// that is not ok has NaN responses.
struct ResponseView {
  MatrixView<double> response;
  VectorView<Status> status;
};

/// Responses that own their numbers.
struct Responses {
  std::int64_t models = 0;
  std::int64_t gates = 0;
  std::vector<double> response;  ///< [models, gates], row-major
  std::vector<Status> status;    ///< [models]

  Responses() = default;
  Responses(std::int64_t models_, std::int64_t gates_)
      : models(models_),
        gates(gates_),
        response(static_cast<std::size_t>(models_ * gates_)),
        status(static_cast<std::size_t>(models_), Status::ok) {}

  ResponseView view() { return {{response.data(), models, gates}, {status.data(), models}}; }
  double operator()(std::int64_t model, std::int64_t gate) const {
    return response[static_cast<std::size_t>(model * gates + gate)];
  }
};

}  // namespace stratem
