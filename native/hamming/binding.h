#pragma once

#include <napi.h>

namespace hindra {

/** Adds the index to what JavaScript sees, see binding.ts. */
void export_hamming(Napi::Env env, Napi::Object exports);

}  // namespace hindra
