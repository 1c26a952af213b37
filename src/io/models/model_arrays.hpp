// What HDF5 and CSV files of models have in common: the names of their arrays, checks and pieces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stratem/models.hpp"

namespace stratem::io {

/// The name of an array of models of which `word` looks like a misspelling, or nothing. Much
/// stricter than "did you mean": a file may also contain other arrays, such as `weight`.
std::string_view misspelt_name(std::string_view word);

/// Throws InputError as "origin: ..." if sizes, shapes or the choice of arrays are not allowed.
void check_models(const ModelSet& set, const std::string& origin);

/// A copy of the models first .. first + count - 1.
ModelSet models_between(const ModelSet& set, std::int64_t first, std::int64_t count);

}  // namespace stratem::io
