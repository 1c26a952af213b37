// The models of one call that no lane has taken yet.
#pragma once

#include <cstdint>
#include <vector>

namespace stratem::dispatch {

/// The models first .. first + count - 1 of a call.
struct ModelSpan {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// Hands out every model once. Models that are put back are handed out again before all others. Not
/// thread-safe.
class Pending {
 public:
  explicit Pending(std::int64_t models);

  bool empty() const { return spans_.empty(); }
  /// Models not handed out.
  std::int64_t models() const { return models_; }

  /// The next models, at least 1 and at most `most`; possibly fewer at the end of a span. Must not
  /// be called when empty.
  ModelSpan take(std::int64_t most);
  void put_back(const ModelSpan& span);
  void clear();

 private:
  std::vector<ModelSpan> spans_;  // the last is handed out first
  std::int64_t models_ = 0;
};

}  // namespace stratem::dispatch
