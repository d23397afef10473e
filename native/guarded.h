#pragma once

#include <napi.h>

#include <exception>
#include <optional>
#include <utility>

namespace hindra {

/** What was thrown, as an error of JavaScript; called while it is being caught. */
Napi::Error error_in_flight(Napi::Env env);

/** Does native work; whatever it throws becomes an error of JavaScript. */
template <typename Work>
auto guarded(Napi::Env env, const Work &work) {
  try {
    return work();
  } catch (...) {
    throw error_in_flight(env);
  }
}

/** A function as JavaScript calls it. */
template <auto function>
auto guarded_function(const Napi::CallbackInfo &info) {
  return guarded(info.Env(), [&info] { return function(info); });
}

template <auto function>
void export_function(Napi::Env env, Napi::Object exports, const char *name) {
  exports.Set(name, Napi::Function::New<guarded_function<function>>(env, name));
}

/** A class as JavaScript sees it; its `define` lists the methods. */
template <typename Self>
class ExportedClass : public Napi::ObjectWrap<Self> {
 public:
  using Napi::ObjectWrap<Self>::ObjectWrap;

 protected:
  template <auto method>
  static auto exported(const char *name) {
    Answer<method> (Self::*const called)(const Napi::CallbackInfo &) =
        &ExportedClass::template guarded_method<method>;
    return Napi::ObjectWrap<Self>::InstanceMethod(name, called);
  }

  template <auto getter>
  static auto exported_property(const char *name) {
    Answer<getter> (Self::*const called)(const Napi::CallbackInfo &) =
        &ExportedClass::template guarded_method<getter>;
    return Napi::ObjectWrap<Self>::InstanceAccessor(name, called, nullptr);
  }

 private:
  template <auto method>
  using Answer = decltype((std::declval<Self &>().*method)(
      std::declval<const Napi::CallbackInfo &>()));

  template <auto method>
  Answer<method> guarded_method(const Napi::CallbackInfo &info) {
    return guarded(info.Env(), [&] { return (static_cast<Self *>(this)->*method)(info); });
  }
};

/** Work of the thread pool, and how its answer is handed over afterwards. */
template <typename Work, typename Give>
class PoolWork : public Napi::AsyncWorker {
 public:
  PoolWork(Napi::Env env, const char *name, Work work, Give give)
      : Napi::AsyncWorker(env, name),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        give_(std::move(give)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override {
    try {
      answer_.emplace(work_());
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void OnOK() override {
    try {
      if (failure_) std::rethrow_exception(failure_);
      deferred_.Resolve(give_(Env(), *answer_));
    } catch (...) {
      deferred_.Reject(error_in_flight(Env()).Value());
    }
  }

 private:
  Napi::Promise::Deferred deferred_;
  Work work_;
  Give give_;
  std::optional<decltype(std::declval<Work &>()())> answer_;
  std::exception_ptr failure_;
};

/**
 * Does `work` on the thread pool, upon copies of its own; the promise holds what `give` makes of its
 * answer.
 */
template <typename Work, typename Give>
Napi::Promise in_pool(Napi::Env env, const char *name, Work work, Give give) {
  auto *pool_work = new PoolWork<Work, Give>(env, name, std::move(work), std::move(give));
  const Napi::Promise promise = pool_work->promise();
  pool_work->Queue();
  return promise;
}

}  // namespace hindra
