// A Plan: everything that depends on the survey system alone, worked out once, then used for any
// number of models.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stratem/kernel_rate.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"
#include "stratem/statistics.hpp"
#include "stratem/system.hpp"

namespace stratem {

/// What was measured of a plan when it was made, over models that its nodes were not fitted to.
struct PlanAccuracy {
  struct Window {
    double first_time = 0.0;  ///< s after the last change of current
    double last_time = 0.0;
    int nodes = 0;            ///< complex Laplace nodes
    int nodes_in_single = 0;  ///< those of them in single precision
    int wavenumbers = 0;      ///< evaluations of r_TE are nodes x wavenumbers
    double worst = 0.0;       ///< largest relative error of the window's gates
  };
  double worst = 0.0;   ///< largest relative error over models and gates; 0 for the reference
  double median = 0.0;  ///< median relative error
  std::int64_t worst_gate = 0;   ///< where the largest error is
  double worst_time = 0.0;       ///< that gate's time after the last change of current, s
  std::int64_t worst_model = 0;  ///< index among the held-out models
  /// The searches, over the whole declared range, for the models that the plan suits least. One
  /// looks at a million models, random covers on random grounds, and varies the worst of them in
  /// resistivities, thicknesses, layers and heights. What it finds is compared with the reference
  /// and joins the models that nodes and weights are fitted to, until a search over a million
  /// models and another over a quarter of that, with new seeds, find nothing above 0.7 of the
  /// tolerance.
  struct Search {
    int searches = 0;
    std::int64_t candidates = 0;  ///< models that all of them looked at
    double first_worst = 0.0;     ///< largest error that the first found
    double worst = 0.0;           ///< largest error that the last two found, in double precision
    std::int64_t evaluations_before = 0;  ///< of r_TE for one model, before the first
  };
  Search search;
  std::vector<Window> windows;
  std::int64_t evaluations = 0;  ///< of r_TE for one model
  std::int64_t training_models = 0;
  /// 1, 2, 3, 8 and 30 layers over the whole declared range, what the last searches found and, with
  /// polarizable layers, those of thousands that plans suit least
  std::int64_t held_out_models = 0;
  double seconds = 0.0;  ///< to build the plan, when it was built
  bool from_cache = false;
};

/// Thread safety: const after construction; any number of threads may call forward() and
/// accumulate() at once, the latter with statistics of their own.
class Plan {
 public:
  /// Copies the system and the options. Builds the plan, which takes seconds, or takes it from the
  /// cache. Throws InputError if either is not allowed,
  /// UnavailableError if the backend asked for cannot run here, DeviceError if a device of it does
  /// not start.
  explicit Plan(System system, Options options = {});
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  /// The same nodes, weights and accuracy on another backend; nothing is built again, unless this
  /// plan is on the reference and has none. Throws UnavailableError if the backend cannot run here.
  Plan on(Backend backend) const;
  /// The same with other options that no node or weight depends on: backend, threads, batch,
  /// devices, streams, out_of_range, cache. Throws InputError, too, if another option differs.
  Plan on(Options options) const;

  const System& system() const;
  const Options& options() const;
  /// The backend that computes; never Backend::automatic.
  Backend backend() const;
  /// What computes, in words: the backend's instruction set or devices, and which devices failed
  /// meanwhile. Their models are not lost, but may have been computed by the cpu.
  std::string device() const;
  /// The measured error that the tolerance promises, and what it was measured on.
  const PlanAccuracy& accuracy() const;
  /// Second dimension of the responses.
  std::int64_t gates() const;

  /// Computes all models of the batch. responses.response is [models, gates], responses.status
  /// [models]; both belong to the caller and are written completely. A model that cannot be
  /// computed gets its status and NaN. A model's responses are bitwise the same whatever the batch,
  /// its order, the threads and the streams, but for Backend::hybrid and after a device failed:
  /// cuda and cpu agree to 1e-10. Throws InputError on shapes that do not fit.
  void forward(const ModelBatch& models, const ResponseView& responses) const;
  Responses forward(const ModelBatch& models) const;

  /// Computes all models and adds their responses to `statistics`, which then hold what they would
  /// if forward()'s responses were added: kept as long as they do that, else counted where they are
  /// computed. With cuda they are counted in the devices' memory and do not come to the host; with
  /// hybrid the cpu's are counted on the host. Returns how many models have each status. Calls that
  /// count on devices wait for one another. Throws InputError on shapes that do not fit; after any
  /// exception an unknown part of the models has been added.
  StatusCounts accumulate(const ModelBatch& models, EnsembleStatistics& statistics) const;

  /// Models of the declared range that the plan suits least, the worst first and `count` at most:
  /// what a fresh search finds that looks at a million models, as PlanAccuracy::Search says. Their
  /// true responses are not known to it. Takes seconds, and all threads of the options. The same
  /// for the same seed on one machine. Throws InputError if there is nothing to search: a plan on
  /// the reference, or a count below 1.
  ModelSet hardest_models(std::int64_t count, std::uint64_t seed) const;

  /// Measures the kernel alone on every device of cuda or hybrid, one after another, each on as
  /// many of the models as one of its streams would take at a time, for at least so many seconds
  /// and at least once; empty for other backends. The plan's own streams should be idle. Throws
  /// InputError on shapes that do not fit or without models, DeviceError naming the device that
  /// fails.
  std::vector<KernelRate> kernel_rates(const ModelBatch& models, double seconds) const;

 private:
  struct State;
  explicit Plan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stratem
