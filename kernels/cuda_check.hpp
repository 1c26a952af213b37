// Errors of the CUDA runtime as exceptions. For the .cu files of this folder.
#pragma once

#include "kernels/launch.hpp"

/// STRATEM_CUDA_CHECK(cudaMalloc(...)): throws CudaError naming the call if it fails.
#define STRATEM_CUDA_CHECK(call) ::stratem::kernels::check_cuda(static_cast<int>(call), #call)
