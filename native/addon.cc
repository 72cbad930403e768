// Joins Go (which does Kubernetes) to JavaScript. This file does threads and JavaScript values, nothing else.
//
//   JS thread ──submit/cancel/close──▶ queue ──courier thread──▶ Go
//   JS thread ◀──thread-safe function────────────────────────── Go's threads
//
// The JS thread never enters Go: a direct call waits for a free Go processor, 90–225 ms when all are busy.

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include <napi.h>

#include "kube.h"

namespace {

// The version of methods, parameters and kinds: the same as Protocol in native/go/internal/host.
constexpr int kProtocol = 1;
constexpr uint32_t kProgress = 1;

struct Message {
  uint64_t op;
  uint32_t kind;
  std::string data;
};

// One connection of one JS thread. `deliver` is used by Go's threads as long as the link is in `links`, under its lock;
// everything else belongs to the JS thread.
struct Link {
  uint64_t id = 0;
  napi_env env = nullptr;
  napi_threadsafe_function deliver = nullptr;
  uint64_t in_flight = 0;
  bool closed = false;
};

using LinkPtr = std::shared_ptr<Link>;

// Both are leaked on purpose: Go's threads and the courier outlive main(), and a destroyed mutex would end a clean exit
// in a crash.
struct Links {
  std::mutex mutex;
  std::unordered_map<uint64_t, LinkPtr> open;
  uint64_t last_id = 0;
};

Links &links() {
  static Links *instance = new Links();
  return *instance;
}

void Emit(uint64_t env, uint64_t op, uint32_t kind, const char *data, size_t size) {
  std::lock_guard<std::mutex> lock(links().mutex);
  auto found = links().open.find(env);
  if (found == links().open.end()) return;
  auto *message = new Message{op, kind, std::string(data, size)};
  // The queue has no limit, so this neither blocks nor fails but for a function that is closing.
  if (napi_call_threadsafe_function(found->second->deliver, message, napi_tsfn_nonblocking) != napi_ok) delete message;
}

// The one thread that calls Go.
class Courier {
public:
  static Courier &Get() {
    static Courier *instance = new Courier();
    return *instance;
  }

  void Submit(uint64_t env, uint64_t op, std::string request) { Push({Job::kSubmit, env, op, std::move(request)}); }
  void Cancel(uint64_t env, uint64_t op) { Push({Job::kCancel, env, op, {}}); }
  void CloseEnv(uint64_t env) { Push({Job::kClose, env, 0, {}}); }

private:
  struct Job {
    enum What { kSubmit, kCancel, kClose } what;
    uint64_t env;
    uint64_t op;
    std::string request;
  };

  Courier() {
    // Signals are Node's: a thread inherits the mask of the one that starts it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([this] { Run(); }).detach();
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void Push(Job job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    ready_.notify_one();
  }

  void Run() {
    KubeInit(reinterpret_cast<void *>(&Emit));
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      ready_.wait(lock, [this] { return !jobs_.empty(); });
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      switch (job.what) {
      case Job::kSubmit:
        KubeSubmit(job.env, job.op, job.request.data(), job.request.size());
        break;
      case Job::kCancel:
        KubeCancel(job.env, job.op);
        break;
      case Job::kClose:
        KubeCloseEnv(job.env);
        break;
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
};

// On the JS thread, for each message. Raw calls: node-addon-api throws while a worker is being terminated, and an
// exception here has no one to catch it. The receiver in src/native/channel.ts never throws.
void Deliver(napi_env env, napi_value receiver, void *context, void *data) {
  std::unique_ptr<Message> message(static_cast<Message *>(data));
  if (env == nullptr) return; // the queue is being emptied
  Link &link = **static_cast<LinkPtr *>(context);
  if (message->kind != kProgress && --link.in_flight == 0 && !link.closed) {
    napi_unref_threadsafe_function(env, link.deliver);
  }
  napi_value arguments[3], self;
  if (napi_create_int64(env, static_cast<int64_t>(message->op), &arguments[0]) != napi_ok ||
      napi_create_uint32(env, message->kind, &arguments[1]) != napi_ok ||
      napi_create_string_utf8(env, message->data.data(), message->data.size(), &arguments[2]) != napi_ok ||
      napi_get_undefined(env, &self) != napi_ok) {
    return;
  }
  napi_call_function(env, self, receiver, 3, arguments, nullptr);
}

void Forget(napi_env, void *, void *context) { delete static_cast<LinkPtr *>(context); }

void Close(const LinkPtr &link) {
  if (link->closed) return;
  link->closed = true;
  {
    std::lock_guard<std::mutex> lock(links().mutex);
    links().open.erase(link->id);
  }
  Courier::Get().CloseEnv(link->id);
  napi_release_threadsafe_function(link->deliver, napi_tsfn_abort);
}

void CloseAtExit(void *data) {
  std::unique_ptr<LinkPtr> link(static_cast<LinkPtr *>(data));
  Close(*link);
}

// class Channel { constructor(receive: (op, kind, data) => void); submit(op, request); cancel(op); close() }
// Requests are answered in any order, each once. While one is, the process does not end by itself.
class Channel : public Napi::ObjectWrap<Channel> {
public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Channel",
                       {InstanceMethod<&Channel::Submit>("submit"), InstanceMethod<&Channel::Cancel>("cancel"),
                        InstanceMethod<&Channel::CloseNow>("close")});
  }

  explicit Channel(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Channel>(info) {
    Napi::Env env = info.Env();
    if (!info[0].IsFunction()) throw Napi::TypeError::New(env, "Channel wants a function that receives messages");
    try {
      Courier::Get();
    } catch (const std::exception &error) {
      throw Napi::Error::New(env, std::string("cannot start a thread: ") + error.what());
    }
    link_ = std::make_shared<Link>();
    link_->env = env;
    auto context = std::make_unique<LinkPtr>(link_);
    napi_status status = napi_create_threadsafe_function(env, info[0], nullptr, Napi::String::New(env, "kubectl-live"), 0,
                                                         1, nullptr, Forget, context.get(), Deliver, &link_->deliver);
    NAPI_THROW_IF_FAILED_VOID(env, status);
    (void)context.release();
    napi_unref_threadsafe_function(env, link_->deliver);
    {
      std::lock_guard<std::mutex> lock(links().mutex);
      link_->id = ++links().last_id;
      links().open.emplace(link_->id, link_);
    }
    // After the function is made: hooks run last in, first out, and ours must find it alive.
    hook_ = new LinkPtr(link_);
    napi_add_env_cleanup_hook(env, CloseAtExit, hook_);
  }

private:
  void Submit(const Napi::CallbackInfo &info) {
    if (link_->closed) throw Napi::Error::New(info.Env(), "the channel is closed");
    int64_t op = info[0].As<Napi::Number>().Int64Value();
    std::string request = info[1].As<Napi::String>().Utf8Value();
    // Op 0 is for requests without an answer.
    if (op != 0 && link_->in_flight++ == 0) napi_ref_threadsafe_function(info.Env(), link_->deliver);
    Courier::Get().Submit(link_->id, static_cast<uint64_t>(op), std::move(request));
  }

  void Cancel(const Napi::CallbackInfo &info) {
    if (link_->closed) return;
    Courier::Get().Cancel(link_->id, static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value()));
  }

  void CloseNow(const Napi::CallbackInfo &info) {
    if (link_->closed) return;
    napi_remove_env_cleanup_hook(info.Env(), CloseAtExit, hook_);
    delete hook_;
    hook_ = nullptr;
    Close(link_);
  }

  LinkPtr link_;
  LinkPtr *hook_ = nullptr;
};

// Go cannot be unloaded, and the loader would try when the only worker that had loaded it ends.
void StayLoaded() {
  Dl_info self;
  if (dladdr(reinterpret_cast<void *>(&StayLoaded), &self) != 0) dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  StayLoaded();
  exports.Set("protocol", Napi::Number::New(env, kProtocol));
  exports.Set("Channel", Channel::Define(env));
  return exports;
}

} // namespace

NODE_API_MODULE(kubectl_live, Init)
