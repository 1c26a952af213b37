// A Plan: everything that depends on the survey system alone, worked out once, then used for any
// number of models.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem {

/// Thread safety: const after construction; any number of threads may call forward() at once.
class Plan {
 public:
  /// Copies the system and the options. Throws InputError if either is not allowed,
  /// UnavailableError if the backend asked for cannot run here.
  explicit Plan(System system, Options options = {});
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  const System& system() const;
  const Options& options() const;
  /// The backend that computes; never Backend::automatic.
  Backend backend() const;
  /// Second dimension of the responses.
  std::int64_t gates() const;

  /// Computes all models of the batch. responses.response is [models, gates], responses.status
  /// [models]; both belong to the caller and are written completely. A model that cannot be
  /// computed gets its status and NaN. Throws InputError on shapes that do not fit.
  void forward(const ModelBatch& models, const ResponseView& responses) const;
  Responses forward(const ModelBatch& models) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stratem
