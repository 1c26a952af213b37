// Plans kept on disk: read again bitwise, and never trusted if damaged or of another system.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>

#include "io/plan/plan_cache.hpp"
#include "io/plan/plan_text.hpp"
#include "plan/plan_support.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"
#include "support/systems.hpp"
#include "support/temporary_folder.hpp"

namespace stratem {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class PlanOnDisk : public testing::Test {
 protected:
  /// The plan that is quickest to build.
  Plan plan() const { return Plan(system_, options_); }
  std::string key() const { return io::plan_key(system_, options_); }
  fs::path file() const { return io::PlanCache(options_.cache).path(key()); }
  std::optional<core::BuiltPlan> load(const std::string& key) const {
    return io::PlanCache(options_.cache).load(key);
  }
  std::vector<fs::path> files() const {
    return {fs::directory_iterator(folder_.path()), fs::directory_iterator()};
  }

  test::TemporaryFolder folder_;
  System system_ = test::central_loop(test::log_times(1e-5, 1e-4, 3));
  Options options_ = [this] {
    Options options;
    options.tolerance = 0.1;
    options.resistivity = {10.0, 100.0};
    options.cache = folder_.path().string();
    return options;
  }();
  ModelSet models_ = core::random_models(core::ensemble_range(options_), {1, 3, 8}, 10, 51);
};

TEST_F(PlanOnDisk, IsTakenAgainBitByBit) {
  const Plan built = plan();
  EXPECT_FALSE(built.accuracy().from_cache);
  ASSERT_EQ(files(), std::vector<fs::path>{file()});
  const Plan kept = plan();
  EXPECT_TRUE(kept.accuracy().from_cache);
  EXPECT_EQ(kept.forward(models_.view()).response, built.forward(models_.view()).response);

  const PlanAccuracy& was = built.accuracy();
  const PlanAccuracy& is = kept.accuracy();
  EXPECT_EQ(is.worst, was.worst);
  EXPECT_EQ(is.median, was.median);
  EXPECT_EQ(is.worst_gate, was.worst_gate);
  EXPECT_EQ(is.worst_time, was.worst_time);
  EXPECT_EQ(is.worst_model, was.worst_model);
  EXPECT_EQ(is.evaluations, was.evaluations);
  EXPECT_EQ(is.training_models, was.training_models);
  EXPECT_EQ(is.held_out_models, was.held_out_models);
  EXPECT_EQ(is.seconds, was.seconds);
  ASSERT_EQ(is.windows.size(), was.windows.size());
  for (std::size_t w = 0; w < is.windows.size(); ++w) {
    EXPECT_EQ(is.windows[w].first_time, was.windows[w].first_time);
    EXPECT_EQ(is.windows[w].last_time, was.windows[w].last_time);
    EXPECT_EQ(is.windows[w].nodes, was.windows[w].nodes);
    EXPECT_EQ(is.windows[w].nodes_float32, was.windows[w].nodes_float32);
    EXPECT_EQ(is.windows[w].wavenumbers, was.windows[w].wavenumbers);
    EXPECT_EQ(is.windows[w].worst, was.windows[w].worst);
  }
}

TEST_F(PlanOnDisk, IsAskedForWithoutBeingBuilt) {
  EXPECT_FALSE(Plan::from_cache(system_, options_));
  EXPECT_EQ(files(), std::vector<fs::path>{});
  const Plan built = plan();
  const std::optional<Plan> kept = Plan::from_cache(system_, options_);
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->accuracy().from_cache);
  EXPECT_EQ(kept->forward(models_.view()).response, built.forward(models_.view()).response);
  Options others = options_;
  others.tolerance = 0.05;
  EXPECT_FALSE(Plan::from_cache(system_, others));
  others.backend = Backend::reference;
  EXPECT_TRUE(Plan::from_cache(system_, others));
  others.tolerance = 5.0;
  EXPECT_THROW(Plan::from_cache(system_, others), InputError);
}

TEST_F(PlanOnDisk, ComesBackWithEveryFieldOfItsTables) {
  core::BuiltPlan plan;
  core::PlanWindow window;
  window.node = {{1.5, 2.5}, {1e6, 1e-3}};
  window.wavenumber = {1e-3, 0.1};
  window.weight = {{1.0 / 3.0, -2e-17}};
  window.shortest_decay = {1e-5};
  window.rows = {{2, 0, {{0.1, -0.2}, {3e9, 4e-9}}}};
  window.single_precision = true;
  plan.table.windows = {window};
  plan.table.gates = 3;
  plan.table.deepest_exponent = 31.25;
  plan.table.largest_cancellation = 1e7;
  plan.table.by_admittance = true;
  plan.finer.gates = 3;
  const io::PlanCache cache(options_.cache);
  cache.store(key(), plan);
  const auto kept = cache.load(key());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->table.gates, 3);
  EXPECT_EQ(kept->table.deepest_exponent, 31.25);
  EXPECT_EQ(kept->table.largest_cancellation, 1e7);
  EXPECT_TRUE(kept->table.by_admittance);
  EXPECT_FALSE(kept->finer.by_admittance);
  ASSERT_EQ(kept->table.windows.size(), 1U);
  const core::PlanWindow& read = kept->table.windows[0];
  EXPECT_EQ(read.node, window.node);
  EXPECT_EQ(read.wavenumber, window.wavenumber);
  EXPECT_EQ(read.weight, window.weight);
  EXPECT_EQ(read.shortest_decay, window.shortest_decay);
  EXPECT_TRUE(read.single_precision);
  ASSERT_EQ(read.rows.size(), 1U);
  EXPECT_EQ(read.rows[0].gate, 2);
  EXPECT_EQ(read.rows[0].geometry, 0);
  EXPECT_EQ(read.rows[0].weight, window.rows[0].weight);
}

/// What the exception of `from_bytes` says; nothing if it throws none.
std::string refusal(const std::string& bytes, const System& system, const Options& options) {
  try {
    Plan::from_bytes(bytes, system, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST_F(PlanOnDisk, ItsBytesMakeTheSamePlanWithoutBuildingOrFiles) {
  const Plan built = plan();
  const std::string bytes = built.to_bytes();
  EXPECT_EQ(bytes, bytes_of(file()));
  fs::remove(file());
  Options options = options_;
  options.threads = 1;
  const Plan copy = Plan::from_bytes(bytes, system_, options);
  EXPECT_EQ(copy.forward(models_.view()).response, built.forward(models_.view()).response);
  EXPECT_EQ(copy.options().threads, 1);
  EXPECT_EQ(copy.to_bytes(), bytes);
  EXPECT_TRUE(files().empty());
}

TEST_F(PlanOnDisk, BytesThatDoNotFitSayWhy) {
  const std::string bytes = plan().to_bytes();
  std::string damaged = bytes;
  damaged[bytes.size() / 2] ^= 1;
  EXPECT_EQ(refusal(damaged, system_, options_), "plan: damaged, its checksum is another one");
  EXPECT_EQ(refusal(bytes.substr(0, 5), system_, options_),
            "plan: cut off, allowed is all that was written of it");
  Options other = options_;
  other.tolerance = 0.09;
  EXPECT_EQ(refusal(bytes, system_, other),
            "plan: of another system or other options, allowed are those that it was made for");

  std::string key = this->key();
  const std::string version_text = "\"" + std::string(version()) + "\"";
  key.replace(key.find(version_text), version_text.size(), "\"0.0.0-other\"");
  const std::string others = io::plan_text(key, *load(this->key()));
  EXPECT_THAT(refusal(others, system_, options_),
              testing::StartsWith("plan: made by stratem 0.0.0-other"));
}

TEST_F(PlanOnDisk, TheReferenceHasNoBytes) {
  options_.backend = Backend::reference;
  EXPECT_THROW(plan().to_bytes(), InputError);
}

TEST_F(PlanOnDisk, DamagedIsBuiltAgainAndMended) {
  const Plan built = plan();
  std::string bytes = bytes_of(file());
  bytes[bytes.size() / 2] ^= 1;
  write_bytes(file(), bytes);
  const Plan again = plan();
  EXPECT_FALSE(again.accuracy().from_cache);
  EXPECT_EQ(again.forward(models_.view()).response, built.forward(models_.view()).response);
  EXPECT_TRUE(plan().accuracy().from_cache);
}

TEST_F(PlanOnDisk, AnyFlippedBitIsSeen) {
  plan();
  const std::string bytes = bytes_of(file());
  ASSERT_TRUE(load(key()));
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 500) {
    std::string damaged = bytes;
    damaged[i] ^= static_cast<char>(1 << (i % 8));
    write_bytes(file(), damaged);
    EXPECT_FALSE(load(key())) << "byte " << i;
  }
}

TEST_F(PlanOnDisk, CutOffAnywhereIsSeen) {
  plan();
  const std::string bytes = bytes_of(file());
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{16}, std::size_t{17},
                                   bytes.size() / 2, bytes.size() - 1}) {
    write_bytes(file(), bytes.substr(0, length));
    EXPECT_FALSE(load(key())) << length;
  }
}

TEST_F(PlanOnDisk, AnotherFileUnderItsNameIsNotTaken) {
  plan();
  const fs::path own = file();
  options_.tolerance = 0.09;
  fs::copy_file(own, file());
  EXPECT_FALSE(load(key()));
  EXPECT_FALSE(plan().accuracy().from_cache);
  EXPECT_TRUE(plan().accuracy().from_cache);

  write_bytes(file(), "not a plan\n{}\n");
  EXPECT_FALSE(load(key()));
  fs::remove(file());
  fs::create_directory(file());
  EXPECT_FALSE(load(key()));
}

TEST_F(PlanOnDisk, AnotherVersionsIsNotTaken) {
  plan();
  std::string other = key();
  const auto place = other.find(version());
  ASSERT_NE(place, std::string::npos) << other;
  other.replace(place, std::string(version()).size(), "0.0.0-other");
  EXPECT_NE(io::PlanCache(options_.cache).path(other), file());
  fs::copy_file(file(), io::PlanCache(options_.cache).path(other));
  EXPECT_FALSE(load(other));
}

TEST_F(PlanOnDisk, AllThatGoesIntoItHasAFileOfItsOwn) {
  std::set<fs::path> paths{file()};
  const auto expect_other = [&](const char* what, auto change) {
    const System system = system_;
    const Options options = options_;
    change();
    EXPECT_TRUE(paths.insert(file()).second) << what;
    system_ = system;
    options_ = options;
  };
  expect_other("tolerance", [&] { options_.tolerance = 0.05; });
  expect_other("precision", [&] { options_.precision = Precision::float32; });
  expect_other("least resistivity", [&] { options_.resistivity.min = 9.0; });
  expect_other("most resistivity", [&] { options_.resistivity.max = 101.0; });
  expect_other("height", [&] { options_.height = Range{1.0, 2.0}; });
  expect_other("polarizable", [&] { options_.polarizable = true; });
  expect_other("layers", [&] { options_.layers = 31; });
  expect_other("radius", [&] { system_.moments[0].transmitters[0].loop = Circle{10.000001}; });
  expect_other("quantity", [&] { system_.moments[0].quantity = Quantity::b; });
  expect_other("waveform", [&] { system_.moments[0].waveform = {{-1e-3, 0.0}, {1.0, 0.0}}; });
  expect_other("gate", [&] { system_.moments[0].gates[1].close *= 1.01; });
}

TEST_F(PlanOnDisk, WhatDoesNotGoIntoItSharesItsFile) {
  plan();
  options_.threads = 1;
  options_.batch = 64;
  options_.out_of_range = OutOfRange::reference;
  EXPECT_TRUE(plan().accuracy().from_cache);
}

TEST_F(PlanOnDisk, NoneWritesNothing) {
  // The folder of the environment is not used either.
  setenv("STRATEM_CACHE", folder_.path().c_str(), 1);
  options_.cache = "none";
  EXPECT_FALSE(plan().accuracy().from_cache);
  unsetenv("STRATEM_CACHE");
  EXPECT_TRUE(files().empty());
  EXPECT_FALSE(fs::exists("none"));
}

TEST_F(PlanOnDisk, TheEnvironmentNamesTheFolder) {
  setenv("STRATEM_CACHE", folder_.path().c_str(), 1);
  options_.cache.clear();
  plan();
  EXPECT_TRUE(plan().accuracy().from_cache);
  unsetenv("STRATEM_CACHE");
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(PlanOnDisk, AFolderThatCannotBeMadeIsNoError) {
  // Below a file, so that not even root can.
  write_bytes(folder_.path() / "file", "");
  options_.cache = (folder_.path() / "file" / "plans").string();
  EXPECT_FALSE(plan().accuracy().from_cache);
  EXPECT_FALSE(plan().accuracy().from_cache);
}

}  // namespace
}  // namespace stratem
