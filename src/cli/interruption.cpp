#include "cli/interruption.hpp"

namespace stratem::cli {
namespace {

volatile std::sig_atomic_t signal_seen = 0;

extern "C" void note_signal(int) { signal_seen = 1; }

void listen_for(int signal, struct sigaction& before) {
  sigaction(signal, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction note {};
  note.sa_handler = note_signal;
  note.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(signal, &note, nullptr);
}

}  // namespace

Interruption::Interruption() {
  signal_seen = 0;
  listen_for(SIGINT, interrupt_);
  listen_for(SIGTERM, terminate_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
}

bool Interruption::asked() const { return signal_seen != 0; }

}  // namespace stratem::cli
