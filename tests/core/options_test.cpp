// Every option of the table: what it refuses, and what depends on it.
#include "core/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "io/plan/plan_text.hpp"
#include "io/runs/same_run.hpp"
#include "stratem/error.hpp"
#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/run_file.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using core::Option;
using core::OptionEffect;
using testing::HasSubstr;
using testing::StartsWith;

/// Texts that an option accepts, the first of them not its default, and texts that it refuses.
struct Texts {
  std::vector<std::string> allowed;
  std::vector<std::string> refused;
};

/// An option that is missing here fails the tests.
const std::map<std::string_view, Texts>& texts() {
  static const std::map<std::string_view, Texts> all{
      {"backend", {{"cpu", "auto", "cuda", "hybrid", "reference"}, {"gpu", "", "CPU"}}},
      {"tolerance", {{"1e-3", "1e-7", "1e-1"}, {"0.99e-7", "0.11", "-1e-3", "nan", "1e-3x", ""}}},
      {"precision", {{"single", "double"}, {"half", ""}}},
      {"threads", {{"2", "0", "1024"}, {"-1", "1025", "1.5", ""}}},
      {"resistivity-range",
       {{"2,3", "1e-4,1e8"}, {"3,2", "2,2", "0.9e-4,1", "1,1.1e8", "1", "1,2,3", "nan,1", ""}}},
      {"polarizable", {{"yes", "no"}, {"true", "1", ""}}},
      {"layers", {{"8", "1", "200"}, {"0", "201", "-1", "3.5", ""}}},
      {"out-of-range", {{"reference", "flag"}, {"ignore", ""}}},
      {"height-range", {{"30,50", "0,0", "20,20"}, {"50,30", "-1,5", "0,inf", "nan,5", "5", ""}}},
      {"batch", {{"64", "0", "1048576"}, {"-1", "1048577", "1e3", ""}}},
      {"devices", {{"1,0", "all", "0", "1023"}, {"0,0", "-1", "1024", "0,", "x", ""}}},
      {"streams", {{"2", "1", "16"}, {"0", "17", ""}}},
      {"cache", {{"folder", "none"}, {}}},
  };
  return all;
}

std::string name_of(const Option& option) { return std::string(option.description.name); }

/// The error of check() or set_option() for a text; empty if it is accepted.
std::string refusal(const Option& option, const std::string& text) {
  try {
    Options options;
    set_option(options, option.description.name, text);
    check(options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

Options changed(const Option& option, Options options = {}) {
  set_option(options, option.description.name, texts().at(option.description.name).allowed.front());
  return options;
}

/// Whether it is a member of PlanOptions.
bool is_of_plan(const Option& option) {
  return std::visit(
      []<class Value, class Owner>(Value Owner::*) { return std::is_same_v<Owner, PlanOptions>; },
      option.member);
}

TEST(OptionTable, NamesEveryOptionOnce) {
  ASSERT_EQ(core::option_table().size(), texts().size());
  for (const Option& option : core::option_table()) {
    EXPECT_EQ(texts().count(option.description.name), 1u) << option.description.name;
  }
  ASSERT_EQ(describe_options().size(), texts().size());
}

TEST(OptionTable, RefusesValuesOutOfBoundsAndNamesTheOption) {
  for (const Option& option : core::option_table()) {
    for (const auto& text : texts().at(option.description.name).allowed) {
      EXPECT_EQ(refusal(option, text), "");
    }
    for (const auto& text : texts().at(option.description.name).refused) {
      const std::string message = refusal(option, text);
      EXPECT_THAT(message, StartsWith(name_of(option) + ": ")) << text;
      EXPECT_THAT(message, HasSubstr("allowed is " + std::string(option.description.allowed)));
    }
  }
}

TEST(OptionTable, RefusesWordsThatNoNameStandsFor) {
  Options options;
  options.precision = static_cast<Precision>(7);
  EXPECT_THROW(check(options), InputError);
}

TEST(OptionTable, SaysTheDefaultsOfTheMembers) {
  for (const Option& option : core::option_table()) {
    const std::string text(option.description.default_value);
    if (text.starts_with("the ")) continue;  // a default that the program finds
    Options options = changed(option);
    EXPECT_NE(core::value_of(option, options), core::value_of(option, {})) << name_of(option);
    set_option(options, option.description.name, text);
    EXPECT_EQ(options, Options()) << name_of(option);
  }
}

TEST(OptionTable, CachedPlansDependOnWhatNodesDependOn) {
  const System system = test::central_loop({{1e-4, 1e-4}});
  for (const Option& option : core::option_table()) {
    const bool has_new_key =
        io::plan_key(system, changed(option)) != io::plan_key(system, PlanOptions());
    EXPECT_EQ(has_new_key, option.effect == OptionEffect::nodes) << name_of(option);
    EXPECT_EQ(is_of_plan(option), option.effect == OptionEffect::nodes) << name_of(option);
    EXPECT_EQ(option.key.empty(), option.effect != OptionEffect::nodes) << name_of(option);
  }
}

/// A run on the reference, which needs no plan.
io::RecordedRun run_with(Options options) {
  const Plan plan(test::central_loop({{1e-4, 1e-4}}), std::move(options));
  return {describe_run(plan, *grid_source({.layers = {{.resistivity = {10.0, 20.0}}}})), "1"};
}

TEST(OptionTable, RunsDependOnWhatResponsesDependOn) {
  Options usual;
  usual.backend = Backend::reference;
  for (const Option& option : core::option_table()) {
    if (name_of(option) == "backend") continue;  // see below
    const auto difference = io::difference(run_with(changed(option, usual)), run_with(usual));
    const bool matters =
        option.effect == OptionEffect::nodes || option.effect == OptionEffect::responses;
    ASSERT_EQ(difference.has_value(), matters) << name_of(option);
    if (matters) {
      EXPECT_THAT(*difference, StartsWith(name_of(option)));
    }
  }
}

TEST(OptionTable, RunsDependOnTheBackendInUse) {
  Options options;
  options.tolerance = 0.1;
  options.resistivity = {10.0, 100.0};
  options.cache = "none";
  const io::RecordedRun by_choice = run_with(options);
  options.backend = Backend::cpu;
  const io::RecordedRun by_cpu = run_with(options);
  EXPECT_EQ(by_choice.run.options, by_cpu.run.options);
  options.backend = Backend::reference;
  EXPECT_THAT(io::difference(run_with(options), by_cpu), testing::Optional(StartsWith("backend")));
}

TEST(OptionTable, KeepsCachedPlansAndRunsReadable) {
  Options options;
  options.backend = Backend::reference;
  options.height = Range{30.0, 50.5};
  const std::string key = io::plan_key(test::central_loop({{1e-4, 1e-4}}), options);
  EXPECT_THAT(key, HasSubstr(R"("height":[30.0,50.5],"layers":30,"polarizable":false,)"
                             R"("precision":"double","resistivity":[0.1,10000.0],"system":)"));
  EXPECT_THAT(key, HasSubstr(R"("tolerance":0.0001,"version":)"));
  EXPECT_EQ(run_with(options).run.options,
            R"({"tolerance":0.0001,"precision":"double","resistivity-range":[0.1,10000.0],)"
            R"("polarizable":false,"layers":30,"out-of-range":"flag","height-range":[30.0,50.5]})");
}

}  // namespace
}  // namespace stratem
