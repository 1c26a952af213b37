# Runs the only block of code in `language` of a Markdown document: Fortran with the compiler `tool` and the C flags
# `flags`, Julia with the program `tool`. Both compute three-layer models under `system` with the shared library.
if(NOT tool)
  message("SKIPPED: no program for ${language} was found")
  return()
endif()

file(READ ${document} text)
string(FIND "${text}" "```${language}\n" start)
if(start EQUAL -1)
  message(FATAL_ERROR "${document} has no block of ${language}")
endif()
string(SUBSTRING "${text}" ${start} -1 text)
string(REGEX REPLACE "^```[a-z]+\n" "" text "${text}")
string(FIND "${text}" "```" end)
string(SUBSTRING "${text}" 0 ${end} text)
file(REMOVE_RECURSE ${work_dir})

cmake_path(GET library PARENT_PATH folder)
if(language STREQUAL "fortran")
  set(source ${work_dir}/example.f90)
  file(WRITE ${source} "${text}")
  separate_arguments(flags UNIX_COMMAND "${flags}")
  execute_process(
    COMMAND ${tool} -std=f2018 -pedantic -Wall -Wextra -Werror ${flags} ${source} ${library} -Wl,-rpath,${folder} -o
            ${work_dir}/example COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY WORKING_DIRECTORY ${work_dir})
  set(command ${work_dir}/example)
else()
  set(source ${work_dir}/example.jl)
  file(WRITE ${source} "${text}")
  set(ENV{STRATEM_LIBRARY} ${library})
  set(command ${tool} ${source})
endif()

execute_process(COMMAND ${command} ${system} OUTPUT_VARIABLE output ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "status +0: +-?[0-9.]+E?e?-[0-9]+" computed "${output}")
list(LENGTH computed count)
if(NOT count EQUAL 2)
  message(FATAL_ERROR "${count} models were computed, not 2")
endif()

# Words of the library in place of a traceback.
execute_process(COMMAND ${command} no_such_file.json RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(code EQUAL 0 OR NOT output MATCHES "no_such_file.json")
  message(FATAL_ERROR "ended with ${code} and '${output}' without a system")
endif()
