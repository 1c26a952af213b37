#include "c/error.hpp"

#include <array>
#include <cstddef>
#include <new>
#include <string_view>

namespace stratem::c {
namespace {

static_assert(STRATEM_ERROR_INPUT == static_cast<int>(ErrorCode::input));
static_assert(STRATEM_ERROR_IO == static_cast<int>(ErrorCode::io));
static_assert(STRATEM_ERROR_UNAVAILABLE == static_cast<int>(ErrorCode::unavailable));
static_assert(STRATEM_ERROR_DEVICE == static_cast<int>(ErrorCode::device));
static_assert(STRATEM_ERROR_CANCELLED == static_cast<int>(ErrorCode::cancelled));

// Of fixed size, so that a lack of memory can be reported too. stratem.h states the size.
thread_local std::array<char, 2048> last_message{};

int keep(stratem_error code, std::string_view message) noexcept {
  const std::size_t length = message.copy(last_message.data(), last_message.size() - 1);
  last_message[length] = '\0';
  return code;
}

}  // namespace

int keep_current_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return keep(static_cast<stratem_error>(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return keep(STRATEM_ERROR_MEMORY, stratem_error_text(STRATEM_ERROR_MEMORY));
  } catch (const std::exception& error) {
    return keep(STRATEM_ERROR_INTERNAL, error.what());
  } catch (...) {
    return keep(STRATEM_ERROR_INTERNAL, "an exception that is no std::exception");
  }
}

}  // namespace stratem::c

const char* stratem_last_error(void) { return stratem::c::last_message.data(); }

const char* stratem_error_text(int error) {
  switch (error) {
    case STRATEM_OK:
      return "no error";
    case STRATEM_ERROR_INPUT:
      return "something in the input is not allowed";
    case STRATEM_ERROR_IO:
      return "a file could not be opened, read or written";
    case STRATEM_ERROR_UNAVAILABLE:
      return "a backend is not built or not usable on this machine";
    case STRATEM_ERROR_DEVICE:
      return "a GPU failed";
    case STRATEM_ERROR_CANCELLED:
      return "the callback asked to stop";
    case STRATEM_ERROR_MEMORY:
      return "not enough memory";
    case STRATEM_ERROR_INTERNAL:
      return "a fault of the library or of the callback";
    default:
      return "unknown error";
  }
}
