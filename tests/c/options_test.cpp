// Options of the C interface, by name and as a struct, and the versions of a struct.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "c/handles.hpp"
#include "c/support.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;

class COptions : public testing::Test {
 protected:
  COptions() { common.struct_size = sizeof common; }
  const Options& values() const { return handle->options; }
  int set_common() { return stratem_options_set_common(handle.get(), &common); }

  const OptionsHandle handle = made<OptionsHandle>(stratem_options_create);
  stratem_common_options common{};
};

TEST_F(COptions, HaveTheDefaultsOfCpp) { EXPECT_EQ(values(), Options()); }

TEST_F(COptions, AreSetByName) {
  ASSERT_EQ(stratem_options_set(handle.get(), "tolerance", "1e-3"), STRATEM_OK);
  ASSERT_EQ(stratem_options_set(handle.get(), "out-of-range", "reference"), STRATEM_OK);
  Options expected;
  expected.tolerance = 1e-3;
  expected.out_of_range = OutOfRange::reference;
  EXPECT_EQ(values(), expected);
}

TEST_F(COptions, StayAsTheyAreAfterAnError) {
  EXPECT_EQ(stratem_options_set(handle.get(), "tolerance", "2"), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), HasSubstr("tolerance: 2, allowed is 1e-7 to 1e-1"));
  EXPECT_EQ(stratem_options_set(handle.get(), "tolerance", "small"), STRATEM_ERROR_INPUT);
  EXPECT_EQ(stratem_options_set(handle.get(), "tolerence", "1e-3"), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), HasSubstr("tolerence"));
  common.layers = 8;
  common.tolerance = -1.0;
  EXPECT_EQ(set_common(), STRATEM_ERROR_INPUT);
  EXPECT_EQ(values(), Options());
}

TEST_F(COptions, AreSetAsNumbers) {
  const std::array resistivity{1.0, 1000.0};
  const std::array height{25.0, 60.0};
  common.tolerance = 1e-3;
  common.resistivity_range = resistivity.data();
  common.height_range = height.data();
  common.polarizable = 1;
  common.layers = 8;
  common.threads = 2;
  common.backend = "reference";
  ASSERT_EQ(set_common(), STRATEM_OK) << stratem_last_error();
  Options expected;
  expected.tolerance = 1e-3;
  expected.resistivity = {1.0, 1000.0};
  expected.height = {25.0, 60.0};
  expected.polarizable = true;
  expected.layers = 8;
  expected.threads = 2;
  expected.backend = Backend::reference;
  EXPECT_EQ(values(), expected);

  common = {};
  common.struct_size = sizeof common;
  ASSERT_EQ(set_common(), STRATEM_OK);
  EXPECT_EQ(values(), expected);  // 0 and NULL leave an option unchanged
}

TEST_F(COptions, NameABackendThatIsNotKnown) {
  common.backend = "gpu";
  EXPECT_EQ(set_common(), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), HasSubstr("backend: gpu, allowed is auto, cpu"));
}

TEST_F(COptions, RefuseNull) {
  expect_input_error(stratem_options_create(nullptr), "options: NULL");
  expect_input_error(stratem_options_set(nullptr, "tolerance", "1e-3"), "options: NULL");
  expect_input_error(stratem_options_set(handle.get(), nullptr, "1e-3"), "name: NULL");
  expect_input_error(stratem_options_set(handle.get(), "tolerance", nullptr), "text: NULL");
  expect_input_error(stratem_options_set_common(nullptr, &common), "options: NULL");
  expect_input_error(stratem_options_set_common(handle.get(), nullptr), "common: NULL");
  expect_input_error(stratem_describe_option(0, nullptr), "description: NULL");
  stratem_options_destroy(nullptr);
}

TEST_F(COptions, AreDescribedAsInCpp) {
  const auto expected = describe_options();
  ASSERT_EQ(stratem_option_count(), static_cast<std::int64_t>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    stratem_option_description option{};
    option.struct_size = sizeof option;
    ASSERT_EQ(stratem_describe_option(static_cast<std::int64_t>(i), &option), STRATEM_OK);
    EXPECT_EQ(option.name, expected[i].name);
    EXPECT_EQ(option.help, expected[i].help);
    EXPECT_EQ(option.default_value, expected[i].default_value);
    EXPECT_EQ(option.allowed, expected[i].allowed);
    EXPECT_EQ(option.struct_size, sizeof option);
  }
  stratem_option_description option{};
  option.struct_size = sizeof option;
  for (const std::int64_t index : {std::int64_t{-1}, stratem_option_count()}) {
    EXPECT_EQ(stratem_describe_option(index, &option), STRATEM_ERROR_INPUT);
    EXPECT_THAT(stratem_last_error(), HasSubstr("index: " + std::to_string(index)));
  }
}

TEST_F(COptions, RefuseAStructOfNoSize) {
  for (const std::size_t size : {std::size_t{0}, sizeof common - 1, std::size_t{4097}, SIZE_MAX}) {
    common.struct_size = size;
    expect_input_error(set_common(), "common.struct_size: " + std::to_string(size) +
                                         ", allowed is sizeof of the struct, " +
                                         std::to_string(sizeof common));
  }
  stratem_option_description option{};
  EXPECT_EQ(stratem_describe_option(0, &option), STRATEM_ERROR_INPUT);
  EXPECT_EQ(option.name, nullptr);
}

/// What a later version of the library could make of a struct.
struct LaterOptions {
  stratem_common_options known;
  double later;
};

TEST_F(COptions, TakeALaterStructWhoseNewMembersAreNotUsed) {
  LaterOptions later{};
  later.known.struct_size = sizeof later;
  later.known.threads = 2;
  ASSERT_EQ(stratem_options_set_common(handle.get(), &later.known), STRATEM_OK);
  EXPECT_EQ(values().threads, 2);
  later.known.threads = 3;
  later.later = 1.0;
  expect_input_error(stratem_options_set_common(handle.get(), &later.known),
                     "common: a member that this version of the library does not know is not 0");
  EXPECT_EQ(values().threads, 2);
}

TEST_F(COptions, WriteOnlyTheMembersOfALaterStructThatTheyKnow) {
  struct {
    stratem_option_description known;
    double later;
  } later{{}, 7.0};
  later.known.struct_size = sizeof later;
  ASSERT_EQ(stratem_describe_option(0, &later.known), STRATEM_OK);
  EXPECT_EQ(later.later, 7.0);
  EXPECT_EQ(later.known.struct_size, sizeof later);
}

}  // namespace
}  // namespace stratem::test
