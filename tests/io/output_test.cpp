// Output files, and what is left behind if they cannot be written.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "io/output_file.hpp"
#include "io/support.hpp"
#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// While such an object exists, no file of this process may exceed a size, as if the disk were
/// full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

ModelSet large_set() {
  ModelSet set;
  set.models = 100'000;
  set.layers = 1;
  set.resistivity.assign(100'000, 100.0 / 3.0);
  return set;
}

class Output : public DataFiles {};

TEST_F(Output, IsNotPutInPlaceOfAnExistingFile) {
  for (const auto* name : {"m.h5", "m.csv"}) {
    with_text(name, "precious");
    EXPECT_EQ(message_of([&] { write_models(path(name), one_layer_set()); }),
              std::string(name) +
                  ": exists already, allowed is a new name or asking to replace it (--force)");
    EXPECT_EQ(bytes_of(path(name)), "precious");
  }
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(Output, ReplacesAnExistingFileIfAsked) {
  for (const auto* name : {"m.h5", "m.csv"}) {
    with_text(name, "old");
    write_models(path(name), one_layer_set(), true);
    expect_same(read_models(path(name)), one_layer_set());
  }
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(Output, IsRefusedWhereThereIsNoFolder) {
  EXPECT_EQ(message_of([&] { write_models(path("none/m.h5"), one_layer_set()); }),
            "none/m.h5: cannot be written: No such file or directory");
  EXPECT_EQ(message_of([&] { check_writable(path("none/m.csv"), false); }),
            "none/m.csv: cannot be written: No such file or directory");
}

TEST_F(Output, IsRefusedBelowAFile) {
  with_text("file", "");
  EXPECT_EQ(message_of([&] { check_writable(path("file/m.h5"), false); }),
            "file/m.h5: cannot be written: Not a directory");
}

TEST_F(Output, IsRefusedWhereThereIsAFolderOfItsName) {
  std::filesystem::create_directory(path("m.h5"));
  EXPECT_EQ(message_of([&] { check_writable(path("m.h5"), true); }),
            "m.h5: is a folder, allowed is a file");
}

TEST_F(Output, IsRefusedInAFolderThatMayNotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "the administrator may write anywhere";
  std::filesystem::create_directory(path("locked"));
  ASSERT_EQ(chmod(path("locked").c_str(), 0555), 0);
  EXPECT_EQ(message_of([&] { check_writable(path("locked/m.h5"), true); }),
            "locked/m.h5: cannot be written: Permission denied");
}

TEST_F(Output, IsRefusedWhereTheSystemTakesNoFiles) {
  if (!std::filesystem::is_directory("/proc/self")) GTEST_SKIP() << "needs /proc";
  EXPECT_THAT(message_of([] { check_writable("/proc/self/m.h5", false); }),
              StartsWith("/proc/self/m.h5: cannot be written: "));
}

TEST_F(Output, IsCheckedBeforehandAndLeavesNothing) {
  EXPECT_NO_THROW(check_writable(path("m.h5"), false));
  EXPECT_NO_THROW(check_writable(path("m.H5"), false));
  EXPECT_NO_THROW(check_writable(path("m.csv"), true));
  EXPECT_TRUE(names().empty());
  with_text("m.h5", "precious");
  EXPECT_THAT(message_of([&] { check_writable(path("m.h5"), false); }),
              HasSubstr("exists already"));
  EXPECT_NO_THROW(check_writable(path("m.h5"), true));
  EXPECT_EQ(bytes_of(path("m.h5")), "precious");
  EXPECT_EQ(message_of([&] { check_writable(path("m.txt"), false); }),
            "m.txt: the name ends in \".txt\", allowed is .h5, .hdf5 or .csv");
}

TEST_F(Output, OfTwoWritersAtOnceIsOneOfTheirs) {
  io::OutputFile first(path("m.csv"), false);
  io::OutputFile second(path("m.csv"), false);
  first.write("first");
  second.write("second");
  first.commit();
  EXPECT_THAT(message_of([&] { second.commit(); }), HasSubstr("exists already"));
  EXPECT_EQ(bytes_of(path("m.csv")), "first");
}

TEST_F(Output, OnAFullDiskIsAnErrorThatLeavesNothing) {
  for (const auto* name : {"m.h5", "m.csv"}) {
    const FullDisk disk(100'000);
    EXPECT_THAT(message_of<IoError>([&] { write_models(path(name), large_set()); }),
                testing::AllOf(StartsWith(std::string(name) + ": "),
                               HasSubstr("cannot be written: File too large")));
    EXPECT_TRUE(names().empty());
  }
  write_models(path("after.h5"), large_set());
  expect_same(read_models(path("after.h5")), large_set());
}

TEST_F(Output, OnAFullDiskKeepsTheOldFile) {
  with_text("m.h5", "precious");
  {
    const FullDisk disk(100'000);
    EXPECT_THROW(write_models(path("m.h5"), large_set(), true), IoError);
  }
  EXPECT_THAT(names(), ElementsAre("m.h5"));
  EXPECT_EQ(bytes_of(path("m.h5")), "precious");
}

TEST_F(Output, OnADiskThatIsFullAtTheVeryEndIsAnError) {
  write_models(path("small.h5"), one_layer_set());
  const auto size = std::filesystem::file_size(path("small.h5"));
  for (rlim_t bytes = 0; bytes < size; bytes += 301) {
    const FullDisk disk(bytes);
    EXPECT_THROW(write_models(path("m.h5"), one_layer_set()), IoError) << bytes;
    EXPECT_FALSE(std::filesystem::exists(path("m.h5"))) << bytes;
  }
  EXPECT_THAT(names(), ElementsAre("small.h5"));
}

}  // namespace
}  // namespace stratem::test
