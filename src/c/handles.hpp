// What the handles of the interface are made of.
#pragma once

#include <utility>

#include "c/error.hpp"
#include "stratem/io.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"
#include "stratem/statistics.hpp"

// The names are those of stratem.h.
// NOLINTBEGIN(readability-identifier-naming)
struct stratem_system {
  stratem::SystemFile file;
};

struct stratem_options {
  stratem::Options options;
};

struct stratem_plan {
  stratem::Plan plan;
};

struct stratem_statistics {
  stratem::EnsembleStatistics statistics;
};
// NOLINTEND(readability-identifier-naming)

namespace stratem::c {

/// Makes a handle of what `make` returns. *handle is NULL after an error.
template <class Handle, class Make>
int create(Handle** handle, const char* name, Make&& make) {
  return guarded([&] {
    required(handle, name) = nullptr;
    *handle = new Handle{std::forward<Make>(make)()};
  });
}

}  // namespace stratem::c
