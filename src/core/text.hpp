// Numbers and words in messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace stratem::core {

/// The shortest text that reads back as the same double; "nan" and "inf" as such.
std::string to_text(double value);

/// The candidate nearest to `word` in edit distance, for "did you mean"; empty if none is near.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace stratem::core
