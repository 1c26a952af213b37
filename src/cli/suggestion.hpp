// "did you mean" in messages about names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace stratem::cli {

/// ", did you mean X?" if a candidate is near; empty if none is.
inline std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto nearest = base::nearest_word(word, views);
  return nearest.empty() ? std::string() : ", did you mean " + std::string(nearest) + "?";
}

}  // namespace stratem::cli
