// Requests by the user to stop: SIGINT (Ctrl-C) and SIGTERM.
#pragma once

#include <csignal>

namespace stratem::cli {

/// While such an object exists, the first of these signals only makes asked() true, and the second
/// ends the process. A signal that the process was started to ignore stays ignored.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool asked() const;

 private:
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

}  // namespace stratem::cli
