// Values with commas between them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::cli {

/// The words between the commas. Throws InputError naming the option if one is empty.
std::vector<std::string> split_list(const std::string& option, std::string_view text);

/// Whole numbers in min .. max.
std::vector<std::int64_t> parse_wholes(const std::string& option, std::string_view text,
                                       std::int64_t min, std::int64_t max);

}  // namespace stratem::cli
