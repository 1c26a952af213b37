// A Plan: everything that depends on the survey system alone. It is computed once and then used for
// any number of models.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stratem/backends.hpp"
#include "stratem/device_arrays.hpp"
#include "stratem/export.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"
#include "stratem/statistics.hpp"
#include "stratem/system.hpp"

namespace stratem {

/// A plan's errors, measured when it was made, over models that its nodes were not fitted to.
struct PlanAccuracy {
  struct Window {
    double first_time = 0.0;  ///< s after the last change of current
    double last_time = 0.0;
    int nodes = 0;          ///< complex Laplace nodes
    int nodes_float32 = 0;  ///< those of them in single precision
    int wavenumbers = 0;    ///< evaluations of r_TE are nodes x wavenumbers
    double worst = 0.0;     ///< largest relative error of the window's gates
  };
  double worst = 0.0;   ///< largest relative error over models and gates; 0 for the reference
  double median = 0.0;  ///< median relative error
  std::int64_t worst_gate = 0;   ///< where the largest error is
  double worst_time = 0.0;       ///< that gate's time after the last change of current, s
  std::int64_t worst_model = 0;  ///< index among the held-out models
  /// The searches, over the whole declared range, for the models with the largest errors. A search
  /// looks at a million models, random covers on random grounds, and varies the worst of them in
  /// resistivities, thicknesses, layers and heights. The worst models are compared with the
  /// reference. If an error is too large, they are added to the models that nodes and weights are
  /// fitted to. The searches end when two in a row, with new seeds, find no error above 0.7 of the
  /// tolerance.
  struct Search {
    int searches = 0;
    std::int64_t candidates = 0;  ///< models that all searches together looked at
    double first_worst = 0.0;     ///< largest error that the first found
    double worst = 0.0;           ///< largest error that the last two found, in double precision
    std::int64_t evaluations_before = 0;  ///< of r_TE for one model, before the first
  };
  Search search;
  std::vector<Window> windows;
  std::int64_t evaluations = 0;  ///< of r_TE for one model
  std::int64_t training_models = 0;
  /// Models of 1, 2, 3, 8 and 30 layers (or PlanOptions::layers, if fewer) over the whole declared
  /// range, models that the last searches found and, with polarizable layers, the hardest of
  /// thousands.
  std::int64_t held_out_models = 0;
  double seconds = 0.0;  ///< to build the plan, when it was built
  bool from_cache = false;
};

/// How far the construction of a plan is.
struct PlanProgress {
  /// Part of the work that is done, 0 .. 1. This is an estimate, because only the searches show how
  /// often nodes have to be fitted again. It never falls, and is 1 in the last call.
  double fraction = 0.0;
  int searches = 0;  ///< searches for models with large errors that have ended, see PlanAccuracy
  double seconds = 0.0;  ///< since the construction began
};

/// false cancels the construction.
using PlanCallback = std::function<bool(const PlanProgress&)>;

/// Asked by a call that takes long, many times a second, whether it is to go on. If it returns
/// false, the call ends within a second and throws CancelledError. What it throws is rethrown.
using ContinueCallback = std::function<bool()>;

/// Thread safety: const after construction; any number of threads may call forward(),
/// forward_on_device() and accumulate() at once. For accumulate() each thread must have its own
/// statistics.
class STRATEM_EXPORT Plan {
 public:
  /// Copies the system and the options. Builds the plan, which takes seconds, for polarizable
  /// layers minutes, or takes it from the cache. Throws InputError if the system or the options are
  /// not allowed, UnavailableError if the backend asked for cannot run here, DeviceError if one of
  /// its devices does not start. If a plan is built, the constructing thread calls `progress` at
  /// once, then ten times a second, and at the end; meanwhile another thread builds. If `progress`
  /// returns false, the construction ends within a second, throws CancelledError, and leaves
  /// nothing in the cache. If `progress` throws, the construction ends in the same way and rethrows
  /// the exception.
  explicit Plan(System system, PlanOptions plan = {}, ExecutionOptions execution = {},
                const PlanCallback& progress = {});
  Plan(System system, Options options, const PlanCallback& progress = {});
  /// The plan if the cache has it; nothing is built. A plan on the reference needs no cache. Throws
  /// as the constructor does.
  static std::optional<Plan> from_cache(System system, Options options);
  /// A plan from the bytes of to_bytes(): nothing is built, and neither cache nor files are used.
  /// Takes milliseconds. `system` and the plan options must be those that the plan was made for;
  /// the execution options may be others. Throws InputError if they are not, or if the bytes are
  /// damaged or written by another version; UnavailableError and DeviceError as the constructor.
  static Plan from_bytes(std::string_view bytes, System system, Options options);
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  /// Returns a plan with the same nodes, weights and accuracy on another backend. Nothing is built
  /// again, unless this plan is on the reference and has no nodes. Throws UnavailableError if the
  /// backend cannot run here.
  Plan on(Backend backend) const;
  /// The same with other execution options. Also throws InputError if they are not allowed.
  Plan on(ExecutionOptions execution) const;
  /// The same. Also throws InputError if a plan option differs.
  Plan on(Options options) const;

  const System& system() const;
  const Options& options() const;
  /// The backend that computes; never Backend::automatic.
  Backend backend() const;
  /// A description of the hardware in use: the backend's instruction set or devices, and which
  /// devices have failed. Their models are not lost, but may have been computed by the cpu.
  std::string device() const;
  /// The devices that the plan has given up so far, and the models that the cpu computed in their
  /// place. Responses are complete all the same.
  DeviceFaults device_faults() const;
  /// The measured error that the tolerance limits, and what it was measured on.
  const PlanAccuracy& accuracy() const;
  /// Second dimension of the responses.
  std::int64_t gates() const;
  /// All that was built, for another process or machine: about 100 KB with a checksum, the content
  /// of the plan's file in the cache. Throws InputError for a plan on the reference, which has
  /// nothing built.
  std::string to_bytes() const;

  /// Computes all models of the batch. responses.response is [models, gates], responses.status
  /// [models]; both belong to the caller and are written completely. A model that cannot be
  /// computed gets its status and NaN. A model's responses are bitwise the same whatever the batch,
  /// its order, the threads and the streams. The exceptions are Backend::hybrid and responses after
  /// a device failed: cuda and cpu usually agree to 1e-10. Throws InputError on shapes that do not
  /// fit.
  void forward(const ModelBatch& models, const ResponseView& responses) const;
  Responses forward(const ModelBatch& models) const;

  /// Computes models whose arrays are in the memory of one of the plan's devices, and writes to
  /// arrays there: neither models nor responses are copied to the host. `stream` is a cudaStream_t
  /// of that device, null for the default stream. The work is queued there, after what the caller
  /// has queued, and the call returns when every response and status is written; meanwhile the
  /// thread sleeps. Responses and statuses are bitwise those of forward() with this plan, except
  /// where a layer's Cole-Cole parameters are within rounding of the plan's bound: see
  /// PlanOptions::polarizable. Device memory is taken for polarizable layers alone, and kept for
  /// the next call. Any number of threads may call this at once, each with responses of its own.
  /// Throws UnavailableError unless the plan is on cuda, or if models outside its range are to be
  /// left to the reference. Throws InputError on shapes that do not fit, and naming the array if
  /// one is missing, not aligned, or not in the memory of one device of the plan. Lengths of arrays
  /// cannot be checked. Throws DeviceError naming the device if it fails or has too little memory;
  /// responses and statuses are then unspecified, and nothing is computed elsewhere in its place.
  void forward_on_device(const DeviceModels& models, const DeviceResponses& responses,
                         void* stream = nullptr) const;

  /// Computes all models and adds their responses to `statistics`. The result is the same as if
  /// forward()'s responses were added. While the statistics keep responses, these are kept; after
  /// that they are counted on the device that computes them. With cuda they are counted in the
  /// devices' memory and are not copied to the host; with hybrid the cpu's responses are counted on
  /// the host. Returns how many models have each status. Calls that
  /// count on devices wait for one another. Throws InputError on shapes that do not fit; after any
  /// exception an unknown part of the models has been added.
  StatusCounts accumulate(const ModelBatch& models, EnsembleStatistics& statistics) const;

  /// The models of the declared range with the largest errors that a fresh search finds, the worst
  /// first and `count` at most. The search looks at a million models, as described in
  /// PlanAccuracy::Search. It estimates errors without the reference. It takes seconds, and all
  /// threads of the options. The models are the same for the same seed on one machine. The calling
  /// thread asks `go_on`; if there is one, another thread searches. Throws InputError for a plan on
  /// the reference, or a count below 1.
  ModelSet hardest_models(std::int64_t count, std::uint64_t seed,
                          const ContinueCallback& go_on = {}) const;

  /// For the library's own functions only.
  struct STRATEM_HIDDEN State;
  const State& state() const { return *state_; }

 private:
  explicit Plan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stratem
