// The scalar port of the reference as an addon, so that a call costs what one of Hindra's does.

#include <napi.h>

#include <algorithm>

#include "../pdq-reference.h"

namespace {

/** hash(data, width, height, dihedrals): 1 or 8 hashes and a byte of quality. Input is trusted. */
Napi::Value hash(const Napi::CallbackInfo &info) {
  Napi::Uint8Array data = info[0].As<Napi::Uint8Array>();
  const int width = info[1].As<Napi::Number>().Int32Value();
  const int height = info[2].As<Napi::Number>().Int32Value();
  const int dihedrals = info[3].As<Napi::Number>().Int32Value();
  const auto result = pdq_reference::hash(data.Data(), width, height, 3, dihedrals);
  const size_t bytes = size_t(dihedrals) * 32;
  Napi::Uint8Array out = Napi::Uint8Array::New(info.Env(), bytes + 1);
  std::copy(result.hashes[0].bytes, result.hashes[0].bytes + bytes, out.Data());
  out[bytes] = uint8_t(result.quality);
  return out;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("hash", Napi::Function::New(env, hash));
  exports.Set("flags", FLAGS);
  return exports;
}

}  // namespace

NODE_API_MODULE(reference, init)
