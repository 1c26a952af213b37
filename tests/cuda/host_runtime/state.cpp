#include "cuda/host_runtime/state.hpp"

#include <cstring>
#include <new>
#include <utility>

namespace stratem::emulated {
namespace {

// Alignment of memory from cudaMalloc.
constexpr std::align_val_t alignment{256};

std::atomic<State*> present{nullptr};

std::string text(std::size_t bytes) { return std::to_string(bytes) + " bytes"; }

std::string owner(int device) {
  return device < 0 ? "pinned memory" : "memory of device " + std::to_string(device);
}

}  // namespace

bool loses_device(int error) {
  switch (static_cast<cudaError_t>(error)) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorECCUncorrectable:
      return true;
    default:
      return false;
  }
}

Allocation::Allocation(std::size_t size, int owner)
    : data(static_cast<std::byte*>(::operator new(size, alignment))), bytes(size), device(owner) {
  // If memory is read before it is written, the result is NaN, or counters that no test expects.
  std::memset(data, 0xff, bytes);
}

void Allocation::give_up() {
  if (live.exchange(false)) ::operator delete(data, alignment);
}

State::State(MachineSetup setup) : setup_(std::move(setup)) {
  static std::atomic<std::uint64_t> made{0};
  number_ = ++made;
  for (const DeviceSetup& device : setup_.devices) {
    devices_.emplace_back(static_cast<int>(devices_.size()), device);
  }
}

State::~State() {
  streams_.clear();  // before the members that their threads use
  default_streams_.clear();
  retired_.clear();
}

Device* State::device(int ordinal) {
  if (ordinal < 0 || ordinal >= device_count()) return nullptr;
  return &devices_[static_cast<std::size_t>(ordinal)];
}

void State::complain(const std::string& what) {
  const std::lock_guard lock(complaints_mutex_);
  complaints_.push_back(what);
}

std::vector<std::string> State::complaints() const {
  const std::lock_guard lock(complaints_mutex_);
  return complaints_;
}

std::vector<std::string> State::leaks() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  for (const auto& [data, allocation] : allocations_) {
    found.push_back("not freed: " + text(allocation->bytes) + " of " + owner(allocation->device));
  }
  for (const auto& [handle, stream] : streams_) {
    found.push_back("not destroyed: a stream of device " +
                    std::to_string(stream->device().ordinal()));
  }
  for (const auto& [handle, event] : events_) {
    found.push_back("not destroyed: an event of device " +
                    std::to_string(event->device().ordinal()));
  }
  return found;
}

void State::wait_for_all() {
  for (const Device& device : devices_) wait_for(device);
}

void State::arm(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.emplace_back().fault = std::move(fault);
}

std::int64_t State::fired(std::size_t fault) const {
  const std::lock_guard lock(mutex_);
  return faults_.at(fault).fired;
}

State::Armed* State::count_call(std::string_view function, int device, bool queues) {
  const std::lock_guard lock(mutex_);
  ++calls_.try_emplace(std::string(function), 0).first->second;
  for (Armed& armed : faults_) {
    const Fault& fault = armed.fault;
    if (!fault.call.empty() && fault.call != function) continue;
    if (fault.device >= 0 && fault.device != device) continue;
    if (fault.when_done && !queues) continue;
    const std::int64_t number = armed.seen++;
    if (number >= fault.nth && number < fault.nth + fault.times) return &armed;
  }
  return nullptr;
}

AllocationPointer State::allocate(std::size_t bytes, int device) {
  const std::lock_guard lock(mutex_);
  Device* const of = this->device(device);
  if (of != nullptr) {
    if (bytes > of->setup().memory - of->used) return nullptr;
    of->used += bytes;
  }
  auto allocation = std::make_shared<Allocation>(bytes, device);
  allocations_[allocation->data] = allocation;
  return allocation;
}

AllocationPointer State::starting_at(const void* data) const {
  const std::lock_guard lock(mutex_);
  const auto found = allocations_.find(static_cast<const std::byte*>(data));
  return found == allocations_.end() ? nullptr : found->second;
}

AllocationPointer State::holding(const void* data, std::size_t bytes) const {
  const auto* const first = static_cast<const std::byte*>(data);
  const std::lock_guard lock(mutex_);
  auto found = allocations_.upper_bound(first);
  if (found == allocations_.begin()) return nullptr;
  const AllocationPointer& allocation = (--found)->second;
  const auto offset = static_cast<std::size_t>(first - allocation->data);
  if (offset > allocation->bytes || bytes > allocation->bytes - offset) return nullptr;
  return allocation;
}

void State::free(const AllocationPointer& allocation) {
  const std::lock_guard lock(mutex_);
  if (Device* const of = device(allocation->device)) of->used -= allocation->bytes;
  allocations_.erase(allocation->data);
  allocation->give_up();
}

std::size_t State::bytes_used(const Device& device) const {
  const std::lock_guard lock(mutex_);
  return device.used;
}

std::shared_ptr<Stream> State::new_stream(Device& device) {
  return std::make_shared<Stream>(device, setup_.seed + 1000 * ++streams_made_,
                                  setup_.longest_delay);
}

cudaStream_t State::add_stream(Device& device) {
  const std::lock_guard lock(mutex_);
  auto stream = new_stream(device);
  const auto handle = reinterpret_cast<cudaStream_t>(stream.get());
  streams_[handle] = std::move(stream);
  return handle;
}

std::shared_ptr<Stream> State::stream(cudaStream_t handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(handle);
  return found == streams_.end() ? nullptr : found->second;
}

std::shared_ptr<Stream> State::default_stream(Device& device) {
  const std::lock_guard lock(mutex_);
  auto& stream = default_streams_[&device];
  if (!stream) stream = new_stream(device);
  return stream;
}

/// The stream's work continues; the handle becomes invalid.
void State::retire_stream(cudaStream_t handle) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(handle);
  retired_.push_back(found->second);
  streams_.erase(found);
}

void State::wait_for(const Device& device) {
  std::vector<std::shared_ptr<Stream>> all;
  {
    const std::lock_guard lock(mutex_);
    all = retired_;
    for (const auto& [handle, stream] : streams_) all.push_back(stream);
    for (const auto& [of, stream] : default_streams_) all.push_back(stream);
  }
  for (const auto& stream : all) {
    if (&stream->device() == &device) stream->wait();
  }
}

cudaEvent_t State::add_event(Device& device, bool timed) {
  const std::lock_guard lock(mutex_);
  auto event = std::make_shared<Event>(device, timed);
  const auto handle = reinterpret_cast<cudaEvent_t>(event.get());
  events_[handle] = std::move(event);
  return handle;
}

std::shared_ptr<Event> State::event(cudaEvent_t handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = events_.find(handle);
  return found == events_.end() ? nullptr : found->second;
}

void State::remove_event(cudaEvent_t handle) {
  const std::lock_guard lock(mutex_);
  events_.erase(handle);
}

State* state() { return present.load(); }

HostThread& host_thread() {
  thread_local HostThread thread;
  const std::uint64_t machine = state() == nullptr ? 0 : state()->number();
  if (thread.machine != machine) thread = {machine};
  return thread;
}

Call::Call(const char* function, const Device* device, Kind kind)
    : function_(function), state_(emulated::state()) {
  const auto refuse = [&](int error) {
    if (refusal_ == cudaSuccess) refusal_ = static_cast<cudaError_t>(error);
  };
  if (state_ == nullptr || state_->setup().driver < CUDART_VERSION) {
    refuse(cudaErrorInsufficientDriver);
    return;
  }
  if (state_->device_count() == 0) {
    refuse(cudaErrorNoDevice);
    return;
  }
  current_ = state_->device(host_thread().device);
  if (device == nullptr) device = current_;
  State::Armed* const armed =
      state_->count_call(function, device->ordinal(), kind == Kind::queues_work);
  refuse(device->lost());
  refuse(current_->lost());
  device_lost_ = refused();
  if (armed == nullptr || refused()) return;
  ++armed->fired;
  const Fault& fault = armed->fault;
  if (fault.when_done) {
    work_error_ = fault.error;
    return;
  }
  if (loses_device(fault.error)) state_->device(device->ordinal())->lose(fault.error);
  refuse(fault.error);
}

cudaError_t Call::result(cudaError_t code) const {
  if (code != cudaSuccess) host_thread().last_error = code;
  return code;
}

cudaError_t Call::wrong(cudaError_t code, const std::string& what) const {
  state_->complain(std::string(function_) + ": " + what);
  return result(code);
}

void queue_work(const Call& call, const std::shared_ptr<Stream>& stream, std::string name,
                std::vector<AllocationPointer> uses, std::function<void()> work) {
  Stream* const on = stream.get();  // the stream outlives its work
  stream->queue([on, &state = call.state(), error = call.work_error(), name = std::move(name),
                 uses = std::move(uses), work = std::move(work)] {
    if (error != 0) {
      if (loses_device(error)) on->device().lose(error);
      on->fail(error);
      return;
    }
    for (const AllocationPointer& each : uses) {
      if (each->live.load(std::memory_order_relaxed)) continue;
      state.complain(name + ": " + owner(each->device) + " was freed before its turn came");
      on->device().lose(cudaErrorIllegalAddress);
      return;
    }
    work();
  });
}

Machine::Machine(MachineSetup setup) : state_(std::make_unique<State>(std::move(setup))) {
  present = state_.get();
}

Machine::~Machine() {
  state_->wait_for_all();
  present = nullptr;
}

void Machine::inject(Fault fault) { state_->arm(std::move(fault)); }

std::int64_t Machine::fired(std::size_t fault) const { return state_->fired(fault); }

std::int64_t Machine::calls(std::string_view function) const {
  const std::lock_guard lock(state_->mutex_);
  std::int64_t sum = 0;
  for (const auto& [name, count] : state_->calls_) {
    if (function.empty() || name == function) sum += count;
  }
  return sum;
}

std::size_t Machine::bytes_used(int device) const {
  return state_->bytes_used(*state_->device(device));
}

std::vector<std::string> Machine::complaints() const { return state_->complaints(); }

std::vector<std::string> Machine::complaints_at_the_end() {
  state_->wait_for_all();
  std::vector<std::string> all = state_->complaints();
  for (std::string& leak : state_->leaks()) all.push_back(std::move(leak));
  return all;
}

}  // namespace stratem::emulated
