#include "cuda/host_runtime/stream.hpp"

#include <cerrno>
#include <utility>

#include "cuda/host_runtime/state.hpp"

namespace stratem::emulated {

Stream::Stream(Device& device, std::uint64_t seed, std::chrono::microseconds longest_delay)
    : device_(device), random_(seed), longest_delay_(longest_delay), last_(new Item), done_(last_) {
  sem_init(&queued_, 0, 0);
  thread_ = std::thread([this] { run(); });
}

Stream::~Stream() {
  queue_always([this] { ended_ = true; });
  thread_.join();
  delete done_;
  sem_destroy(&queued_);
}

void Stream::queue(std::function<void()> work) { push(std::move(work), false); }
void Stream::queue_always(std::function<void()> work) { push(std::move(work), true); }

void Stream::wait() {
  std::mutex mutex;
  std::condition_variable reached;
  bool done = false;
  queue_always([&] {
    const std::lock_guard lock(mutex);
    done = true;
    reached.notify_one();
  });
  std::unique_lock lock(mutex);
  reached.wait(lock, [&] { return done; });
}

void Stream::push(std::function<void()> work, bool always) {
  auto* const item = new Item{std::move(work), always};
  const std::lock_guard lock(producers_);
  last_->next.store(item, std::memory_order_release);
  last_ = item;
  sem_post(&queued_);
}

void Stream::run() {
  while (!ended_) {
    while (sem_wait(&queued_) != 0 && errno == EINTR) {
    }
    Item* const item = done_->next.load(std::memory_order_acquire);
    delete std::exchange(done_, item);
    if (!item->always) delay();
    if (item->always || device_.lost() == 0) item->work();
    item->work = nullptr;
  }
}

void Stream::delay() {
  if (longest_delay_.count() == 0) return;
  std::uniform_int_distribution<std::int64_t> some(0, longest_delay_.count());
  std::this_thread::sleep_for(std::chrono::microseconds(some(random_)));
}

void Event::record(const std::shared_ptr<Event>& event, const std::shared_ptr<Stream>& stream) {
  event->stream_ = stream;
  const std::int64_t number = ++event->recorded_;
  stream->queue_always([event, number] {
    const std::lock_guard lock(event->mutex_);
    event->done_ = number;
    event->time_ = std::chrono::steady_clock::now();
    event->reached_.notify_all();
  });
}

int Event::wait() {
  if (!recorded()) return 0;
  std::unique_lock lock(mutex_);
  reached_.wait(lock, [&] { return done_ >= recorded_; });
  return stream_->take_error();
}

bool Event::done() const {
  const std::lock_guard lock(mutex_);
  return done_ >= recorded_;
}

std::chrono::steady_clock::time_point Event::time() const {
  const std::lock_guard lock(mutex_);
  return time_;
}

}  // namespace stratem::emulated
