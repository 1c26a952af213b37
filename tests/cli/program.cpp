#include "cli/program.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace stratem::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A pseudo-terminal: what the program writes to `device` is read from `control`.
struct Terminal {
  int control = -1;
  int device = -1;
};

/// Without a device where the machine has no pseudo-terminals.
Terminal open_terminal() {
  const int control = posix_openpt(O_RDWR | O_NOCTTY);
  if (control < 0 || grantpt(control) != 0 || unlockpt(control) != 0) return {control, -1};
  return {control, open(ptsname(control), O_RDWR | O_NOCTTY)};
}

std::string read_until_closed(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void wait_for(pid_t process, Outcome& outcome) {
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.peak_memory = std::int64_t{usage.ru_maxrss} * 1024;
}

int new_file(const fs::path& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

[[noreturn]] void become(const fs::path& folder, const std::string& file,
                         std::vector<std::string> words, int output, int errors) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  if (chdir(folder.c_str()) == 0) execv(file.c_str(), pointers.data());
  _exit(127);
}

/// Both streams go to files beside the folder, so that no pipe can fill up.
Outcome run_program(const fs::path& folder, const std::string& file,
                    const std::vector<std::string>& words, Errors errors,
                    const Signal& signal = {}) {
  const fs::path output_path = folder.string() + ".stdout";
  const fs::path errors_path = folder.string() + ".stderr";
  const Terminal terminal = errors == Errors::terminal ? open_terminal() : Terminal{};
  const int output = new_file(output_path);
  const int error_output = errors == Errors::terminal ? terminal.device : new_file(errors_path);

  const pid_t process = fork();
  if (process == 0) become(folder, file, words, output, error_output);
  close(output);
  close(error_output);

  if (signal.number != 0) {
    std::this_thread::sleep_for(signal.after);
    kill(process, signal.number);
  }
  Outcome outcome;
  if (errors == Errors::terminal) {
    outcome.errors = read_until_closed(terminal.control);
    close(terminal.control);
  }
  wait_for(process, outcome);
  outcome.output = contents(output_path);
  if (errors == Errors::file) outcome.errors = contents(errors_path);
  fs::remove(output_path);
  fs::remove(errors_path);
  return outcome;
}

}  // namespace

bool has_terminals() {
  const Terminal terminal = open_terminal();
  if (terminal.device >= 0) close(terminal.device);
  if (terminal.control >= 0) close(terminal.control);
  return terminal.device >= 0;
}

Outcome ProgramTest::run(const std::vector<std::string>& arguments, Errors errors,
                         const Signal& signal) const {
  std::vector<std::string> words{"stratem"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_program(folder(), STRATEM_PROGRAM, words, errors, signal);
}

Outcome ProgramTest::run_in_shell(const std::string& line) const {
  return run_program(folder(), "/bin/sh", {"sh", "-c", "STRATEM='" STRATEM_PROGRAM "'\n" + line},
                     Errors::file);
}

void ProgramTest::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder() / name, std::ios::binary) << text;
}

std::string ProgramTest::read(const std::string& name) const { return contents(folder() / name); }

std::vector<std::string> ProgramTest::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder())) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

const char* const small_system = R"({
  "name": "small",
  "moments": [
    {
      "name": "LM",
      "transmitter": {"loop": {"type": "circle", "radius": 10.0}, "height": 0.0, "turns": 1},
      "receiver": {"position": [0.0, 0.0], "height": 0.0, "component": "z"},
      "quantity": "dbdt",
      "waveform": "step_off",
      "times": [1e-5, 1e-4]
    }
  ],
  "normalization": "current"
})";

const char* const good_models =
    "resistivity_1,resistivity_2,thickness_1\n"
    "100,10,20\n"
    "50,500,35.5\n";

const char* const models_with_bad_ones =
    "resistivity_1,resistivity_2,depth_1,depth_2\n"
    "100,10,0,20\n"
    "-100,10,0,20\n"
    "100,10,0,-20\n"
    "100,10,0,0\n";

const char* const small_prior = R"({
  "layers": [
    {"resistivity": {"distribution": "log-uniform", "min": 1.0, "max": 1000.0},
     "thickness": {"distribution": "uniform", "min": 5.0, "max": 50.0}},
    {"resistivity": {"distribution": "log-uniform", "min": 1.0, "max": 1000.0}}
  ]
})";

const char* const small_stm = R"(System Begin
	Name = Small
	Type = Time Domain
	Transmitter Begin
		NumberOfTurns = 1
		PeakCurrent   = 1
		LoopArea      = 1
		BaseFrequency = 25
		WaveformDigitisingFrequency = 819200
		WaveFormCurrent Begin
			-1.000E-02 0.000E+00
			-8.000E-03 1.000E+00
			0.000E+00 1.000E+00
			1.000E-05 0.000E+00
			1.000E-02 0.000E+00
		WaveFormCurrent End
	Transmitter End
	Receiver Begin
		NumberOfWindows = 2
		WindowWeightingScheme = AreaUnderCurve
		WindowTimes Begin
			1.00000E-04 2.00000E-04
			1.00000E-03 2.00000E-03
		WindowTimes End
	Receiver End
	ForwardModelling Begin
		ModellingLoopRadius = 10
		OutputType = dB/dt
		SaveDiagnosticFiles = no
		XOutputScaling = 1
		YOutputScaling = 1
		ZOutputScaling = 1
		SecondaryFieldNormalisation  =  none
		FrequenciesPerDecade = 5
		NumberOfAbsiccaInHankelTransformEvaluation = 21
	ForwardModelling End
System End
)";

}  // namespace stratem::test
