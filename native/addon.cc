// The table of contents: what JavaScript sees of the native core, see binding.ts.

#include <napi.h>

#include "features/binding.h"
#include "hamming/binding.h"
#include "kernels/choose.h"
#include "pdq/binding.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  try {
    exports.Set("kernel", hindra::kernels().name);
    hindra::export_features(env, exports);
    hindra::export_hamming(env, exports);
    hindra::export_pdq(env, exports);
  } catch (const std::exception &error) {
    throw Napi::Error::New(env, error.what());
  }
  return exports;
}

}  // namespace

NODE_API_MODULE(hindra, init)
