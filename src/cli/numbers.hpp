// Text to numbers and back, whatever the locale.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::cli {

/// Throws InputError naming the option and the text unless all of it is one finite number.
double parse_number(const std::string& option, std::string_view text);

/// Numbers with commas between them.
std::vector<double> parse_numbers(const std::string& option, std::string_view text);

/// A whole number in min .. max.
std::int64_t parse_whole(const std::string& option, std::string_view text, std::int64_t min,
                         std::int64_t max = std::numeric_limits<std::int64_t>::max());

/// Whole numbers in min .. max with commas between them.
std::vector<std::int64_t> parse_wholes(const std::string& option, std::string_view text,
                                       std::int64_t min, std::int64_t max);

/// A whole number in 0 .. 2^64 - 1.
std::uint64_t parse_seed(const std::string& option, std::string_view text);

/// The words between the commas of a list. Throws InputError naming the option if one is empty.
std::vector<std::string> split_list(const std::string& option, std::string_view text);

/// The value with three significant digits, without an exponent from 0.01 up: "0.0123", "8.13",
/// "1230", "5678901".
std::string rounded(double value);

/// The value with all its digits. It has an exponent only below 0.001 and from 1e9 up: "300000",
/// "1e-05".
std::string exact(double value);

/// The value with `digits` digits after the point: "1.500e-12". All numbers of one sign have the
/// same width.
std::string scientific(double value, int digits);

/// "1 model", "2 models".
std::string counted(std::int64_t count, const std::string& noun);

}  // namespace stratem::cli
