// Streams that are threads, and events.
#pragma once

#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

namespace stratem::emulated {

class Device;

/// Does work in the order in which it is queued, on a separate thread. Only threads that wait for
/// the work may rely on its results: queueing synchronises in one direction only, so that
/// ThreadSanitizer finds a missing wait.
class Stream {
 public:
  Stream(Device& device, std::uint64_t seed, std::chrono::microseconds longest_delay);
  /// Waits for all work.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Device& device() const { return device_; }
  /// Queues work that is left out once the device is lost. It may fail().
  void queue(std::function<void()> work);
  /// Queues work that is done even then, and without delay.
  void queue_always(std::function<void()> work);
  /// Waits until all work that was queued before is done.
  void wait();

  /// Records that work failed, without losing the device. The next wait for the stream returns it.
  void fail(int error) { error_ = error; }
  /// The error since the last call; 0 if there was none.
  int take_error() { return error_.exchange(0); }
  /// Used only by the stream's thread.
  std::mt19937_64& random() { return random_; }

 private:
  struct Item {
    std::function<void()> work;
    bool always = false;
    std::atomic<Item*> next{nullptr};
  };
  void push(std::function<void()> work, bool always);
  void run();
  void delay();

  Device& device_;
  std::mt19937_64 random_;
  std::chrono::microseconds longest_delay_;
  std::atomic<int> error_{0};
  std::mutex producers_;  // the stream's thread never takes it
  Item* last_;
  Item* done_;  // used only by the stream's thread
  sem_t queued_{};
  bool ended_ = false;  // used only by the stream's thread
  std::thread thread_;
};

/// A point in a stream that can be waited for.
class Event {
 public:
  Event(Device& device, bool timed) : device_(device), timed_(timed) {}

  Device& device() const { return device_; }
  bool timed() const { return timed_; }
  /// Puts the event into a stream, in place of its earlier position.
  static void record(const std::shared_ptr<Event>& event, const std::shared_ptr<Stream>& stream);
  /// Waits until the stream has reached the last recorded point. Returns an error of that stream,
  /// or 0.
  int wait();
  bool done() const;
  bool recorded() const { return recorded_ > 0; }
  std::chrono::steady_clock::time_point time() const;

 private:
  Device& device_;
  bool timed_;
  std::int64_t recorded_ = 0;  // used by the threads that record and wait
  std::shared_ptr<Stream> stream_;
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable reached_;
  std::int64_t done_ = 0;
  std::chrono::steady_clock::time_point time_;
};

}  // namespace stratem::emulated
