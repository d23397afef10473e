// The table of contents: what JavaScript sees of the native core, see binding.ts.

#include <napi.h>

#include "features/binding.h"
#include "guarded.h"
#include "hamming/binding.h"
#include "jpeg/binding.h"
#include "kernels/choose.h"
#include "pdq/binding.h"

namespace {

Napi::Object kernel(Napi::Env env) {
  const hindra::KernelSet &set = hindra::kernels();
  Napi::Object names = Napi::Object::New(env);
  names.Set("hashing", set.pdq->name);
  names.Set("searching", set.hamming->name);
  return names;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  return hindra::guarded(env, [&] {
    exports.Set("kernel", kernel(env));
    hindra::export_features(env, exports);
    hindra::export_hamming(env, exports);
    hindra::export_jpeg(env, exports);
    hindra::export_pdq(env, exports);
    return exports;
  });
}

}  // namespace

NODE_API_MODULE(hindra, init)
