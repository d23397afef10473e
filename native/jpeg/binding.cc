#include "jpeg/binding.h"

#include "arguments.h"
#include "guarded.h"
#include "jpeg/dc.h"

namespace hindra {
namespace {

/** lumaAtEighth(bytes, sideMin, pixelsMax): the levels and the sides of the whole, or why it was declined. */
Napi::Value luma_at_eighth(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Span<uint8_t> bytes = bytes_of(env, info[0]);
  const jpeg::DcLimits limits{whole_number(info, 1, UINT16_MAX), whole_number(info, 2, UINT32_MAX)};
  const auto found = jpeg::read_dc(bytes.data, bytes.count, limits);
  if (const auto *reason = std::get_if<jpeg::Reason>(&found)) {
    return Napi::String::New(env, jpeg::name_of(*reason));
  }
  const auto &[full_width, full_height, levels] = std::get<jpeg::DcRaster>(found);
  Napi::Object raster = Napi::Object::New(env);
  raster.Set("data", copied<Napi::Uint8Array>(env, levels));
  raster.Set("fullWidth", full_width);
  raster.Set("fullHeight", full_height);
  return raster;
}

}  // namespace

void export_jpeg(Napi::Env env, Napi::Object exports) {
  export_function<luma_at_eighth>(env, exports, "lumaAtEighth");
}

}  // namespace hindra
