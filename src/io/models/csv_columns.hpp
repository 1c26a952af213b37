// The columns of a CSV file of models, as its header names them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/earth/model_arrays.hpp"

namespace stratem::io {

/// The content of a column of the file.
struct CsvColumn {
  std::string name;
  std::size_t array = 0;   ///< index in model_array_names, the layers' arrays first
  std::int64_t index = 0;  ///< which number of a layers' array, from 0

  bool is_layered() const { return array < core::layer_arrays.size(); }
  /// A model needs the column if it has more layers than this.
  std::int64_t layers_below() const { return index + core::layer_arrays[array].missing_layers(); }
};

/// The first line: which column holds what.
class CsvHeader {
 public:
  /// Throws InputError, beginning with `place`, if a column is unknown, missing or given twice.
  CsvHeader(std::string_view line, std::string place);

  const std::vector<CsvColumn>& columns() const { return columns_; }
  /// The columns of resistivity.
  std::int64_t layers() const { return width_[0]; }
  bool has(std::size_t array) const { return width_[array] > 0; }
  /// How many numbers an array has in a row.
  std::int64_t width(std::size_t array) const { return width_[array]; }

 private:
  CsvColumn column(std::string_view name, std::size_t number) const;
  void check_widths() const;

  std::string place_;
  std::vector<CsvColumn> columns_;
  std::array<std::int64_t, core::model_array_count> width_{};
};

}  // namespace stratem::io
