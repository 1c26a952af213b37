# CUDA is optional: asked for with STRATEM_CUDA, and left out with a warning where there is no compiler for it.
if(STRATEM_CUDA)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
  else()
    message(WARNING "No CUDA compiler was found, so the cuda backend is left out. "
                    "Put nvcc on the PATH or name it in the environment variable CUDACXX.")
    set(STRATEM_CUDA OFF)
  endif()
endif()
