#pragma once

#include <napi.h>

namespace hindra {

void export_features(Napi::Env env, Napi::Object exports);

}  // namespace hindra
