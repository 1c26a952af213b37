// The program: picks the verb, and turns an error into one line and an exit status.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"

namespace stratem::cli {
namespace {

/// All verbs, in the order in which help shows them.
std::vector<Verb> verbs() {
  return {forward_verb(),  merge_verb(), sample_verb(),  sweep_verb(), stats_verb(),
          validate_verb(), bench_verb(), convert_verb(), plot_verb(),  info_verb()};
}

constexpr const char* out_of_memory = "out of memory: use fewer models at a time";

void print_help(const std::vector<Verb>& all) {
  std::size_t width = 0;
  for (const auto& verb : all) width = std::max(width, verb.usage.verb.size());
  std::cout << "Forward modelling of one-dimensional transient electromagnetics, many models at a "
               "time.\n\nUsage:\n  stratem VERB [OPTIONS] ...\n\nVerbs:\n";
  for (const auto& verb : all) {
    const auto& name = verb.usage.verb;
    std::cout << "  " << name << std::string(width + 2 - name.size(), ' ') << verb.usage.summary
              << "\n";
  }
  std::cout << "\nOptions:\n  -h, --help     show this\n      --version  show the version\n\n"
               "'stratem VERB --help' says what a verb takes.\n";
}

[[noreturn]] void fail_unknown(const std::string& word, const std::vector<Verb>& all) {
  const bool option = word.starts_with('-');
  std::vector<std::string> known{"--help", "--version"};
  if (!option) known.clear();
  for (const auto& verb : all) {
    if (!option) known.push_back(verb.usage.verb);
  }
  throw InputError((option ? "unknown option " : "unknown verb ") + word + suggestion(word, known) +
                   " (see stratem --help)");
}

ExitStatus run(std::span<const char* const> words) {
  const auto all = verbs();
  const std::string first = words.empty() ? "--help" : words.front();
  if (first == "--help" || first == "-h") {
    print_help(all);
    return ExitStatus::done;
  }
  if (first == "--version") {
    std::cout << "stratem " << version() << "\n";
    return ExitStatus::done;
  }
  const auto verb = std::find_if(all.begin(), all.end(),
                                 [&](const Verb& each) { return each.usage.verb == first; });
  if (verb == all.end()) fail_unknown(first, all);

  const Arguments arguments(verb->usage, words.subspan(1));
  if (arguments.help()) {
    std::cout << help_text(verb->usage);
    return ExitStatus::done;
  }
  arguments.check_positionals();
  return verb->run(arguments);
}

/// True if the program that reads our standard output, such as head, has closed it.
bool reader_has_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void flush_standard_output() {
  std::cout.flush();
  if (!std::cout && !reader_has_gone()) {
    throw IoError("standard output: could not be written");
  }
}

ExitStatus report(const char* message, ExitStatus status) {
  std::cerr << "stratem: " << message << "\n";
  return status;
}

ExitStatus status_of(ErrorCode code) {
  const bool failure =
      code == ErrorCode::io || code == ErrorCode::device || code == ErrorCode::cancelled;
  return failure ? ExitStatus::failure : ExitStatus::bad_input;
}

/// The one place where exceptions become exit statuses.
ExitStatus run_and_report(std::span<const char* const> words) {
  try {
    const ExitStatus status = run(words);
    flush_standard_output();
    return status;
  } catch (const Error& error) {
    return report(error.what(), status_of(error.code()));
  } catch (const std::bad_alloc&) {
    return report(out_of_memory, ExitStatus::failure);
  } catch (const std::length_error&) {
    return report(out_of_memory, ExitStatus::failure);
  } catch (const std::exception& error) {
    return report(error.what(), ExitStatus::failure);
  }
}

}  // namespace
}  // namespace stratem::cli

int main(int argc, char** argv) {
  // A closed pipe must not end a run that is still writing responses to a file.
  std::signal(SIGPIPE, SIG_IGN);
  // If a file grows beyond the user's limit, the write must fail with a message.
  std::signal(SIGXFSZ, SIG_IGN);
  // Do not share buffers with C's streams, so that flush() reports a failed write.
  std::ios_base::sync_with_stdio(false);
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  return static_cast<int>(stratem::cli::run_and_report(words.empty() ? words : words.subspan(1)));
}
