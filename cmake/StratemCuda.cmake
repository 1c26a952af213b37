# CUDA is optional. STRATEM_CUDA asks for it; if there is no compiler for it, it is left out with a warning. Compiles
# for the devices at hand, or else for all generations that the compiler knows; CMAKE_CUDA_ARCHITECTURES or the
# environment variable CUDAARCHS names others, such as 75;90.
if(STRATEM_CUDA)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
      execute_process(COMMAND nvidia-smi --list-gpus OUTPUT_VARIABLE gpus RESULT_VARIABLE failed ERROR_QUIET)
      if(NOT failed AND gpus MATCHES "GPU 0")
        set(architectures native)
      else()
        set(architectures all-major)
      endif()
      set(CMAKE_CUDA_ARCHITECTURES ${architectures} CACHE STRING "CUDA architectures to compile for")
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
