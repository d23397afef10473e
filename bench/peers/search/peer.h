// What JavaScript sees of a peer: the same calls, and so the same cost of a call, as Hindra's index.

#pragma once

#include <napi.h>

#include <memory>
#include <vector>

namespace peers {

struct Hit {
  uint32_t label;
  uint16_t distance;
};

constexpr size_t kHashBytes = 32;

/**
 * `new Peer(hashes)`: a Uint8Array of 32 bytes a hash; labels are positions. `search(hash, radius)`
 * gives {labels, distances} in no order. `close()` frees it. Index is built from (bytes, count) and
 * has `void search(const uint8_t *hash, int radius, std::vector<Hit> &hits) const`.
 */
template <typename Index>
class Peer : public Napi::ObjectWrap<Peer<Index>> {
 public:
  using Self = Peer<Index>;

  static Napi::Function define(Napi::Env env, const char *name) {
    return Self::DefineClass(env, name,
                             {Self::InstanceMethod("search", &Self::search),
                              Self::InstanceMethod("close", &Self::close)});
  }

  explicit Peer(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Self>(info) {
    auto hashes = info[0].As<Napi::Uint8Array>();
    index_ = std::make_unique<Index>(hashes.Data(), hashes.ByteLength() / kHashBytes);
  }

 private:
  Napi::Value search(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    hits_.clear();
    index_->search(info[0].As<Napi::Uint8Array>().Data(), info[1].As<Napi::Number>().Int32Value(),
                   hits_);
    auto labels = Napi::Uint32Array::New(env, hits_.size());
    auto distances = Napi::Uint16Array::New(env, hits_.size());
    for (size_t i = 0; i < hits_.size(); i += 1) {
      labels[i] = hits_[i].label;
      distances[i] = hits_[i].distance;
    }
    Napi::Object found = Napi::Object::New(env);
    found.Set("labels", labels);
    found.Set("distances", distances);
    return found;
  }

  void close(const Napi::CallbackInfo &) { index_.reset(); }

  std::unique_ptr<Index> index_;
  std::vector<Hit> hits_;
};

}  // namespace peers
