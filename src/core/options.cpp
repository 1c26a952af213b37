#include "stratem/options.hpp"

#include <array>
#include <string>

#include "core/text.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

struct BackendWord {
  Backend backend;
  std::string_view word;
};
constexpr std::array<BackendWord, 4> backend_words{{{Backend::automatic, "auto"},
                                                    {Backend::reference, "reference"},
                                                    {Backend::cpu, "cpu"},
                                                    {Backend::cuda, "cuda"}}};
constexpr double smallest_tolerance = 1e-7;
constexpr double largest_tolerance = 1e-1;
constexpr int most_threads = 1024;

constexpr std::array<OptionDescription, 3> descriptions{{
    {"backend", "what computes: the fastest usable one, or the one named", "auto",
     "auto, cpu, cuda, reference"},
    {"tolerance", "largest relative error of a response, per gate; the reference ignores it",
     "1e-4", "1e-7 to 1e-1"},
    {"threads", "threads on this machine's cores; 0: one for every core", "0", "0 to 1024"},
}};

}  // namespace

std::string_view to_string(Backend backend) {
  for (const auto& entry : backend_words) {
    if (entry.backend == backend) return entry.word;
  }
  return "unknown";
}

Backend parse_backend(std::string_view word) {
  for (const auto& entry : backend_words) {
    if (entry.word == word) return entry.backend;
  }
  throw InputError("backend: " + std::string(word) + ", allowed is auto, cpu, cuda or reference");
}

void check(const Options& options) {
  if (!(options.tolerance >= smallest_tolerance && options.tolerance <= largest_tolerance)) {
    throw InputError("tolerance: " + core::to_text(options.tolerance) +
                     ", allowed is 1e-7 to 1e-1");
  }
  if (options.threads < 0 || options.threads > most_threads) {
    throw InputError("threads: " + std::to_string(options.threads) + ", allowed is 0 to 1024");
  }
}

std::span<const OptionDescription> describe_options() { return descriptions; }

}  // namespace stratem
