// Ensemble statistics of responses on a device: one gate after another, an exact sort each.
#include <cuda_runtime_api.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>

#include <algorithm>
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_reduce.cuh>

#include "kernels/batch_pointers.hpp"
#include "kernels/cuda_check.hpp"

namespace stratem::kernels {
namespace {

constexpr int threads_per_block = 256;
constexpr std::size_t alignment = 256;

/// One gate of the responses, model by model.
struct Column {
  ResponsePointers responses;
  std::int64_t gates = 0;
  std::int64_t gate = 0;

  __device__ bool counts(std::int64_t model) const { return responses.status[model] == Status::ok; }
  __device__ double operator()(std::int64_t model) const {
    return responses.response[element(model, gates, gate)];
  }
};

struct IsOk {
  const Status* status;
  __device__ std::int64_t operator()(std::int64_t model) const {
    return status[model] == Status::ok ? 1 : 0;
  }
};

struct ValueOrZero {
  Column column;
  __device__ double operator()(std::int64_t model) const {
    return column.counts(model) ? column(model) : 0.0;
  }
};

/// About the mean, in a second pass: the one-pass formula cancels when the spread is small.
struct SquaredDeviation {
  Column column;
  const double* mean;
  __device__ double operator()(std::int64_t model) const {
    if (!column.counts(model)) return 0.0;
    const double deviation = column(model) - *mean;
    return deviation * deviation;
  }
};

/// NaN, which sorts behind every number, in place of what does not count.
__global__ void gather_column(Column column, std::int64_t models, double* to) {
  const auto stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t model = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
       model < models; model += stride) {
    to[model] = column.counts(model) ? column(model) : no_response;
  }
}

/// sum becomes sum / counted, or its root; NaN where nothing counts.
__global__ void divide_by_count(double* sum, const std::int64_t* counted, bool root) {
  const double quotient = *sum / static_cast<double>(*counted);  // 0/0 is NaN
  *sum = root ? sqrt(quotient) : quotient;
}

/// The linear interpolation at index p / 100 (n - 1) of the sorted values.
__global__ void interpolate(const double* sorted, const std::int64_t* counted,
                            const double* percentiles, std::int64_t count, double* to,
                            std::int64_t gates) {
  const std::int64_t n = *counted;
  for (std::int64_t i = threadIdx.x; i < count; i += blockDim.x) {
    double value = no_response;
    if (n > 0) {
      const double index = percentiles[i] / 100.0 * static_cast<double>(n - 1);
      const double below = floor(index);
      const double lower = sorted[static_cast<std::int64_t>(below)];
      const double upper = sorted[static_cast<std::int64_t>(ceil(index))];
      const double part = index - below;
      value = part == 0.0 ? lower : lower + part * (upper - lower);
    }
    to[i * gates] = value;
  }
}

template <class Function>
auto over_models(Function function) {
  return thrust::make_transform_iterator(thrust::counting_iterator<std::int64_t>(0), function);
}

/// What CUB wants beside the two columns, for any of the calls below.
std::size_t cub_bytes(std::int64_t models) {
  std::size_t sorting = 0;
  std::size_t summing = 0;
  std::size_t counting = 0;
  cub::DoubleBuffer<double> keys;
  STRATEM_CUDA_CHECK(cub::DeviceRadixSort::SortKeys(nullptr, sorting, keys, models));
  STRATEM_CUDA_CHECK(cub::DeviceReduce::Sum(nullptr, summing, over_models(ValueOrZero{}),
                                            static_cast<double*>(nullptr), models));
  std::size_t deviating = 0;
  STRATEM_CUDA_CHECK(cub::DeviceReduce::Sum(nullptr, deviating, over_models(SquaredDeviation{}),
                                            static_cast<double*>(nullptr), models));
  STRATEM_CUDA_CHECK(cub::DeviceReduce::Sum(nullptr, counting, over_models(IsOk{}),
                                            static_cast<std::int64_t*>(nullptr), models));
  return std::max(std::max(sorting, counting), std::max(summing, deviating));
}

std::size_t column_bytes(std::int64_t models) {
  const std::size_t bytes = static_cast<std::size_t>(models) * sizeof(double);
  return (bytes + alignment - 1) / alignment * alignment;
}

template <class Function, class Sum>
void sum_over_models(Function function, std::int64_t models, Sum* to, void* workspace,
                     std::size_t bytes, cudaStream_t stream) {
  STRATEM_CUDA_CHECK(
      cub::DeviceReduce::Sum(workspace, bytes, over_models(function), to, models, stream));
}

}  // namespace

std::size_t statistics_bytes(std::int64_t models) {
  return 2 * column_bytes(models) + cub_bytes(models);
}

void launch_statistics(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                       const double* percentiles, std::int64_t percentile_count,
                       const StatisticsPointers& to, void* workspace, std::size_t workspace_bytes,
                       Stream stream) {
  const auto on = static_cast<cudaStream_t>(stream);
  const std::size_t column = column_bytes(models);
  auto* const bytes = static_cast<char*>(workspace);
  auto* const first = reinterpret_cast<double*>(bytes);
  auto* const second = reinterpret_cast<double*>(bytes + column);
  void* const rest = bytes + 2 * column;
  std::size_t rest_bytes = workspace_bytes - 2 * column;
  const auto blocks = static_cast<unsigned>(std::clamp<std::int64_t>(
      (models + threads_per_block - 1) / threads_per_block, 1, std::int64_t{1} << 20));

  sum_over_models(IsOk{responses.status}, models, to.counted, rest, rest_bytes, on);
  for (std::int64_t gate = 0; gate < gates; ++gate) {
    const Column values{responses, gates, gate};
    double* const mean = to.mean + gate;
    double* const deviation = to.standard_deviation + gate;
    sum_over_models(ValueOrZero{values}, models, mean, rest, rest_bytes, on);
    divide_by_count<<<1, 1, 0, on>>>(mean, to.counted, false);
    sum_over_models(SquaredDeviation{values, mean}, models, deviation, rest, rest_bytes, on);
    divide_by_count<<<1, 1, 0, on>>>(deviation, to.counted, true);
    if (percentile_count > 0) {
      gather_column<<<blocks, threads_per_block, 0, on>>>(values, models, first);
      cub::DoubleBuffer<double> keys(first, second);
      STRATEM_CUDA_CHECK(cub::DeviceRadixSort::SortKeys(rest, rest_bytes, keys, models, 0,
                                                        static_cast<int>(8 * sizeof(double)), on));
      interpolate<<<1, threads_per_block, 0, on>>>(keys.Current(), to.counted, percentiles,
                                                   percentile_count, to.percentile + gate, gates);
    }
    STRATEM_CUDA_CHECK(cudaGetLastError());
  }
}

}  // namespace stratem::kernels
