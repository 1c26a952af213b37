# CUDA is optional. STRATEM_CUDA asks for it; if there is no compiler for it, it is left out with a warning. Compiles
# for the devices at hand, or else for all generations that the compiler knows; CMAKE_CUDA_ARCHITECTURES or the
# environment variable CUDAARCHS names others, such as 75;90. PTX is always embedded, so that newer devices run too.

# The oldest generation whose kernels take arguments of more than 4 KiB.
set(STRATEM_OLDEST_CUDA_ARCHITECTURE 70)

function(stratem_find_cuda_architectures result)
  execute_process(
    COMMAND nvidia-smi --query-gpu=compute_cap --format=csv,noheader
    OUTPUT_VARIABLE output
    RESULT_VARIABLE failed
    ERROR_QUIET)
  if(NOT failed AND output MATCHES "[0-9]+\\.[0-9]+")
    string(REPLACE "." "" output "${output}")
    string(REGEX MATCHALL "[0-9]+" architectures "${output}")
    list(REMOVE_DUPLICATES architectures)
    set(${result} ${architectures} PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${CMAKE_CUDA_COMPILER} --list-gpu-arch OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[0-9]+" known "${output}")
  list(SORT known COMPARE NATURAL)
  set(majors "")
  set(architectures "")
  foreach(architecture IN LISTS known)
    math(EXPR major "${architecture} / 10")
    if(architecture LESS STRATEM_OLDEST_CUDA_ARCHITECTURE OR major IN_LIST majors)
      continue()
    endif()
    list(APPEND majors ${major})
    list(APPEND architectures ${architecture}-real)
    set(newest ${architecture})
  endforeach()
  set(${result} ${architectures} ${newest}-virtual PARENT_SCOPE)
endfunction()

if(STRATEM_CUDA)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
      stratem_find_cuda_architectures(architectures)
      set(CMAKE_CUDA_ARCHITECTURES "${architectures}" CACHE STRING "CUDA architectures to compile for")
    endif()
    enable_language(CUDA)
    if(CMAKE_VERSION VERSION_LESS 3.26) # older versions cannot ask nvcc for C++20
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    endif()
    find_package(CUDAToolkit REQUIRED)
  else()
    message(WARNING "No CUDA compiler was found, so the cuda backend is left out. "
                    "Put nvcc on the PATH or name it in the environment variable CUDACXX.")
    set(STRATEM_CUDA OFF)
  endif()
endif()
