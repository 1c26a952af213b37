# What all targets of the project share.

# Makes a library of the objects that stratem is made of, static and shared alike, so that they are compiled once.
function(stratem_use_objects target)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:stratem>)
  if(STRATEM_CUDA)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:stratem_kernels>)
  endif()
  target_link_libraries(${target} PRIVATE $<GENEX_EVAL:$<TARGET_PROPERTY:stratem,LINK_LIBRARIES>>)
  target_include_directories(${target} INTERFACE $<TARGET_PROPERTY:stratem,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()

function(stratem_set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                           -Wdouble-promotion -Wnon-virtual-dtor)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlapping copy in every `"text" + std::string` (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(STRATEM_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
