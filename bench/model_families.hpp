// Families of layered earths that plans are tested with. They were written independently of the
// families that the builder of plans draws from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/options.hpp"

namespace stratem::bench {

struct ModelFamily {
  std::string name;
  ModelSet models;
};

/// `count` models of every family (a fifth as many if they have 200 layers), over the whole range
/// that a plan with these options is declared for. Heights are at both ends of their range and
/// between: - ends: 1 to 10 layers, each at one end of the range of resistivities, 0.1 to 500 m
/// thick; - cover: one layer of at least a quarter of the greatest resistivity, 100 to 2,000 m
/// thick, on ground
///   of at most four times the least;
/// - opposite: two layers at opposite ends, the first 0.05 to 5,000 m thick;
/// - sheets: 1 to 4 conductive sheets of 0.05 to 5 m in resistive ground, and the reverse;
/// - walks: 200 layers, a random walk of the logarithm of resistivity, 10 to 3,000 m thick in all;
/// - any: 1 to 10 layers of any resistivity, 0.05 to 1,000 m thick;
/// - half-spaces, all polarizable, if polarizable layers are declared. Every second model of the
///   other families is then polarizable.
/// Logarithms are uniform. The models depend on the seed and on the text `stream` alone.
std::vector<ModelFamily> model_families(const PlanOptions& options, std::int64_t count,
                                        std::uint64_t seed, const std::string& stream);

/// A seed that depends on another seed and on a text.
std::uint64_t derived_seed(std::uint64_t seed, const std::string& text);

}  // namespace stratem::bench
