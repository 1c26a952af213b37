# Fails if the shared library shows a symbol of a folder of src or kernels, or none of its public interface.
execute_process(COMMAND ${nm} --dynamic --defined-only --demangle ${library} OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES "stratem::Plan::forward" OR NOT symbols MATCHES "stratem::version")
  message(FATAL_ERROR "${library} shows no public interface")
endif()
set(folders base core reference cpu cuda kernels dispatch run_stages io cli)
list(JOIN folders "|" folders)
string(REGEX MATCHALL "[^\n]*(stratem::(${folders})|State)::[^\n]*" internal "${symbols}")
if(internal)
  list(JOIN internal "\n" lines)
  message(FATAL_ERROR "${library} shows:\n${lines}")
endif()
