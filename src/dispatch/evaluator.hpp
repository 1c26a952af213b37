// The contract between a Plan and a backend.
#pragma once

#include <string>

#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::dispatch {

/// One backend, set up for one system. const after construction: forward() may run in any number of
/// threads at once.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// Computes every model of a batch whose shapes have been checked; writes every response and
  /// status.
  virtual void forward(const ModelBatch& models, const ResponseView& responses) const = 0;
  /// What computes, in words.
  virtual std::string device() const = 0;
};

}  // namespace stratem::dispatch
