// The library's exceptions become those of the module stratem.errors, message unchanged.
#include <exception>

#include "bindings.hpp"
#include "stratem/error.hpp"

namespace stratem::python {
namespace {

/// The name of the class in stratem.errors.
const char* class_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::input:
      return "InputError";
    case ErrorCode::io:
      return "IoError";
    case ErrorCode::unavailable:
      return "UnavailableError";
    case ErrorCode::device:
      return "DeviceError";
    case ErrorCode::cancelled:
      return "CancelledError";
  }
  return "Error";
}

}  // namespace

void bind_errors(nb::module_&) {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const nb::object raised =
          nb::module_::import_("stratem.errors").attr(class_name(error.code()));
      PyErr_SetString(raised.ptr(), error.what());
    }
  });
}

}  // namespace stratem::python
