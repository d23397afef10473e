#include "arguments.h"

namespace hindra {

uint32_t whole_number(const Napi::CallbackInfo &info, size_t index, uint32_t max) {
  const Napi::Value value = info[index];
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 1 && number <= max) || number != double(uint32_t(number))) {
    throw Napi::RangeError::New(info.Env(), "a width, height or count is out of range");
  }
  return uint32_t(number);
}

Napi::Uint8Array bytes_of(Napi::Env env, const Napi::Value &value) {
  if (!value.IsTypedArray() ||
      value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(env, "a Uint8Array is needed");
  }
  return value.As<Napi::Uint8Array>();
}

Napi::Uint8Array bytes_of(const Napi::CallbackInfo &info, size_t index) {
  return bytes_of(info.Env(), info[index]);
}

Pixels pixels_of(const Napi::CallbackInfo &info) {
  Napi::Uint8Array data = bytes_of(info, 0);
  const uint32_t width = whole_number(info, 1, INT32_MAX);
  const uint32_t height = whole_number(info, 2, INT32_MAX);
  const uint32_t channels = whole_number(info, 3, 4);
  if (channels == 2) throw Napi::RangeError::New(info.Env(), "channels are 1, 3 or 4");
  const size_t stride = size_t(width) * channels;
  // Divided, not multiplied: no product of a size can overflow.
  if (data.ByteLength() / stride != height || data.ByteLength() % stride != 0) {
    throw Napi::RangeError::New(info.Env(), "the data is not of the size that is named");
  }
  return {data.Data(), width, height, channels, stride};
}

}  // namespace hindra
