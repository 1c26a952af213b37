// Words and numbers that need no handle.
#include "stratem/models.hpp"
#include "stratem/stratem.h"
#include "stratem/version.hpp"

namespace {

using stratem::Status;

static_assert(STRATEM_STATUS_OK == static_cast<int>(Status::ok));
static_assert(STRATEM_STATUS_BAD_RESISTIVITY == static_cast<int>(Status::bad_resistivity));
static_assert(STRATEM_STATUS_BAD_DEPTH == static_cast<int>(Status::bad_depth));
static_assert(STRATEM_STATUS_BAD_THICKNESS == static_cast<int>(Status::bad_thickness));
static_assert(STRATEM_STATUS_BAD_LAYER_COUNT == static_cast<int>(Status::bad_layer_count));
static_assert(STRATEM_STATUS_BAD_CHARGEABILITY == static_cast<int>(Status::bad_chargeability));
static_assert(STRATEM_STATUS_BAD_TIME_CONSTANT == static_cast<int>(Status::bad_time_constant));
static_assert(STRATEM_STATUS_BAD_EXPONENT == static_cast<int>(Status::bad_exponent));
static_assert(STRATEM_STATUS_BAD_HEIGHT == static_cast<int>(Status::bad_height));
static_assert(STRATEM_STATUS_OUT_OF_RANGE == static_cast<int>(Status::out_of_range));
static_assert(STRATEM_STATUS_FAILED == static_cast<int>(Status::failed));

}  // namespace

const char* stratem_version(void) { return stratem::version(); }

const char* stratem_status_text(uint8_t status) {
  // A literal, which ends with a 0.
  return stratem::describe(static_cast<Status>(status)).data();
}
