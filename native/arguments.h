#pragma once

#include <napi.h>

#include "pdq/pixels.h"

namespace hindra {

/** Argument `index`, 1 to `max`. Throws where it is no such number. */
uint32_t whole_number(const Napi::CallbackInfo &info, size_t index, uint32_t max);

/** Throws where it is no Uint8Array. */
Napi::Uint8Array bytes_of(Napi::Env env, const Napi::Value &value);
Napi::Uint8Array bytes_of(const Napi::CallbackInfo &info, size_t index);

/** The first four arguments: data, width, height, channels. Nothing is copied. */
Pixels pixels_of(const Napi::CallbackInfo &info);

}  // namespace hindra
