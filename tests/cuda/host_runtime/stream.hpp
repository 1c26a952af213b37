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

/// Work in the order in which it is queued, on a thread of its own. What the thread has done is
/// seen by those who wait for it and by nobody else: queueing synchronises one way only, so that
/// ThreadSanitizer finds a wait that is missing.
class Stream {
 public:
  Stream(Device& device, std::uint64_t seed, std::chrono::microseconds longest_delay);
  /// Waits for all work.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Device& device() const { return device_; }
  /// Work that is left out once the device is lost. It may fail().
  void queue(std::function<void()> work);
  /// What is done even then, and without delay.
  void queue_always(std::function<void()> work);
  /// Until all is done that was queued before.
  void wait();

  /// Work that failed, without losing the device; the next that waits for the stream is told.
  void fail(int error) { error_ = error; }
  /// 0 if there was none since the last call.
  int take_error() { return error_.exchange(0); }
  /// For the thread's own use.
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
  std::mutex producers_;  // which the thread never takes
  Item* last_;
  Item* done_;  // the thread's
  sem_t queued_{};
  bool ended_ = false;  // the thread's
  std::thread thread_;
};

/// A place in a stream that can be waited for.
class Event {
 public:
  Event(Device& device, bool timed) : device_(device), timed_(timed) {}

  Device& device() const { return device_; }
  bool timed() const { return timed_; }
  /// Puts it into a stream; it forgets where it was before.
  static void record(const std::shared_ptr<Event>& event, const std::shared_ptr<Stream>& stream);
  /// Until the stream has come to where it was recorded last; an error of that stream, or 0.
  int wait();
  bool done() const;
  bool recorded() const { return recorded_ > 0; }
  std::chrono::steady_clock::time_point time() const;

 private:
  Device& device_;
  bool timed_;
  std::int64_t recorded_ = 0;  // of the threads that record and wait
  std::shared_ptr<Stream> stream_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable reached_;
  std::int64_t done_ = 0;
  std::chrono::steady_clock::time_point time_;
};

}  // namespace stratem::emulated
