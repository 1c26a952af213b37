#include "run/model_reader.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "core/earth/model_arrays.hpp"
#include "stratem/error.hpp"

namespace stratem::run_stages {
namespace {

/// Models in a batch until a rate is known. They fill the vectors of one thread.
constexpr std::int64_t first_batch = 64;
/// How long a batch takes: long enough that threads spend little of it waiting for the batch's end,
/// and short enough for a progress bar.
constexpr double batch_seconds = 0.25;

/// Bytes of one model, of its status and of the numbers held with it.
std::int64_t row_bytes(std::int64_t layers, std::int64_t numbers) {
  return core::most_bytes_per_model(layers) + static_cast<std::int64_t>(sizeof(Status)) +
         numbers * static_cast<std::int64_t>(sizeof(double));
}

void require(bool allowed, const char* option, std::int64_t value, const std::string& what) {
  if (allowed) return;
  throw InputError(std::string(option) + ": " + std::to_string(value) + ", allowed is " + what);
}

RunOptions checked(RunOptions options, std::int64_t models) {
  require(options.first >= 0 && options.first <= models, "first", options.first,
          "0 to " + std::to_string(models));
  const std::int64_t left = models - options.first;
  require(options.count >= -1 && options.count <= left, "count", options.count,
          "-1 to " + std::to_string(left));
  require(options.batch >= 0, "batch", options.batch, "0 or above");
  require(options.memory >= 1, "memory", options.memory, "1 or above");
  if (options.count < 0) options.count = left;
  return options;
}

}  // namespace

ModelReader::ModelReader(const ModelSource& source, RunOptions options, std::int64_t numbers)
    : source_(source),
      options_(checked(std::move(options), source.models())),
      largest_batch_(
          std::max<std::int64_t>(1, options_.memory / row_bytes(source.layers(), numbers))),
      batch_(options_.batch > 0 ? options_.batch : std::min(first_batch, largest_batch_)) {
  summary_.models = options_.count;
}

std::exception_ptr ModelReader::run(const Compute& compute) {
  try {
    if (!report()) return nullptr;
    const std::jthread reader([this] { read_all(); });
    return compute_all(compute);
  } catch (...) {
    return std::current_exception();
  }
}

RunSummary ModelReader::summary() const {
  RunSummary summary = summary_;
  summary.seconds = seconds();
  return summary;
}

void ModelReader::read_all() {
  std::exception_ptr error;
  try {
    const std::int64_t end = options_.first + options_.count;
    for (std::int64_t first = options_.first; first < end && !stop_;) {
      const std::int64_t count = std::min<std::int64_t>(batch_, end - first);
      read_.push(ModelsOnTheirWay{first, source_.read(first, count)});
      first += count;
    }
  } catch (...) {
    error = std::current_exception();
  }
  read_.push(End{error});
}

/// Always reads its stream to the end, so that the reader does not wait forever.
std::exception_ptr ModelReader::compute_all(const Compute& compute) {
  std::exception_ptr failure;
  for (;;) {
    auto item = read_.pop();
    if (const auto* end = std::get_if<End>(&item)) return failure ? failure : end->error;
    if (stop_) continue;
    try {
      compute_one(std::get<ModelsOnTheirWay>(item), compute);
    } catch (...) {
      failure = std::current_exception();
      stop_ = true;
    }
  }
}

void ModelReader::compute_one(const ModelsOnTheirWay& batch, const Compute& compute) {
  const auto start = Clock::now();
  summary_.statuses.add(compute(batch));
  choose_batch(batch.models.models, std::chrono::duration<double>(Clock::now() - start).count());
  summary_.done += batch.models.models;
  if (!report()) stop_ = true;
}

void ModelReader::choose_batch(std::int64_t models, double seconds_taken) {
  if (options_.batch > 0 || !(seconds_taken > 0.0)) return;
  const double rate = static_cast<double>(models) / seconds_taken;
  const double wanted = std::min(rate * batch_seconds, static_cast<double>(largest_batch_));
  batch_ = std::max(static_cast<std::int64_t>(wanted), std::min(first_batch, largest_batch_));
}

/// False if the callback cancels the run.
bool ModelReader::report() {
  if (!options_.progress) return true;
  const RunProgress progress{summary_.done, summary_.models, summary_.statuses.failed(), seconds()};
  if (options_.progress(progress)) return true;
  summary_.cancelled = summary_.done < summary_.models;
  return false;
}

double ModelReader::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace stratem::run_stages
