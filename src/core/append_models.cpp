#include <algorithm>
#include <utility>

#include "stratem/error.hpp"
#include "stratem/models.hpp"

namespace stratem {
namespace {

/// Rows of a matrix, each extended to `columns` with the values of an absent layer.
std::vector<double> widened(const std::vector<double>& rows, std::int64_t count,
                            std::int64_t columns, double absent) {
  if (rows.empty() || count == 0) return rows;
  const auto old = static_cast<std::ptrdiff_t>(rows.size()) / count;
  std::vector<double> wide;
  for (std::int64_t row = 0; row < count; ++row) {
    wide.insert(wide.end(), rows.begin() + row * old, rows.begin() + (row + 1) * old);
    wide.resize(static_cast<std::size_t>((row + 1) * columns), absent);
  }
  return wide;
}

void widen(ModelSet& models, std::int64_t layers) {
  if (models.layer_count.empty()) {
    models.layer_count.assign(static_cast<std::size_t>(models.models),
                              static_cast<std::int32_t>(models.layers));
  }
  const auto matrix = [&](std::vector<double>& rows, std::int64_t columns, double absent) {
    rows = widened(rows, models.models, columns, absent);
  };
  matrix(models.resistivity, layers, 1.0);
  if (models.layers == 1) {
    models.thickness.assign(static_cast<std::size_t>(models.models * (layers - 1)), 0.0);
  } else {
    matrix(models.thickness, layers - 1, 0.0);
  }
  matrix(models.chargeability, layers, 0.0);
  matrix(models.time_constant, layers, 1.0);
  matrix(models.exponent, layers, 1.0);
  models.layers = layers;
}

/// Depths as thicknesses.
void to_thicknesses(ModelSet& models) {
  if (models.depth.empty()) return;
  const std::int64_t columns = models.layers - 1;
  models.thickness.resize(static_cast<std::size_t>(models.models * columns));
  for (std::int64_t m = 0; m < models.models; ++m) {
    for (std::int64_t i = 0; i < columns; ++i) {
      const auto top = static_cast<std::size_t>(m * models.layers + i);
      models.thickness[static_cast<std::size_t>(m * columns + i)] =
          models.depth[top + 1] - models.depth[top];
    }
  }
  models.depth.clear();
}

/// Polarization of layers that have none.
void add_no_polarization(ModelSet& models) {
  const auto size = models.resistivity.size();
  models.chargeability.assign(size, 0.0);
  models.time_constant.assign(size, 1.0);
  models.exponent.assign(size, 1.0);
}

}  // namespace

void append(ModelSet& to, ModelSet more) {
  if (more.models == 0) return;
  if (to.models == 0) {
    to = std::move(more);
    return;
  }
  if (to.height.empty() != more.height.empty()) {
    throw InputError("height: in some of the models only, allowed is in all or in none");
  }
  to_thicknesses(to);
  to_thicknesses(more);
  const std::int64_t layers = std::max(to.layers, more.layers);
  widen(to, layers);
  widen(more, layers);
  if (to.chargeability.empty() != more.chargeability.empty()) {
    add_no_polarization(to.chargeability.empty() ? to : more);
  }
  const auto add = [](auto& all, const auto& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  to.models += more.models;
  add(to.resistivity, more.resistivity);
  add(to.thickness, more.thickness);
  add(to.layer_count, more.layer_count);
  add(to.chargeability, more.chargeability);
  add(to.time_constant, more.time_constant);
  add(to.exponent, more.exponent);
  add(to.height, more.height);
}

}  // namespace stratem
