# Builds examples/c/monte_carlo.c by pkg-config alone against an installed copy of build_dir, and runs it.
if(NOT pkg_config)
  message("SKIPPED: no pkg-config")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/install_and_move.cmake)

set(ENV{PKG_CONFIG_PATH} ${prefix}/${libdir}/pkgconfig)
execute_process(COMMAND ${pkg_config} --modversion stratem OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT found STREQUAL version)
  message(FATAL_ERROR "stratem.pc is of version ${found}, not ${version}")
endif()

separate_arguments(flags UNIX_COMMAND "${c_flags}")
set(ENV{LD_LIBRARY_PATH} ${prefix}/${libdir}:$ENV{LD_LIBRARY_PATH})
foreach(how "" --static)
  execute_process(COMMAND ${pkg_config} --cflags --libs ${how} stratem OUTPUT_VARIABLE arguments
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(arguments UNIX_COMMAND "${arguments}")
  set(program ${work_dir}/monte_carlo${how})
  run(${c_compiler} -std=c11 -pedantic -Wall -Wextra -Werror ${flags} ${source_dir}/examples/c/monte_carlo.c ${arguments}
      -lm -o ${program})
  run(${program} ${source_dir}/data/systems/ground_40x40.json)
endforeach()
