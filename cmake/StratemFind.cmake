# stratem_find(NAME [VERSION v] [COMPONENTS c...] [DEBIAN package] [URL url SHA256 hash] [OPTIONS option=value...]
#              [TARGET target])
#
# Finds a library with find_package. If the system lacks it, downloads it (with STRATEM_FETCH, where a URL is given) and
# builds it with the project, or else says which Debian or Ubuntu package contains it.
#   OPTIONS  cache variables for the downloaded library's own build
#   TARGET   the downloaded library's target if its name differs from that of find_package
# Sets NAME_FETCHED if the library was downloaded. A macro, so that the variables of find_package reach the caller.
include(FetchContent)

macro(stratem_find name)
  cmake_parse_arguments(_find "" "VERSION;DEBIAN;URL;SHA256;TARGET" "COMPONENTS;OPTIONS" ${ARGN})
  find_package(${name} ${_find_VERSION} QUIET COMPONENTS ${_find_COMPONENTS})
  if(${name}_FOUND)
    message(STATUS "From the system: ${name} ${${name}_VERSION}")
  elseif(STRATEM_FETCH AND _find_URL)
    message(STATUS "Not on this system: ${name} ${_find_VERSION} (${_find_DEBIAN}), fetching ${_find_URL}")
    stratem_fetch(${name} "${_find_URL}" "${_find_SHA256}" "${_find_OPTIONS}" "${_find_TARGET}")
    set(${name}_FETCHED TRUE)
  else()
    message(FATAL_ERROR "${name} ${_find_VERSION} was not found. "
                        "On Debian and Ubuntu: apt-get install ${_find_DEBIAN}; elsewhere set ${name}_ROOT.")
  endif()
endmacro()

# Downloads and builds one library as a part of this project, without installing it or testing it.
function(stratem_fetch name url sha256 options target)
  foreach(option IN LISTS options)
    string(REPLACE "=" ";" pair "${option}")
    list(GET pair 0 key)
    list(GET pair 1 value)
    set(${key} ${value} CACHE INTERNAL "Set for the build of ${name}")
  endforeach()
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256} SYSTEM)
  FetchContent_MakeAvailable(${name})
  if(target)
    string(TOLOWER ${name} lower)
    add_library(${lower}::${lower} ALIAS ${target})
  endif()
  FetchContent_GetProperties(${name} SOURCE_DIR source)
  set(${name}_SOURCE_DIR ${source} PARENT_SCOPE)
endfunction()
