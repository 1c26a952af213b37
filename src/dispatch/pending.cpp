#include "dispatch/pending.hpp"

#include <algorithm>

namespace stratem::dispatch {

Pending::Pending(std::int64_t models) { put_back({0, models}); }

ModelSpan Pending::take(std::int64_t most) {
  ModelSpan& next = spans_.back();
  const ModelSpan taken{next.first, std::clamp(most, std::int64_t{1}, next.count)};
  next.first += taken.count;
  next.count -= taken.count;
  if (next.count == 0) spans_.pop_back();
  models_ -= taken.count;
  return taken;
}

void Pending::put_back(const ModelSpan& span) {
  if (span.count == 0) return;
  models_ += span.count;
  if (!spans_.empty() && spans_.back().first == span.first + span.count) {
    spans_.back() = {span.first, span.count + spans_.back().count};
  } else {
    spans_.push_back(span);
  }
}

void Pending::clear() {
  spans_.clear();
  models_ = 0;
}

}  // namespace stratem::dispatch
