/// The interface for C, and for languages that call C: Fortran, Julia, R, MATLAB. It is clean C11
/// and C++. docs/c.md is its guide; stratem.hpp is the interface for C++.
///
/// Errors. A function that can fail returns a stratem_error as an int: STRATEM_OK, which is 0, or
/// what went wrong; stratem_last_error() then has the message. No C++ exception leaves the library.
/// It never prints, aborts or exits. A pointer that is NULL is STRATEM_ERROR_INPUT where the
/// comment does not say that it may be NULL. A pointer to a handle that cannot be made is set to
/// NULL.
///
/// Threads. A function that takes a handle as a pointer to const may be called with it by any
/// number of threads at once. Other functions need the handle for themselves. A destroy function is
/// called when no other function uses the handle. Functions without handles may always be called.
///
/// Structs. The first member of a struct that later versions may extend is struct_size. Its caller
/// sets it to sizeof of the struct, and all members that it does not need to 0:
///   stratem_models models = {.struct_size = sizeof models, .models = 1000, .layers = 3};
/// A program therefore runs with later versions of the library without being compiled again, as far
/// as their soname is the same. A member that a library does not know must be 0.
#ifndef STRATEM_STRATEM_H
#define STRATEM_STRATEM_H

#include <stddef.h>
#include <stdint.h>

#include "stratem/export.hpp"  // only macros, and so C too
#include "stratem/version.h"

// C has no namespaces and no `using`.
// NOLINTBEGIN(modernize-use-using,readability-identifier-naming)

#ifdef __cplusplus
extern "C" {
#endif

/// "0.1.0": the version of the library in use. STRATEM_VERSION is that of this header.
STRATEM_EXPORT const char* stratem_version(void);

// ---- Errors ----

/// What the functions return. The numbers will not change.
typedef enum stratem_error {
  STRATEM_OK = 0,
  STRATEM_ERROR_INPUT = 1,        ///< a system, option, array or file is not as it must be
  STRATEM_ERROR_IO = 2,           ///< a file could not be opened, read or written
  STRATEM_ERROR_UNAVAILABLE = 3,  ///< a backend is not built or not usable here
  STRATEM_ERROR_DEVICE = 4,       ///< a GPU failed
  STRATEM_ERROR_CANCELLED = 5,    ///< the caller's callback asked to stop
  STRATEM_ERROR_MEMORY = 6,       ///< there is not enough memory
  STRATEM_ERROR_INTERNAL = 7,     ///< a fault of the library, or an exception of a callback in C++
} stratem_error;

/// What an error code means, in a few words; "unknown error" for other numbers. Never NULL.
STRATEM_EXPORT const char* stratem_error_text(int error);

/// The message of the last call in this thread that failed: one line that names the place, the
/// value and what is allowed, of at most 2047 bytes. "" if none has failed. A call that succeeds
/// leaves it unchanged. It is valid until the next call in this thread that fails. Each thread has
/// its own, so that threads do not overwrite each other's.
STRATEM_EXPORT const char* stratem_last_error(void);

// ---- Survey systems ----

/// A survey system: loops, waveform, filters, gates. It never changes.
typedef struct stratem_system stratem_system;

typedef enum stratem_component {
  STRATEM_COMPONENT_X = 0,
  STRATEM_COMPONENT_Y = 1,
  STRATEM_COMPONENT_Z = 2,
} stratem_component;

/// The geometry that a .gex or .stm file does not contain. Giving a value that the file contains is
/// an error.
typedef struct stratem_import_options {
  size_t struct_size;
  const double* transmitter_height;  ///< m above the ground; NULL: not given
  const double* receiver;            ///< dx, dy, dz from the transmitter, m; .stm only; NULL
  const int32_t* components;         ///< [component_count] of stratem_component; .stm only
  int64_t component_count;           ///< 0: z alone
  int32_t all_gates;                 ///< 1: keep the gates that the file says to remove; .gex only
} stratem_import_options;

/// Reads a system file by the name's ending: .json, .gex or .stm. `import` may be NULL.
STRATEM_EXPORT int stratem_system_read(const char* path, const stratem_import_options* import,
                                       stratem_system** system);
/// Reads the JSON text of a system, which is what a .json file contains.
STRATEM_EXPORT int stratem_system_from_json(const char* json, stratem_system** system);
/// `system` may be NULL.
STRATEM_EXPORT void stratem_system_destroy(stratem_system* system);

/// The system as JSON text. Writes it with its final 0 into text [text_size], and sets *needed, if
/// `needed` is not NULL, to the size that this takes. With a text_size of 0, `text` may be NULL and
/// only *needed is set. If the text does not fit, nothing is written: STRATEM_ERROR_INPUT.
STRATEM_EXPORT int stratem_system_json(const stratem_system* system, char* text, size_t text_size,
                                       size_t* needed);
/// How many lines there are on how the file was read: keys that were not used, facts that are not
/// modelled.
STRATEM_EXPORT int stratem_system_note_count(const stratem_system* system, int64_t* count);
/// Line `index`, from 0. It is valid as long as the system.
STRATEM_EXPORT int stratem_system_note(const stratem_system* system, int64_t index,
                                       const char** note);
/// The number of gates of all moments together, which is the second dimension of every response.
STRATEM_EXPORT int stratem_system_gate_count(const stratem_system* system, int64_t* gates);
/// Writes when gates open and close, s, and their moment, counted from 0: arrays of [gates], each
/// of which may be NULL. A gate that is a single time closes when it opens. `gates` must be the
/// system's number of gates.
STRATEM_EXPORT int stratem_system_gates(const stratem_system* system, int64_t gates, double* open,
                                        double* close, int32_t* moment);

// ---- Options of plans ----

/// All options of a plan, with their defaults at first.
typedef struct stratem_options stratem_options;

STRATEM_EXPORT int stratem_options_create(stratem_options** options);
/// `options` may be NULL.
STRATEM_EXPORT void stratem_options_destroy(stratem_options* options);
/// Sets one option from its name and text, as the command line has them: "tolerance", "1e-3". After
/// an error the options are unchanged.
STRATEM_EXPORT int stratem_options_set(stratem_options* options, const char* name,
                                       const char* text);

/// The options that are set most often, as numbers. A member that is 0 or NULL leaves its option
/// unchanged.
typedef struct stratem_common_options {
  size_t struct_size;
  double tolerance;                 ///< relative, per gate, 1e-7 .. 1e-1
  const double* resistivity_range;  ///< [2], ohm-m: smallest and largest
  const double* height_range;       ///< [2], m: of the transmitter, lowest and highest
  int32_t polarizable;              ///< 1: the plan covers polarizable layers too
  int32_t layers;                   ///< 1 .. 200: largest layer count of interest
  int32_t threads;                  ///< 1 .. 1024
  const char* backend;              ///< "auto", "cpu", "cuda", "reference" or "hybrid"
} stratem_common_options;

/// Sets all members that are not 0 or NULL. After an error the options are unchanged.
STRATEM_EXPORT int stratem_options_set_common(stratem_options* options,
                                              const stratem_common_options* common);

/// The description of an option. The texts are one line each and always valid.
typedef struct stratem_option_description {
  size_t struct_size;
  const char* name;
  const char* help;  ///< with unit
  const char* default_value;
  const char* allowed;
} stratem_option_description;

STRATEM_EXPORT int64_t stratem_option_count(void);
/// Fills the description of option `index`, from 0.
STRATEM_EXPORT int stratem_describe_option(int64_t index, stratem_option_description* description);

// ---- Models and responses ----

/// How one model came out. One bad model never fails a call: its status says why, its responses are
/// NaN. The numbers will not change.
typedef enum stratem_status {
  STRATEM_STATUS_OK = 0,
  STRATEM_STATUS_BAD_RESISTIVITY = 1,    ///< not finite or not > 0
  STRATEM_STATUS_BAD_DEPTH = 2,          ///< first not 0, not increasing, or not finite
  STRATEM_STATUS_BAD_THICKNESS = 3,      ///< not finite or not > 0
  STRATEM_STATUS_BAD_LAYER_COUNT = 4,    ///< not in 1 .. layers
  STRATEM_STATUS_BAD_CHARGEABILITY = 5,  ///< not in [0, 1)
  STRATEM_STATUS_BAD_TIME_CONSTANT = 6,  ///< not finite or not > 0
  STRATEM_STATUS_BAD_EXPONENT = 7,       ///< not in (0, 1]
  STRATEM_STATUS_BAD_HEIGHT = 8,    ///< not finite, or puts a loop or receiver below the ground
  STRATEM_STATUS_OUT_OF_RANGE = 9,  ///< outside the range that the plan was made for
  STRATEM_STATUS_FAILED = 10,       ///< the computation did not give a finite number
} stratem_status;

/// A line that explains a status; "unknown status" for other numbers. Never NULL.
STRATEM_EXPORT const char* stratem_status_text(uint8_t status);

/// Strides count numbers, not bytes, and may be negative. A stride of 0 is that of a dense array in
/// C's order: the layers or gates of one model follow each other, and then those of the next model.
/// STRATEM_BROADCAST is the stride of one number that holds for all models or layers.
#define STRATEM_BROADCAST INT64_MIN

/// Numbers per model and layer. `data` is NULL where there are none.
typedef struct stratem_matrix_f64 {
  const double* data;
  int64_t model_stride;
  int64_t layer_stride;
} stratem_matrix_f64;

/// Numbers per model. `data` is NULL where there are none.
typedef struct stratem_vector_f64 {
  const double* data;
  int64_t stride;
} stratem_vector_f64;

typedef struct stratem_vector_i32 {
  const int32_t* data;
  int64_t stride;
} stratem_vector_i32;

/// A batch of models in the caller's arrays, which are not copied. Models of several layers have
/// thicknesses or depths, not both.
typedef struct stratem_models {
  size_t struct_size;
  int64_t models;                    ///< 0 or more
  int64_t layers;                    ///< largest number of layers, 1 .. 200
  stratem_matrix_f64 resistivity;    ///< [models, layers], ohm-m
  stratem_matrix_f64 thickness;      ///< [models, layers - 1], m
  stratem_matrix_f64 depth;          ///< [models, layers], top of each layer, m, the first 0
  stratem_vector_i32 layer_count;    ///< [models], optional: layers beyond a model's are ignored
  stratem_matrix_f64 chargeability;  ///< [models, layers], optional, with the next two: Cole-Cole
  stratem_matrix_f64 time_constant;  ///< [models, layers], s
  stratem_matrix_f64 exponent;       ///< [models, layers]
  stratem_vector_f64 height;         ///< [models], optional: of the first transmitter, m
} stratem_models;

/// The caller's arrays that responses are written to. No two of their numbers may be in the same
/// place.
typedef struct stratem_responses {
  size_t struct_size;
  int64_t gates;  ///< must be the plan's
  /// [models, gates], T or V/m^2 per ampere, or as the system's normalization says; the gates of
  /// all moments one after another.
  double* response;
  int64_t model_stride;
  int64_t gate_stride;
  uint8_t* status;  ///< [models] of stratem_status
  int64_t status_stride;
} stratem_responses;

// ---- Plans ----

/// Everything that depends on the system alone. It is made once and then used for any number of
/// models. It does not change.
typedef struct stratem_plan stratem_plan;

/// How far the making of a plan is. The library sets struct_size.
typedef struct stratem_progress {
  size_t struct_size;
  double fraction;   ///< 0 .. 1, an estimate; it never falls, and is 1 in the last call
  double seconds;    ///< since the beginning
  int32_t searches;  ///< searches for models with large errors that have ended
} stratem_progress;

/// Returns 0 to go on, and any other number to cancel. `context` is what stratem_plan_create() was
/// given. It is called by the thread that called stratem_plan_create(), and must return: it may not
/// be left by longjmp().
typedef int (*stratem_progress_callback)(const stratem_progress* progress, void* context);

/// Makes a plan, which takes seconds, for polarizable layers minutes, or takes it from the cache of
/// plans on disk. The system and the options are copied. `options` may be NULL: the defaults.
/// `callback` may be NULL; it is called at once, ten times a second, and at the end, if a plan has
/// to be made. If it cancels, the call ends within a second with STRATEM_ERROR_CANCELLED.
STRATEM_EXPORT int stratem_plan_create(const stratem_system* system, const stratem_options* options,
                                       stratem_progress_callback callback, void* context,
                                       stratem_plan** plan);
/// The same plan on another backend, of the name given. Nothing is made again, unless `plan` is on
/// the reference and has no nodes.
STRATEM_EXPORT int stratem_plan_on(const stratem_plan* plan, const char* backend,
                                   stratem_plan** other);
/// `plan` may be NULL.
STRATEM_EXPORT void stratem_plan_destroy(stratem_plan* plan);

/// The number of gates: the second dimension of the responses.
STRATEM_EXPORT int stratem_plan_gate_count(const stratem_plan* plan, int64_t* gates);
/// The backend that computes: "cpu", "cuda", "reference" or "hybrid". The word is always valid.
STRATEM_EXPORT int stratem_plan_backend(const stratem_plan* plan, const char** backend);
/// A description of the hardware in use, and of devices that have failed. `text`, `text_size` and
/// `needed` are those of stratem_system_json(). The text changes when a device fails.
STRATEM_EXPORT int stratem_plan_device(const stratem_plan* plan, char* text, size_t text_size,
                                       size_t* needed);

/// A plan's errors, measured when it was made over models that it was not fitted to. All are 0 for
/// the reference.
typedef struct stratem_accuracy {
  size_t struct_size;
  double worst;             ///< largest relative error over models and gates
  double median;            ///< median relative error
  int64_t worst_gate;       ///< where the largest error is
  double worst_time;        ///< that gate's time after the last change of current, s
  double search_worst;      ///< largest error that the last two searches found
  int64_t searched_models;  ///< models that all searches looked at
  int64_t held_out_models;  ///< models that the errors were measured on
  int64_t evaluations;      ///< of the reflection coefficient for one model: the cost of a model
  double seconds;           ///< that the plan took, when it was made
  int32_t from_cache;       ///< 1: it was taken from the cache
} stratem_accuracy;

STRATEM_EXPORT int stratem_plan_accuracy(const stratem_plan* plan, stratem_accuracy* accuracy);

/// Compares the plan with the reference backend over `models` random models of the range that it
/// was made for, the same for the same seed. Sets *worst to the largest relative error, which is
/// infinite if the two do not agree on whether a model can be computed. A plan keeps its promise if
/// this is not above its tolerance. Takes a second for about ten models on one core.
/// STRATEM_ERROR_INPUT for a plan on the reference.
STRATEM_EXPORT int stratem_plan_validate(const stratem_plan* plan, int64_t models, uint64_t seed,
                                         double* worst);

/// Computes models that are not polarizable and have no heights of their own, in dense arrays in
/// C's order: resistivity [models, layers] in ohm-m, thickness [models, layers - 1] in m (may be
/// NULL with one layer). Writes response [models, gates] and status [models], all of them. `gates`
/// must be the plan's. stratem_plan_forward_models() takes all other models and arrays.
STRATEM_EXPORT int stratem_plan_forward(const stratem_plan* plan, int64_t models, int64_t layers,
                                        const double* resistivity, const double* thickness,
                                        int64_t gates, double* response, uint8_t* status);
/// Computes all models of a batch and writes all of their responses and statuses. A model's
/// responses are bitwise the same whatever the batch and the threads; Plan::forward() in plan.hpp
/// names the exceptions on GPUs.
STRATEM_EXPORT int stratem_plan_forward_models(const stratem_plan* plan,
                                               const stratem_models* models,
                                               const stratem_responses* responses);

// ---- Statistics ----

/// Statistics of responses, in bounded memory: gate by gate over the models whose status is
/// STRATEM_STATUS_OK. Several threads may each fill their own and merge them.
typedef struct stratem_statistics stratem_statistics;

/// As much memory as the library thinks good: 256 MiB.
#define STRATEM_DEFAULT_MEMORY (-1)

/// As long as all responses fit in `memory` bytes, results are exact. After that, responses are
/// counted in bins, and percentiles have a relative error of at most 1.3e-4. With a memory of 0
/// they are counted from the start. Counting takes usually 1 MiB a gate.
STRATEM_EXPORT int stratem_statistics_create(int64_t gates, int64_t memory,
                                             stratem_statistics** statistics);
/// `statistics` may be NULL.
STRATEM_EXPORT void stratem_statistics_destroy(stratem_statistics* statistics);

/// Computes all models of a batch and adds their responses to the statistics, which must have the
/// plan's number of gates. Sets *failed, if it is not NULL, to the number of models whose status is
/// not STRATEM_STATUS_OK. After an error an unknown part of the models has been added.
STRATEM_EXPORT int stratem_plan_accumulate(const stratem_plan* plan, const stratem_models* models,
                                           stratem_statistics* statistics, int64_t* failed);
/// Adds all responses of `from`, which must have as many gates and be another object.
STRATEM_EXPORT int stratem_statistics_merge(stratem_statistics* statistics,
                                            const stratem_statistics* from);

/// The results. The caller sets the first members, the library the last three. An array that is
/// NULL is left out. Where no model counts for a gate, its numbers are NaN.
typedef struct stratem_gate_statistics {
  size_t struct_size;
  int64_t gates;               ///< must be those of the statistics
  int64_t percentile_count;    ///< 0 or more
  const double* percentiles;   ///< [percentile_count], 0 .. 100
  double* percentile;          ///< [percentile_count, gates], linear between sorted values
  double* mean;                ///< [gates]
  double* standard_deviation;  ///< [gates], about the mean, divided by the number of models
  int64_t* counted;            ///< [gates]: models that count for a gate
  int64_t models;              ///< all models that were added
  int64_t failed;              ///< those of them whose status is not STRATEM_STATUS_OK
  double percentile_error;     ///< largest relative error of the percentiles; 0: they are exact
} stratem_gate_statistics;

STRATEM_EXPORT int stratem_statistics_result(const stratem_statistics* statistics,
                                             stratem_gate_statistics* result);

#ifdef __cplusplus
}  // extern "C"
#endif

// NOLINTEND(modernize-use-using,readability-identifier-naming)

#endif
