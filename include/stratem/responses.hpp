// Responses: views over the caller's arrays, or an owning set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/views.hpp"

namespace stratem {

/// The arrays that a forward computation writes: [models, gates] responses (T or V/m^2 per ampere,
/// or as the system's normalization says; the gates of all moments one after another) and a status
/// per model. A model that is not ok has NaN responses.
struct ResponseView {
  MatrixView<double> response;
  VectorView<Status> status;
};

/// How many models have each status.
class StatusCounts {
 public:
  void add(Status status, std::int64_t models = 1) { counts_[index(status)] += models; }
  void add(const StatusCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  }
  std::int64_t operator[](Status status) const { return counts_[index(status)]; }
  /// Models whose status is not Status::ok.
  std::int64_t failed() const {
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < counts_.size(); ++i) sum += counts_[i];
    return sum;
  }

 private:
  static std::size_t index(Status status) { return static_cast<std::uint8_t>(status); }
  std::array<std::int64_t, 256> counts_{};
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
