// Lines, words and numbers of the text files of other programs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::io {

std::string_view trim(std::string_view text);
/// Words between spaces, tabs and commas.
std::vector<std::string_view> split_words(std::string_view text);
/// Lines without their ends, whether those are LF or CR LF.
std::vector<std::string_view> split_lines(std::string_view text);

/// A place in a text file, for messages such as "system.gex:12: NoGates: ...".
struct FilePosition {
  std::string origin;
  std::size_t line = 0;  ///< from 1; 0: the file as a whole

  /// Throws InputError with this place in front.
  [[noreturn]] void fail(const std::string& message) const;
};

/// A finite number in decimal or exponent form, as a whole word. Throws InputError at `place`,
/// naming `key`.
double number_of(std::string_view word, std::string_view key, const FilePosition& place);
/// All words as numbers.
std::vector<double> numbers_of(std::string_view text, std::string_view key,
                               const FilePosition& place);

}  // namespace stratem::io
