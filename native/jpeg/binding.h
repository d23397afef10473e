#pragma once

#include <napi.h>

namespace hindra {

/** Adds `lumaAtEighth` and `shrunkPixels` to what JavaScript sees. */
void export_jpeg(Napi::Env env, Napi::Object exports);

}  // namespace hindra
