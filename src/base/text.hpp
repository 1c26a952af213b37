// Numbers and words in messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stratem::base {

/// The shortest text that reads back as the same double; "nan" and "inf" as such.
std::string to_text(double value);

/// A whole number in hexadecimal digits, without zeros in front.
std::string hexadecimal(std::uint64_t value);

/// A short copy of a piece of the input that fits on one line of a message, whatever bytes it
/// contains.
std::string printable(std::string_view text);

/// The same in quotes.
std::string in_quotes(std::string_view text);

/// Makes the capital letters A to Z lower-case, whatever the locale.
std::string lower_case(std::string_view text);

/// The least number of letters to insert, drop or change that turns one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` in edit distance, for "did you mean"; empty if none is near.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace stratem::base
