#include "cuda/emulated_support.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "cpu/cpu_evaluator.hpp"
#include "cpu/plain_kernel.hpp"
#include "cuda/cuda.hpp"
#include "dispatch/batcher.hpp"
#include "dispatch/host_worker.hpp"

namespace stratem::test {
namespace {

bool same_row(const Responses& a, const Responses& b, std::int64_t model) {
  const auto row = static_cast<std::size_t>(model);
  if (a.status[row] != b.status[row]) return false;
  for (std::int64_t gate = 0; gate < a.gates; ++gate) {
    // On both sides NaN means no_response.
    if (std::bit_cast<std::uint64_t>(a(model, gate)) !=
            std::bit_cast<std::uint64_t>(b(model, gate)) &&
        !(std::isnan(a(model, gate)) && std::isnan(b(model, gate)))) {
      return false;
    }
  }
  return true;
}

std::string row_text(const Responses& responses, std::int64_t model) {
  std::string text(describe(responses.status[static_cast<std::size_t>(model)]));
  for (std::int64_t gate = 0; gate < responses.gates; ++gate) {
    text += " " + std::to_string(responses(model, gate));
  }
  return text;
}

}  // namespace

emulated::MachineSetup devices_of(int count, std::chrono::microseconds longest_delay,
                                  std::uint64_t seed) {
  emulated::MachineSetup setup;
  setup.devices.resize(static_cast<std::size_t>(count));
  setup.longest_delay = longest_delay;
  setup.seed = seed;
  return setup;
}

std::unique_ptr<core::Evaluator> make_evaluator(const core::PlanTable& table, int streams,
                                                std::int64_t batch, Backend backend) {
  const System system = system_at_40_m();
  Options options;
  options.streams = streams;
  options.threads = 1;
  auto devices = cuda::open_devices(cuda::load_devices(table, system, options), options);
  auto host = std::make_shared<cpu::CpuEvaluator>(table, system, options);
  if (backend == Backend::hybrid) devices.push_back(dispatch::host_device(host, 1, table.gates));
  return std::make_unique<dispatch::Batcher>(std::move(devices), std::move(host), batch);
}

Responses forward(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates) {
  Responses responses(models.models, gates);
  std::ranges::fill(responses.response, -12345.0);
  std::ranges::fill(responses.status, Status::out_of_range);
  evaluator.forward(models.view(), responses.view());
  return responses;
}

Counted accumulate(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates) {
  Counted counted{
      core::ResponseHistograms(gates),
      std::vector<Status>(static_cast<std::size_t>(models.models), Status::out_of_range)};
  evaluator.accumulate(models.view(), {counted.status.data(), models.models}, counted.histograms);
  return counted;
}

std::string difference(const Responses& found, const Responses& expected) {
  return difference(found, expected, expected);
}

std::string difference(const Responses& found, const Responses& one, const Responses& other) {
  for (std::int64_t model = 0; model < found.models; ++model) {
    if (same_row(found, one, model) || same_row(found, other, model)) continue;
    return "model " + std::to_string(model) + ": " + row_text(found, model) + ", expected " +
           row_text(one, model);
  }
  return "";
}

void expect_counted(const Counted& found, const Responses& expected) {
  EXPECT_EQ(found.status, expected.status);
  core::ResponseHistograms histograms(expected.gates);
  histograms.add({expected.response.data(), expected.models, expected.gates},
                 {expected.status.data(), expected.models});
  EXPECT_EQ(found.histograms.models(), histograms.models());
  EXPECT_EQ(found.histograms.failed(), histograms.failed());
  for (std::int64_t gate = 0; gate < expected.gates; ++gate) {
    const core::ValueHistogram& counted = found.histograms.gate(gate);
    const core::ValueHistogram& kept = histograms.gate(gate);
    ASSERT_EQ(counted.count(), kept.count()) << gate;
    EXPECT_EQ(counted.summary().zeros, kept.summary().zeros);
    for (std::int64_t place = 0; place < kept.count(); place += 1 + kept.count() / 20) {
      // A bin's width.
      ASSERT_NEAR(counted.at(place), kept.at(place), 0x1p-12 * std::abs(kept.at(place)));
    }
    const core::Moments& found_moments = counted.summary().moments;
    const core::Moments& moments = kept.summary().moments;
    const double deviation = core::standard_deviation(moments);
    EXPECT_NEAR(core::mean(found_moments), core::mean(moments), 1e-9 * deviation);
    EXPECT_NEAR(core::standard_deviation(found_moments), deviation, 1e-9 * deviation);
  }
}

ModelSet mixed_models(std::int64_t count, bool polarizable, bool heights) {
  Random random(17);
  ModelSet models =
      random_models(random, count, {.layers = 6, .polarizable = polarizable, .heights = heights});
  for (std::int64_t m = 5; m < count; m += 29) {
    models.resistivity[static_cast<std::size_t>(6 * m)] = -1.0;
  }
  for (std::int64_t m = 7; m < count; m += 41) models.layer_count[static_cast<std::size_t>(m)] = 7;
  return models;
}

}  // namespace stratem::test
