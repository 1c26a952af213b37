// The response file of a run: before the run's end, after damage, and with a second writer.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <span>
#include <thread>

#include "base/checksum.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/runs/checked_responses.hpp"
#include "io/runs/run_file_support.hpp"

namespace stratem::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// A number that is not a multiple of a block or batch, and more than two blocks of checksums.
constexpr std::int64_t models = 10'007;
constexpr RunFileOptions resume{.existing = Existing::resume};
constexpr RunFileOptions replace{.existing = Existing::replace};

class RunFiles : public DataFiles {
 protected:
  std::filesystem::path out() const { return path("out.h5"); }

  /// Leaves a file whose run stopped after a number of models.
  void stopped_after(std::int64_t count) const {
    RunFile file(out(), run_of(models));
    write_models_to(file, count);
  }
  std::string resuming(const RunDescription& run) const {
    return message_of([&] { RunFile(out(), run, resume); });
  }
  void flip_byte(std::int64_t place) const {
    std::fstream file(out(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(place);
    const int byte = file.get();
    file.seekp(place);
    file.put(static_cast<char>(byte ^ 0x10));
  }
  io::ResponseOffsets offsets() const { return io::response_offsets(io::hdf5::InputFile(out())); }
};

TEST(Checksum, GoesOnWhereItEnded) {
  const std::vector<double> all{1.0, -0.0, nan, 5e-324, 1e300};
  const std::span<const double> numbers(all);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    EXPECT_EQ(base::checksum(numbers.subspan(cut), base::checksum(numbers.first(cut))),
              base::checksum(numbers));
  }
}

TEST(Checksum, ChangesWithEveryBitAndWithTheOrder) {
  const std::vector<std::uint64_t> numbers{1, 0, 0, 42, ~std::uint64_t{0}};
  const auto sum = base::checksum(std::span<const std::uint64_t>(numbers));
  for (std::size_t bit = 0; bit < 64 * numbers.size(); ++bit) {
    auto changed = numbers;
    changed[bit / 64] ^= std::uint64_t{1} << bit % 64;
    EXPECT_NE(base::checksum(std::span<const std::uint64_t>(changed)), sum) << bit;
  }
  auto turned = numbers;
  std::swap(turned[0], turned[3]);
  EXPECT_NE(base::checksum(std::span<const std::uint64_t>(turned)), sum);
  EXPECT_NE(base::checksum(std::span<const std::uint64_t>(numbers).first(2)),
            base::checksum(std::span<const std::uint64_t>(numbers).first(3)));
}

TEST(Checksum, IsTheFirstHalfOfMurmurHash3) {
  // Worked out by hand: rotl(1 * c1, 31) * c2, then rotl(., 27) * 5 + the constant.
  constexpr std::uint64_t c1 = 0x87C37B91114253D5U;
  constexpr std::uint64_t c2 = 0x4CF5AD432745937FU;
  const std::uint64_t mixed = (c1 << 31 | c1 >> 33) * c2;
  const std::vector<std::uint8_t> one{1};
  EXPECT_EQ(base::checksum(std::span<const std::uint8_t>(one)),
            (mixed << 27 | mixed >> 37) * 5 + 0x52DCE729U);
}

TEST_F(RunFiles, HoldWhatWasWrittenToTheLastBit) {
  RunFile file(out(), run_of(models));
  EXPECT_EQ(file.done(), 0);
  write_models_to(file, models);
  EXPECT_EQ(file.rest().count, 0);
  EXPECT_FALSE(file.complete());
  file.finish();
  file.finish();
  EXPECT_TRUE(file.complete());
  EXPECT_EQ(file.statuses()[Status::bad_depth], (models + 6) / 7);
  expect_whole(out(), models);
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(RunFiles, AreTheSameToTheLastByteWhateverThePieces) {
  for (const std::int64_t piece : {1, 1000, 4096, 20'000}) {
    RunFile file(out(), run_of(models), replace);
    write_models_to(file, models, piece);
    file.finish();
    if (piece == 1) std::filesystem::copy(out(), path("by one.h5"));
    EXPECT_TRUE(bytes_of(out()) == bytes_of(path("by one.h5"))) << piece;
  }
}

TEST_F(RunFiles, MayHoldNoModelsOrOne) {
  for (const std::int64_t few : {0, 1}) {
    RunFile file(out(), run_of(few), replace);
    write_models_to(file, few);
    file.finish();
    expect_whole(out(), few);
  }
}

TEST_F(RunFiles, CanBeReadWhileTheyAreWritten) {
  RunFile file(out(), run_of(models));
  write_models_to(file, 5000);
  file.checkpoint();
  const io::hdf5::InputFile reader(out());
  EXPECT_EQ(reader.words("checkpoint").at(0), 5000U);
  EXPECT_EQ(reader.number_attribute("complete"), 0.0);
  const auto rows = reader.rows("response", 4999, 1);
  expect_same_bits(rows, responses_of(4999, 1).response, "response");
  EXPECT_THAT(message_of([&] { read_responses(out()); }), StartsWith("out.h5: not complete"));
}

TEST_F(RunFiles, NoteByThemselvesWhatHasBeenWritten) {
  RunFile file(out(), run_of(models), {.checkpoint_seconds = 0.01});
  write_models_to(file, 5000);
  for (int wait = 0; wait < 500; ++wait) {
    if (io::hdf5::InputFile(out()).words("checkpoint").at(0) == 5000) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "no checkpoint";
}

TEST_F(RunFiles, GoOnWhereTheyStopped) {
  stopped_after(0);
  for (const std::int64_t count : {1, 4095, 1, 3000}) {
    RunFile file(out(), run_of(models), resume);
    write_models_to(file, count);
  }
  RunFile file(out(), run_of(models), resume);
  EXPECT_EQ(file.done(), 7097);
  EXPECT_EQ(file.statuses()[Status::bad_depth], (7097 + 6) / 7);
  write_models_to(file, models - 7097);
  file.finish();
  expect_whole(out(), models);

  RunFile whole(path("unbroken.h5"), run_of(models));
  write_models_to(whole, models);
  whole.finish();
  EXPECT_TRUE(bytes_of(out()) == bytes_of(path("unbroken.h5")));
}

TEST_F(RunFiles, ThatAreCompleteStaySo) {
  {
    RunFile file(out(), run_of(models), resume);
    write_models_to(file, models);
    file.finish();
  }
  const std::string before = bytes_of(out());
  RunFile file(out(), run_of(models), resume);
  EXPECT_TRUE(file.complete());
  EXPECT_EQ(file.rest().count, 0);
  file.finish();
  EXPECT_TRUE(bytes_of(out()) == before);
}

TEST_F(RunFiles, OfAllModelsButNoEndAreEndedWhenResumed) {
  stopped_after(models);
  RunFile file(out(), run_of(models), resume);
  EXPECT_FALSE(file.complete());
  file.finish();
  expect_whole(out(), models);
}

TEST_F(RunFiles, TakeModelsInTheirOrderOnly) {
  RunFile file(out(), part_of(run_of(models), 100, 50));
  EXPECT_EQ(message_of([&] { file.write(0, responses_of(0, 10)); }),
            "out.h5: models from 0 on, 10, allowed is from 100 on, at most 50");
  EXPECT_THAT(message_of([&] { file.write(100, responses_of(100, 51)); }), HasSubstr("at most 50"));
  EXPECT_EQ(message_of([&] { file.finish(); }), "out.h5: not complete: 0 of 50 models are in it");
}

TEST_F(RunFiles, SayWhatDiffersFromTheRunThatWouldGoOn) {
  stopped_after(5000);
  const auto with = [](auto change) {
    RunDescription run = run_of(models);
    change(run);
    return run;
  };
  const std::string other = "out.h5: is of another run: ";
  EXPECT_EQ(resuming(with([](auto& run) {
              run.options = R"({"tolerance":0.001,"height-range":[30.0,60.0]})";
            })),
            other + "tolerance is 0.001, not 0.0001");
  EXPECT_EQ(resuming(with([](auto& run) {
              run.options = R"({"tolerance":0.0001,"height-range":[30.0,65.0]})";
            })),
            other + "height-range[1] is 65.0, not 60.0");
  EXPECT_EQ(resuming(with([](auto& run) { run.options = R"({"tolerance":0.0001})"; })),
            other + "height-range is missing, not [30.0,60.0]");
  EXPECT_EQ(resuming(with(
                [](auto& run) { run.attributes.system.moments[0].transmitters[0].height = 31.0; })),
            other + "system.moments[0].transmitter.height is 31, not 30");
  EXPECT_EQ(resuming(with(
                [](auto& run) { run.models = R"({"source":"prior","models":10007,"seed":2})"; })),
            other + "models.seed is 2, not 1");
  EXPECT_EQ(resuming(with([](auto& run) { run.attributes.backend = "reference"; })),
            other + "backend is \"reference\", not \"cpu\"");
  EXPECT_EQ(resuming(with([](auto& run) { run.attributes.device = "CPU, AVX3"; })),
            other + "device is \"CPU, AVX3\", not \"CPU, AVX2\"");
  EXPECT_EQ(resuming(with([](auto& run) { run.attributes.plan_error = 4e-5; })),
            other + "plan_error is 4e-05, not 3.25e-05");
  EXPECT_EQ(resuming(part_of(run_of(models), 7, 100)),
            "out.h5: is of other models of the run: from model 0 on 10007, not from 7 on 100");
  EXPECT_EQ(resuming(run_of(models)), "no error");
}

TEST_F(RunFiles, AreNotReplacedUnlessAsked) {
  stopped_after(5000);
  const std::string refusal = message_of([&] { RunFile(out(), run_of(models)); });
  EXPECT_THAT(refusal, AllOf(StartsWith("out.h5: exists already"), HasSubstr("--resume"),
                             HasSubstr("5000 of 10007 models")));
  EXPECT_EQ(message_of([&] { check_run_file(out(), Existing::refuse); }), refusal);
  RunFile file(out(), run_of(3), replace);
  write_models_to(file, 3);
  file.finish();
  expect_whole(out(), 3);
  EXPECT_THAT(message_of([&] { RunFile(out(), run_of(3)); }),
              AllOf(StartsWith("out.h5: exists already"), testing::Not(HasSubstr("--resume"))));
}

TEST_F(RunFiles, HaveOneWriterAtATime) {
  RunFile file(out(), run_of(models));
  for (const auto existing : {Existing::resume, Existing::replace}) {
    EXPECT_EQ(message_of([&] { RunFile(out(), run_of(models), {.existing = existing}); }),
              "out.h5: is being written by another process");
    EXPECT_EQ(message_of([&] { check_run_file(out(), existing); }),
              "out.h5: is being written by another process");
  }
  write_models_to(file, models);
  file.finish();
  expect_whole(out(), models);
}

TEST_F(RunFiles, ThatAreDamagedAreRefused) {
  stopped_after(9000);
  const std::string whole = bytes_of(out());
  const auto at = offsets();
  const auto refusal_after_flip = [&](std::int64_t place) {
    with_text("out.h5", whole);
    flip_byte(place);
    return resuming(run_of(models));
  };
  EXPECT_EQ(refusal_after_flip(at.response_of(5000, 2)),
            "out.h5: response or status: not what was written for models 4096 to 8191, the file is "
            "damaged");
  EXPECT_THAT(refusal_after_flip(at.response_of(8999, 2)), HasSubstr("for models 8192 to 8999"));
  EXPECT_THAT(refusal_after_flip(at.status + 3), HasSubstr("for models 0 to 4095"));
  EXPECT_THAT(refusal_after_flip(at.checksum_of(1)), HasSubstr("for models 4096 to 8191"));
  EXPECT_THAT(refusal_after_flip(at.checkpoint), HasSubstr("the file is damaged"));
  EXPECT_THAT(refusal_after_flip(at.checkpoint + 7), HasSubstr("the file is damaged"));
  EXPECT_THAT(refusal_after_flip(at.checkpoint + 8), HasSubstr("for models 8192 to 8999"));
  // Responses after the checkpoint are not guaranteed.
  EXPECT_EQ(refusal_after_flip(at.response_of(9000, 2)), "no error");
}

TEST_F(RunFiles, ThatAreCutAnywhereAreRefused) {
  stopped_after(9000);
  const std::string whole = bytes_of(out());
  for (std::size_t size = 0; size < whole.size(); size += 4999) {
    with_text("out.h5", whole.substr(0, size));
    EXPECT_THAT(resuming(run_of(models)), StartsWith("out.h5: ")) << size;
  }
}

TEST_F(RunFiles, OfOtherProgramsAreRefused) {
  with_text("out.h5", "not HDF5");
  EXPECT_THAT(resuming(run_of(models)), StartsWith("out.h5: not a complete HDF5 file"));
  std::filesystem::remove(out());
  write_responses(out(), responses_of(0, 3), run_of(3).attributes);
  EXPECT_EQ(resuming(run_of(3)), "out.h5: is no response file of a run");
}

TEST_F(RunFiles, AreCompressedAtTheEndIfAsked) {
  {
    RunFile file(out(), run_of(models), {.compression = 4});
    write_models_to(file, 6000);
  }
  const auto size = std::filesystem::file_size(out());
  RunFile file(out(), run_of(models), {.existing = Existing::resume, .compression = 4});
  write_models_to(file, models - 6000);
  file.finish();
  EXPECT_LT(std::filesystem::file_size(out()), size);
  EXPECT_EQ(offsets().response, -1);
  expect_whole(out(), models);
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(RunFiles, RefuseOptionsOutsideTheirBounds) {
  const auto refusal = [&](const RunFileOptions& options) {
    return message_of([&] { RunFile(out(), run_of(3), options); });
  };
  EXPECT_EQ(refusal({.checkpoint_seconds = 0.0}), "checkpoint: 0, allowed is 0.01 to 86400 s");
  EXPECT_EQ(refusal({.compression = 10}), "compress: 10, allowed is 0 to 9");
  EXPECT_TRUE(names().empty());
}

/// While such an object exists, files may not exceed a number of bytes, as if a small disk were
/// full.
class SizeLimit {
 public:
  explicit SizeLimit(std::int64_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(bytes);
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST_F(RunFiles, ForWhichThereIsNoSpaceAreNotMade) {
  const SizeLimit limit(50'000);
  EXPECT_THAT(message_of<IoError>([&] { RunFile(out(), run_of(models)); }),
              AllOf(StartsWith("out.h5: "), HasSubstr("cannot be written: File too large")));
  EXPECT_TRUE(names().empty());
}

TEST_F(RunFiles, KeepTheirCheckpointWhenTheDiskIsFull) {
  stopped_after(1000);
  {
    RunFile file(out(), run_of(models), resume);
    // Responses of the first 5000 models and a half.
    const SizeLimit limit(offsets().response_of(5000, 2) + 8);
    EXPECT_THAT(message_of<IoError>([&] { write_models_to(file, models - 1000); }),
                StartsWith("out.h5: cannot be written: File too large (5000 of 10007 models"));
  }
  RunFile file(out(), run_of(models), resume);
  EXPECT_EQ(file.done(), 5000);
  write_models_to(file, models - file.done());
  file.finish();
  expect_whole(out(), models);
}

TEST_F(RunFiles, AreRightUpToTheirCheckpointWheneverTheirWriterIsKilled) {
  std::int64_t furthest = 0;
  for (int round = 0; round < 20; ++round) {
    const pid_t writer = fork();
    if (writer == 0) {
      RunFile file(out(), run_of(models),
                   {.existing = Existing::resume, .checkpoint_seconds = 0.01});
      write_models_to(file, file.rest().count, 7);
      file.finish();
      _exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + 3 * round));
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    if (!std::filesystem::exists(out())) continue;
    const io::hdf5::InputFile file(out());
    std::int64_t row = 0;
    io::check_responses(file, [&](const Responses& found) {
      const Responses expected = responses_of(row, found.models);
      expect_same_bits(found.response, expected.response, "response");
      EXPECT_EQ(found.status, expected.status);
      row += found.models;
    });
    EXPECT_GE(row, furthest);
    furthest = row;
  }
  RunFile file(out(), run_of(models), resume);
  write_models_to(file, file.rest().count);
  file.finish();
  expect_whole(out(), models);
}

}  // namespace
}  // namespace stratem::test
