// The exceptions of the library. Nothing in it prints, aborts or exits.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "stratem/export.hpp"

namespace stratem {

/// What kind of fault an Error reports; one number for callers that cannot catch exceptions.
enum class ErrorCode : std::uint8_t {
  input = 1,        ///< a system, option, prior or file contains something that is not allowed
  io = 2,           ///< a file could not be opened, read or written
  unavailable = 3,  ///< a backend or feature is not built or not usable here
  device = 4,       ///< an accelerator failed
  cancelled = 5,    ///< the caller's callback asked to stop
};

/// Base of all exceptions of stratem. what() is one line naming the place (file, line or key), the
/// value and what is allowed.
class STRATEM_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// Something in the input is not allowed.
class STRATEM_EXPORT InputError : public Error {
 public:
  explicit InputError(const std::string& message) : Error(ErrorCode::input, message) {}
};

/// A file could not be opened, read or written.
class STRATEM_EXPORT IoError : public Error {
 public:
  explicit IoError(const std::string& message) : Error(ErrorCode::io, message) {}
};

/// A backend or feature is not built or not usable on this machine; what() says why.
class STRATEM_EXPORT UnavailableError : public Error {
 public:
  explicit UnavailableError(const std::string& message) : Error(ErrorCode::unavailable, message) {}
};

/// A device failed while computing.
class STRATEM_EXPORT DeviceError : public Error {
 public:
  explicit DeviceError(const std::string& message) : Error(ErrorCode::device, message) {}
};

/// The caller's callback asked to stop.
class STRATEM_EXPORT CancelledError : public Error {
 public:
  explicit CancelledError(const std::string& message) : Error(ErrorCode::cancelled, message) {}
};

}  // namespace stratem
