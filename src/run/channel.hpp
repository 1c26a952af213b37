// The channel between two stages of a run.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>
#include <variant>

namespace stratem::run_stages {

/// The last item of a stream: all is done, or the error that ended it.
struct End {
  std::exception_ptr error;
};

/// A queue of bounded length between two threads. It is not oneTBB's queue, because ThreadSanitizer
/// cannot see the synchronisation inside that library.
template <class Item>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room.
  void push(Item item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.size() < capacity_; });
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  /// Waits for an item.
  Item pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !items_.empty(); });
    Item item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
};

template <class Item>
using Stream = Channel<std::variant<Item, End>>;

}  // namespace stratem::run_stages
