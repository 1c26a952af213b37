# Random123, a library of headers without a package configuration of its own. Sets RANDOM123_INCLUDE_DIR and
# Random123_VERSION, and defines the target Random123::Random123.
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h HINTS ${Random123_SOURCE_DIR}/include)
mark_as_advanced(RANDOM123_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Random123 REQUIRED_VARS RANDOM123_INCLUDE_DIR)
if(Random123_FOUND AND NOT TARGET Random123::Random123)
  add_library(Random123::Random123 INTERFACE IMPORTED)
  target_include_directories(Random123::Random123 INTERFACE ${RANDOM123_INCLUDE_DIR})
endif()
