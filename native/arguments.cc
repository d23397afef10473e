#include "arguments.h"

namespace hindra {
namespace {

template <typename T>
Span<T> span_of(Napi::Env env, const Napi::Value &value, napi_typedarray_type wanted,
                const char *message) {
  napi_typedarray_type type;
  size_t count;
  void *data;
  const napi_status status =
      napi_get_typedarray_info(env, value, &type, &count, &data, nullptr, nullptr);
  if (status != napi_ok || type != wanted) throw Napi::TypeError::New(env, message);
  return {static_cast<T *>(data), count};
}

}  // namespace

uint32_t whole_number(const Napi::CallbackInfo &info, size_t index, uint32_t max) {
  const Napi::Value value = info[index];
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 1 && number <= max) || number != double(uint32_t(number))) {
    throw Napi::RangeError::New(info.Env(), "a width, height or count is out of range");
  }
  return uint32_t(number);
}

Napi::Array list_of(Napi::Env env, const Napi::Value &value) {
  if (!value.IsArray()) throw Napi::TypeError::New(env, "an array is needed");
  return value.As<Napi::Array>();
}

Span<uint8_t> bytes_of(Napi::Env env, const Napi::Value &value) {
  return span_of<uint8_t>(env, value, napi_uint8_array, "a Uint8Array is needed");
}

Span<uint32_t> numbers_of(Napi::Env env, const Napi::Value &value) {
  return span_of<uint32_t>(env, value, napi_uint32_array, "a Uint32Array is needed");
}

Pixels pixels_of(const Napi::CallbackInfo &info) {
  const Span<uint8_t> data = bytes_of(info.Env(), info[0]);
  const uint32_t width = whole_number(info, 1, INT32_MAX);
  const uint32_t height = whole_number(info, 2, INT32_MAX);
  const uint32_t channels = whole_number(info, 3, 4);
  if (channels == 2) throw Napi::RangeError::New(info.Env(), "channels are 1, 3 or 4");
  const size_t stride = size_t(width) * channels;
  // Divided, not multiplied: no product of a size can overflow.
  if (data.count / stride != height || data.count % stride != 0) {
    throw Napi::RangeError::New(info.Env(), "the data is not of the size that is named");
  }
  return {data.data, width, height, channels, stride};
}

}  // namespace hindra
