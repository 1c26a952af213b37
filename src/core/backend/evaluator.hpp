// The contract between a Plan and a backend.
#pragma once

#include <cstdint>
#include <string>

#include "core/statistics/response_histograms.hpp"
#include "stratem/backends.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::core {

/// The number of models to compute at a time if their responses are only passed on. It keeps any
/// number of threads busy.
std::int64_t models_held_at_once(std::int64_t gates);

/// One backend, set up for one system. const after construction: forward() and accumulate() may run
/// in any number of threads at once.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// Computes every model of a batch whose shapes have been checked; writes every response and
  /// status.
  virtual void forward(const ModelBatch& models, const ResponseView& responses) const = 0;
  /// Computes every model of such a batch, writes every status [models] and adds the responses to
  /// `histograms`, which must have as many gates. After an exception a part may have been added.
  /// The default calls forward() for part after part.
  virtual void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                          ResponseHistograms& histograms) const;
  /// A description of the hardware that computes.
  virtual std::string device() const = 0;
  /// See Plan::device_faults().
  virtual DeviceFaults faults() const { return {}; }
};

}  // namespace stratem::core
