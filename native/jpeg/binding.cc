#include "jpeg/binding.h"

#include "arguments.h"
#include "guarded.h"
#include "jpeg/dc.h"
#include "jpeg/shrunk.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

Napi::Object raster_of(Napi::Env env, const Napi::Uint8Array &data, uint32_t full_width, uint32_t full_height) {
  Napi::Object raster = Napi::Object::New(env);
  raster.Set("data", data);
  raster.Set("fullWidth", full_width);
  raster.Set("fullHeight", full_height);
  return raster;
}

/** lumaAtEighth(bytes, sideMin, pixelsMax): the levels and the sides of the whole, or why it was declined. */
Napi::Value luma_at_eighth(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Span<uint8_t> bytes = bytes_of(env, info[0]);
  const jpeg::Limits limits{whole_number(info, 1, UINT16_MAX), whole_number(info, 2, UINT32_MAX)};
  const auto found = jpeg::read_dc(bytes.data, bytes.count, limits);
  if (const auto *reason = std::get_if<jpeg::Reason>(&found)) {
    return Napi::String::New(env, jpeg::name_of(*reason));
  }
  const auto &[full_width, full_height, levels] = std::get<jpeg::DcRaster>(found);
  return raster_of(env, copied<Napi::Uint8Array>(env, levels), full_width, full_height);
}

/** shrunkPixels(bytes, factor, pixelsMax): the pixels and the sides of the whole, or why it was declined. */
Napi::Value shrunk_pixels(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Span<uint8_t> bytes = bytes_of(env, info[0]);
  const uint32_t factor = whole_number(info, 1, jpeg::kBlockSide);
  if (factor != 2 && factor != 4 && factor != 8) throw Napi::RangeError::New(env, "the factor is 2, 4 or 8");
  // There has to be a pixel.
  const jpeg::Limits limits{factor, whole_number(info, 2, UINT32_MAX)};
  Napi::Uint8Array pixels;
  const jpeg::Room room = [&](size_t count) { return (pixels = Napi::Uint8Array::New(env, count)).Data(); };
  const auto found = jpeg::read_shrunk(bytes.data, bytes.count, limits, factor, *kernels().jpeg, room);
  if (const auto *reason = std::get_if<jpeg::Reason>(&found)) {
    return Napi::String::New(env, jpeg::name_of(*reason));
  }
  const auto &[full_width, full_height] = std::get<jpeg::Sides>(found);
  return raster_of(env, pixels, full_width, full_height);
}

}  // namespace

void export_jpeg(Napi::Env env, Napi::Object exports) {
  export_function<luma_at_eighth>(env, exports, "lumaAtEighth");
  export_function<shrunk_pixels>(env, exports, "shrunkPixels");
}

}  // namespace hindra
