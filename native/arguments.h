// What JavaScript hands over is checked here: that numbers are in range and arrays of their kind, so that no
// call reads or writes what is not its own.
#pragma once

#include <napi.h>

#include <algorithm>

#include "pdq/pixels.h"

namespace hindra {

/** Memory of a typed array. */
template <typename T>
struct Span {
  T *data;
  size_t count;
};

/** Argument `index`, 1 to `max`. Throws RangeError where it is no such number. */
uint32_t whole_number(const Napi::CallbackInfo &info, size_t index, uint32_t max);

/** Throws TypeError where it is no array. */
Napi::Array list_of(Napi::Env env, const Napi::Value &value);

/** Throws TypeError where it is no typed array of this kind. Nothing is copied. */
Span<uint8_t> bytes_of(Napi::Env env, const Napi::Value &value);
Span<uint32_t> numbers_of(Napi::Env env, const Napi::Value &value);

/** The first four arguments: data, width, height, channels. Nothing is copied. */
Pixels pixels_of(const Napi::CallbackInfo &info);

/** A typed array that holds a copy. */
template <typename Array, typename Values>
Array copied(Napi::Env env, const Values &values) {
  Array array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace hindra
