#include "core/plan/stack_scan.hpp"

#include <algorithm>

#include "core/simd/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/plan/stack_scan.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
//
#include <hwy/highway.h>

#include "core/simd/complex-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::core::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, 8>;

/// The responses of one pair, see StackScan. `cover` and `ground` are [6][nodes] and [2][nodes];
/// `work` has room for two values per wavenumber of the widest window and for its transforms.
void pair_responses(const std::vector<StackScan::Window>& windows, std::size_t nodes,
                    const double* HWY_RESTRICT cover, const double* HWY_RESTRICT ground,
                    double* HWY_RESTRICT work, double* HWY_RESTRICT response) {
  const D d;
  using V = hn::Vec<D>;
  const V one = hn::Set(d, 1.0);
  for (const auto& window : windows) {
    const std::size_t count = window.node.size();
    double* re = work;
    double* im = work + window.padded;
    double* transform = work + 2 * window.padded;  // [parts][padded_transform]
    std::fill_n(transform, window.parts * window.padded_transform, 0.0);
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t at = window.first + j * window.padded;
      for (std::size_t m = 0; m < window.padded; m += hn::Lanes(d)) {
        const auto load = [&](const double* from, std::size_t which) {
          return Complex<V>{hn::LoadU(d, from + 2 * which * nodes + at + m),
                            hn::LoadU(d, from + (2 * which + 1) * nodes + at + m)};
        };
        const auto below = load(ground, 0);
        const auto product = multiply(load(cover, 2), below);
        const Complex<V> divisor{hn::Sub(one, product.re), hn::Neg(product.im)};
        const auto r = sum(load(cover, 0), divide(d, multiply(load(cover, 1), below), divisor));
        hn::StoreU(r.re, d, re + m);
        hn::StoreU(r.im, d, im + m);
      }
      for (std::size_t part = 0; part < window.parts; ++part) {
        const double* weight = window.weight.data() + part * window.padded;
        V sum_re = hn::Zero(d);
        V sum_im = hn::Zero(d);
        for (std::size_t m = 0; m < window.padded; m += hn::Lanes(d)) {
          const V w = hn::LoadU(d, weight + m);
          sum_re = hn::MulAdd(w, hn::LoadU(d, re + m), sum_re);
          sum_im = hn::MulAdd(w, hn::LoadU(d, im + m), sum_im);
        }
        double* of_part = transform + part * window.padded_transform;
        of_part[j] = hn::GetLane(hn::SumOfLanes(d, sum_re));
        of_part[count + j] = hn::GetLane(hn::SumOfLanes(d, sum_im));
      }
    }
    for (std::size_t row = 0; row < window.rows.size(); ++row) {
      const double* weight = window.row_weight.data() + row * window.padded_transform;
      const double* of_part = transform + window.rows[row].part * window.padded_transform;
      V value = hn::Zero(d);
      for (std::size_t i = 0; i < window.padded_transform; i += hn::Lanes(d)) {
        value = hn::MulAdd(hn::LoadU(d, weight + i), hn::LoadU(d, of_part + i), value);
      }
      response[window.rows[row].gate] += hn::GetLane(hn::SumOfLanes(d, value));
    }
  }
}

}  // namespace stratem::core::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cmath>

#include "base/complex_math.hpp"
#include "base/constants.hpp"
#include "core/earth/reflection.hpp"

namespace stratem::core {

HWY_EXPORT(pair_responses);

namespace {

using Complex = std::complex<double>;

/// The next multiple of the longest vector.
std::size_t padded(std::size_t count) {
  constexpr std::size_t longest = 8;
  return (count + longest - 1) / longest * longest;
}

/// Layers at depths z with 2 lambda z above this are left out.
constexpr double deepest = 45.0;

/// Layers above the depth that matters, at least one.
std::size_t visible_layers(const LayerStack& stack, double lambda) {
  double depth = 0.0;
  for (std::size_t i = 0; i < stack.thickness.size(); ++i) {
    depth += stack.thickness[i];
    if (2.0 * lambda * depth > deepest) return i + 1;
  }
  return stack.resistivity.size();
}

LayeredModel layered(const LayerStack& stack) {
  LayeredModel model;
  model.resistivity = stack.resistivity;
  model.thickness = stack.thickness;
  for (const auto& layer : stack.polarization) {
    model.chargeability.push_back(layer.chargeability);
    model.time_constant.push_back(layer.time_constant);
    model.exponent.push_back(layer.exponent);
  }
  return model;
}

struct Scattering {
  Complex above{0.0}, through{1.0}, below{0.0};  // A, P and B of StackScan
};

/// Adds layers from the top down: each time an interface with reflection coefficient r, then the
/// layer.
Scattering scattering(const std::vector<Complex>& k, const std::vector<double>& thickness,
                      double lambda) {
  Scattering all;
  const double lambda2 = lambda * lambda;
  Complex k_above = 0.0;
  Complex u_above = lambda;
  for (std::size_t i = 0; i <= k.size(); ++i) {
    const Complex k_here = i < k.size() ? k[i] : Complex(0.0);
    const Complex u_here = i < k.size() ? base::complex_sqrt(lambda2 + k_here) : Complex(lambda);
    const Complex sum = u_above + u_here;
    const Complex r = base::complex_quotient(k_above - k_here, sum * sum);
    const Complex divisor = 1.0 - all.below * r;
    const Complex passed = base::complex_quotient(4.0 * u_above * u_here, sum * sum);  // 1 - r^2
    all.above += base::complex_quotient(all.through * r, divisor);
    all.through = base::complex_quotient(all.through * passed, divisor * divisor);
    all.below = base::complex_quotient(all.below - r, divisor);
    if (i < k.size()) {
      const Complex echo = std::exp(-2.0 * u_here * thickness[i]);
      all.through *= echo;
      all.below *= echo;
    }
    k_above = k_here;
    u_above = u_here;
  }
  return all;
}

}  // namespace

StackScan::StackScan(const System& system, const PlanTable& table, const PlanTable& finer)
    : transmitter_height_(system.moments.front().transmitters.front().height), sizes_(system) {
  for (const auto& window : table.windows) {
    gates_.emplace_back();
    for (const auto& row : window.rows) gates_.back().push_back(static_cast<std::size_t>(row.gate));
  }
  all_gates_ = static_cast<std::size_t>(table.gates);
  add(table, 0);
  add(finer, all_gates_);
}

void StackScan::add(const PlanTable& table, std::size_t first_gate) {
  for (const auto& from : table.windows) {
    Window window;
    window.node = from.node;
    window.wavenumber = from.wavenumber;
    const std::size_t count = from.wavenumber.size();
    window.padded = padded(count);
    window.padded_transform = padded(2 * window.node.size());
    window.first = nodes_;
    nodes_ += window.node.size() * window.padded;
    // Parts that differ only in the wavenumbers they leave out are treated as one part here.
    std::vector<std::size_t> part_of;
    std::vector<const std::vector<double>*> different;
    for (const auto& weight : from.weight) {
      const auto found =
          std::ranges::find_if(different, [&](const auto* each) { return *each == weight; });
      part_of.push_back(static_cast<std::size_t>(found - different.begin()));
      if (found == different.end()) different.push_back(&weight);
    }
    window.parts = different.size();
    window.weight.resize(window.parts * window.padded);
    for (std::size_t part = 0; part < window.parts; ++part) {
      std::ranges::copy(*different[part],
                        window.weight.begin() + static_cast<std::ptrdiff_t>(part * window.padded));
    }
    for (const auto& row : from.rows) {
      window.rows.push_back({first_gate + static_cast<std::size_t>(row.gate),
                             part_of[static_cast<std::size_t>(row.geometry)]});
      for (const auto& weight : row.weight) window.row_weight.push_back(weight.real());
      for (const auto& weight : row.weight) window.row_weight.push_back(-weight.imag());
      window.row_weight.resize(window.rows.size() * window.padded_transform);
    }
    widest_ = std::max(widest_, 2 * window.padded + window.parts * window.padded_transform);
    windows_.push_back(std::move(window));
  }
}

std::vector<double> StackScan::cover_nodes(const LayerStack& cover,
                                           std::optional<double> height) const {
  std::vector<double> values(6 * nodes_, 0.0);
  const double change = height ? 2.0 * (*height - transmitter_height_) : 0.0;
  const LayeredModel model = layered(cover);
  for (const auto& window : windows_) {
    for (std::size_t j = 0; j < window.node.size(); ++j) {
      const auto k = layer_constants(model, window.node[j]);
      for (std::size_t m = 0; m < window.wavenumber.size(); ++m) {
        const double lambda = window.wavenumber[m];
        Scattering all = scattering(k, cover.thickness, lambda);
        const double lifted = std::exp(-lambda * change);
        const std::size_t at = window.first + j * window.padded + m;
        int which = 0;
        for (const Complex value : {all.above * lifted, all.through * lifted, all.below}) {
          values[static_cast<std::size_t>(which++) * nodes_ + at] = value.real();
          values[static_cast<std::size_t>(which++) * nodes_ + at] = value.imag();
        }
      }
    }
  }
  return values;
}

std::vector<double> StackScan::ground_nodes(const LayerStack& ground) const {
  std::vector<double> values(2 * nodes_, 0.0);
  const LayeredModel model = layered(ground);
  for (const auto& window : windows_) {
    for (std::size_t j = 0; j < window.node.size(); ++j) {
      const auto k = layer_constants(model, window.node[j]);
      for (std::size_t m = 0; m < window.wavenumber.size(); ++m) {
        const double lambda = window.wavenumber[m];
        const Complex r =
            reflection_coefficient(k, model.thickness, lambda, visible_layers(ground, lambda));
        const std::size_t at = window.first + j * window.padded + m;
        values[at] = r.real();
        values[nodes_ + at] = r.imag();
      }
    }
  }
  return values;
}

std::vector<double> StackScan::responses(const LayerStack& cover, std::optional<double> height,
                                         const LayerStack& ground) const {
  std::vector<double> response(2 * all_gates_, 0.0);
  std::vector<double> work(widest_);
  HWY_DYNAMIC_DISPATCH(pair_responses)
  (windows_, nodes_, cover_nodes(cover, height).data(), ground_nodes(ground).data(), work.data(),
   response.data());
  return response;
}

std::vector<std::vector<StackScan::Difference>> StackScan::largest_differences(
    const std::vector<LayerStack>& covers, const std::vector<double>& height,
    const std::vector<LayerStack>& grounds, int threads, const BuildMonitor& monitor) const {
  constexpr std::size_t side_by_side = 4;  // covers combined with each ground that is read
  std::vector<std::vector<Difference>> largest(gates_.size(),
                                               std::vector<Difference>(covers.size()));
  std::vector<std::vector<double>> ground_values(grounds.size());
  struct Work {
    std::vector<double> sums, response, size;
  };
  tbb::enumerable_thread_specific<Work> works(Work{std::vector<double>(widest_),
                                                   std::vector<double>(2 * all_gates_),
                                                   std::vector<double>(all_gates_)});
  const auto pair = [&](const std::vector<double>& cover, std::size_t c, std::size_t g,
                        Work& work) {
    std::ranges::fill(work.response, 0.0);
    HWY_DYNAMIC_DISPATCH(pair_responses)
    (windows_, nodes_, cover.data(), ground_values[g].data(), work.sums.data(),
     work.response.data());
    const double* finer = work.response.data() + all_gates_;
    // A size is never less than the response's modulus. For most pairs, the modulus alone therefore
    // shows that the pair is not the worst, and sizes need not be computed.
    bool sized = false;
    for (std::size_t w = 0; w < gates_.size(); ++w) {
      Difference& worst = largest[w][c];
      for (const std::size_t gate : gates_[w]) {
        const double difference = std::abs(work.response[gate] - finer[gate]);
        if (difference <= worst.error * std::abs(finer[gate])) continue;
        if (!sized) sizes_.of_model(finer, work.size.data());
        sized = true;
        const double error = difference / work.size[gate];
        if (error > worst.error) worst = {error, g};
      }
    }
  };
  tbb::task_arena arena(threads > 0 ? threads : tbb::task_arena::automatic);
  arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, grounds.size(), [&](std::size_t g) {
      monitor.checkpoint();
      ground_values[g] = ground_nodes(grounds[g]);
    });
    const std::size_t groups = (covers.size() + side_by_side - 1) / side_by_side;
    tbb::parallel_for(std::size_t{0}, groups, [&](std::size_t group) {
      Work& work = works.local();
      const std::size_t first = group * side_by_side;
      const std::size_t last = std::min(first + side_by_side, covers.size());
      std::vector<std::vector<double>> values;
      for (std::size_t c = first; c < last; ++c) {
        const auto from = height.empty() ? std::nullopt : std::optional(height[c]);
        values.push_back(cover_nodes(covers[c], from));
      }
      for (std::size_t g = 0; g < grounds.size(); ++g) {
        monitor.checkpoint();
        for (std::size_t c = first; c < last; ++c) pair(values[c - first], c, g, work);
      }
    });
  });
  return largest;
}

}  // namespace stratem::core
#endif
