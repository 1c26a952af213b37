// Systems of the C interface: files, JSON, gates, texts, and the faults of each call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "c/support.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;

const std::string fixtures = STRATEM_SOURCE_DIR "/tests/io/fixtures/";

stratem_import_options import_options() {
  stratem_import_options import{};
  import.struct_size = sizeof import;
  return import;
}

Outcome read(const std::string& path, const stratem_import_options* import) {
  char anything = 0;
  auto* system = reinterpret_cast<stratem_system*>(&anything);
  Outcome read = outcome(stratem_system_read(path.c_str(), import, &system));
  EXPECT_EQ(system == nullptr, read.code != STRATEM_OK);
  stratem_system_destroy(system);
  return read;
}

TEST(CSystem, IsReadFromFilesAsInCpp) {
  const double height = 30.0;
  const std::array receiver{-10.0, 0.0, 2.0};
  const std::array<std::int32_t, 2> components{STRATEM_COMPONENT_X, STRATEM_COMPONENT_Z};
  stratem_import_options import = import_options();
  import.transmitter_height = &height;
  import.receiver = receiver.data();
  import.components = components.data();
  import.component_count = 2;
  const std::string path = fixtures + "broken_hill.stm";
  const auto system = made<SystemHandle>(
      [&](auto* handle) { return stratem_system_read(path.c_str(), &import, handle); });

  const SystemFile expected =
      read_system(path, {30.0, receiver, {Component::x, Component::z}, false});
  std::string json(100000, '?');
  std::size_t needed = 0;
  ASSERT_EQ(stratem_system_json(system.get(), json.data(), json.size(), &needed), STRATEM_OK);
  EXPECT_EQ(needed, std::strlen(json.data()) + 1);
  EXPECT_EQ(json.data(), to_json(expected.system));

  std::int64_t notes = -1;
  ASSERT_EQ(stratem_system_note_count(system.get(), &notes), STRATEM_OK);
  ASSERT_EQ(notes, static_cast<std::int64_t>(expected.notes.size()));
  ASSERT_GT(notes, 0);
  for (std::int64_t i = 0; i < notes; ++i) {
    const char* note = nullptr;
    ASSERT_EQ(stratem_system_note(system.get(), i, &note), STRATEM_OK);
    EXPECT_EQ(note, expected.notes[static_cast<std::size_t>(i)]);
  }
  const char* note = nullptr;
  EXPECT_EQ(stratem_system_note(system.get(), notes, &note), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), HasSubstr("index: "));
  EXPECT_EQ(stratem_system_note(system.get(), -1, &note), STRATEM_ERROR_INPUT);
}

TEST(CSystem, KeepsAllGatesOfAGexFileIfAsked) {
  const double height = 30.0;
  stratem_import_options import = import_options();
  import.transmitter_height = &height;
  const std::string path = fixtures + "two_moments.gex";
  EXPECT_EQ(read(path, &import).code, STRATEM_OK);
  import.all_gates = 1;  // among them those that the file says to remove: they open before t = 0
  EXPECT_THAT(read(path, &import).message, HasSubstr("moments[0].gates.open[0]: -1e-06"));
}

TEST(CSystem, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(read("/no/such/system.json", nullptr).code, STRATEM_ERROR_IO);
  EXPECT_THAT(stratem_last_error(), HasSubstr("/no/such/system.json"));
  EXPECT_EQ(read(fixtures + "system.txt", nullptr).code, STRATEM_ERROR_INPUT);
  EXPECT_EQ(read(fixtures + "broken_hill.stm", nullptr).code, STRATEM_ERROR_INPUT);
  stratem_system* system = nullptr;
  expect_input_error(stratem_system_read(nullptr, nullptr, &system), "path: NULL");
  expect_input_error(stratem_system_read("a.json", nullptr, nullptr), "system: NULL");
}

TEST(CSystem, ChecksImportOptions) {
  const std::string path = fixtures + "broken_hill.stm";
  stratem_import_options import = import_options();
  import.component_count = 1;
  EXPECT_EQ(read(path, &import).message, "components: NULL");
  const std::int32_t component = 3;
  import.components = &component;
  EXPECT_EQ(read(path, &import).message, "components: 3, allowed is 0 (x), 1 (y) or 2 (z)");
  for (const std::int64_t count : {-1, 4}) {
    import.component_count = count;
    EXPECT_EQ(read(path, &import).message,
              "component_count: " + std::to_string(count) + ", allowed is 0 to 3");
  }
  import.struct_size = 0;
  EXPECT_THAT(read(path, &import).message, HasSubstr("import.struct_size: 0, allowed is"));
}

TEST(CSystem, SaysWhatIsWrongWithJson) {
  char anything = 0;
  auto* system = reinterpret_cast<stratem_system*>(&anything);
  EXPECT_EQ(stratem_system_from_json("{\"momnts\": []}", &system), STRATEM_ERROR_INPUT);
  EXPECT_EQ(system, nullptr);
  EXPECT_THAT(stratem_last_error(), HasSubstr("momnts"));
  expect_input_error(stratem_system_from_json(nullptr, &system), "json: NULL");
  expect_input_error(stratem_system_from_json("{}", nullptr), "system: NULL");
}

TEST(CSystem, ShowsGatesOfAllMoments) {
  System system = nine_gates();
  system.moments.push_back(system.moments.front());
  system.moments.back().gates = {{2e-3, 3e-3}, {4e-3, 4e-3}};
  const auto handle = system_handle(system);
  std::vector<double> open(11);
  std::vector<double> close(11);
  std::vector<std::int32_t> moment(11);
  ASSERT_EQ(stratem_system_gates(handle.get(), 11, open.data(), close.data(), moment.data()),
            STRATEM_OK);
  EXPECT_EQ(open[8], system.moments[0].gates[8].open);
  EXPECT_EQ(open[9], 2e-3);
  EXPECT_EQ(close[9], 3e-3);
  EXPECT_EQ(close[10], 4e-3);
  EXPECT_EQ(moment, (std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}));
  EXPECT_EQ(stratem_system_gates(handle.get(), 11, nullptr, nullptr, nullptr), STRATEM_OK);

  open.assign(11, -1.0);
  expect_input_error(stratem_system_gates(handle.get(), 10, open.data(), nullptr, nullptr),
                     "gates: 10, allowed is 11");
  EXPECT_EQ(open, std::vector<double>(11, -1.0));
}

TEST(CSystem, WritesTextsThatFitOnly) {
  const auto system = system_handle();
  std::size_t needed = 0;
  ASSERT_EQ(stratem_system_json(system.get(), nullptr, 0, &needed), STRATEM_OK);
  EXPECT_EQ(needed, to_json(nine_gates()).size() + 1);
  std::vector<char> text(needed, '?');
  ASSERT_EQ(stratem_system_json(system.get(), text.data(), needed, nullptr), STRATEM_OK);
  EXPECT_EQ(text.data(), to_json(nine_gates()));

  text.assign(needed, '?');
  const std::string sizes =
      std::to_string(needed - 1) + ", allowed is " + std::to_string(needed) + " or more";
  std::size_t again = 0;
  expect_input_error(stratem_system_json(system.get(), text.data(), needed - 1, &again),
                     "text_size: " + sizes);
  EXPECT_EQ(again, needed);
  EXPECT_EQ(text, std::vector<char>(needed, '?'));
  expect_input_error(stratem_system_json(system.get(), nullptr, needed, nullptr), "text: NULL");
}

TEST(CSystem, RefusesNull) {
  const auto system = system_handle();
  std::int64_t number = 0;
  const char* note = nullptr;
  expect_input_error(stratem_system_json(nullptr, nullptr, 0, nullptr), "system: NULL");
  expect_input_error(stratem_system_note_count(nullptr, &number), "system: NULL");
  expect_input_error(stratem_system_note_count(system.get(), nullptr), "count: NULL");
  expect_input_error(stratem_system_note(nullptr, 0, &note), "system: NULL");
  expect_input_error(stratem_system_gate_count(nullptr, &number), "system: NULL");
  expect_input_error(stratem_system_gate_count(system.get(), nullptr), "gates: NULL");
  expect_input_error(stratem_system_gates(nullptr, 9, nullptr, nullptr, nullptr), "system: NULL");
  stratem_system_destroy(nullptr);
}

}  // namespace
}  // namespace stratem::test
