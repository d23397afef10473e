#include "pdq/binding.h"

#include <algorithm>

#include "arguments.h"
#include "kernels/choose.h"
#include "pdq/blockhash.h"
#include "pdq/pdq.h"
#include "pdq/squares.h"

namespace hindra {
namespace {

/** Blockhash sums rows in float32, which holds whole numbers up to here. */
constexpr uint32_t kBlockhashSideMax = 65535;

/** Region `index` of four numbers each: x, y, width, height. */
Pixels region_of(Napi::Env env, const Pixels &pixels, Napi::Uint32Array regions,
                 size_t index) {
  const uint32_t *at = regions.Data() + index * 4;
  const uint64_t right = uint64_t(at[0]) + at[2];
  const uint64_t bottom = uint64_t(at[1]) + at[3];
  if (at[2] == 0 || at[3] == 0 || right > pixels.width || bottom > pixels.height) {
    throw Napi::RangeError::New(env, "a region is empty or reaches beyond the picture");
  }
  return {pixels.at(at[0], at[1]), at[2], at[3], pixels.channels, pixels.stride};
}

void write(const PdqHashes &result, int dihedrals, uint8_t *&to) {
  const size_t bytes = size_t(dihedrals) * kHashBytes;
  std::copy(result.hashes, result.hashes + bytes, to);
  to[bytes] = result.quality;
  to += bytes + 1;
}

/**
 * pdq(data, width, height, channels, dihedrals, regions?): for the picture, or for each region, 1 or
 * 8 hashes and a byte of quality, one after the other.
 */
Napi::Value pdq(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixels_of(info);
  const int dihedrals = int(whole_number(info, 4, kDihedrals));
  if (dihedrals > 1 && dihedrals < kDihedrals) {
    throw Napi::RangeError::New(env, "dihedrals are 1 or 8");
  }
  const size_t record = size_t(dihedrals) * kHashBytes + 1;
  const PdqKernels &kernels = *hindra::kernels().pdq;
  PdqHashes result;
  if (info[5].IsUndefined()) {
    Napi::Uint8Array out = Napi::Uint8Array::New(env, record);
    uint8_t *to = out.Data();
    pdq_hash(pixels, dihedrals, kernels, result);
    write(result, dihedrals, to);
    return out;
  }
  if (!info[5].IsTypedArray() ||
      info[5].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
    throw Napi::TypeError::New(env, "regions are a Uint32Array");
  }
  Napi::Uint32Array regions = info[5].As<Napi::Uint32Array>();
  const size_t count = regions.ElementLength() / 4;
  Napi::Uint8Array out = Napi::Uint8Array::New(env, record * count);
  uint8_t *to = out.Data();
  for (size_t index = 0; index < count; index += 1) {
    pdq_hash(region_of(env, pixels, regions, index), dihedrals, kernels, result);
    write(result, dihedrals, to);
  }
  return out;
}

/** pdqShrunk(data, width, height, channels, factor, fullWidth, fullHeight): a record of eight. */
Napi::Value pdq_of_shrunk(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixels_of(info);
  const Shrunk shrunk{whole_number(info, 4, 8), whole_number(info, 5, INT32_MAX),
                      whole_number(info, 6, INT32_MAX)};
  if (pixels.width != shrunk.full_width / shrunk.factor ||
      pixels.height != shrunk.full_height / shrunk.factor) {
    throw Napi::RangeError::New(env, "the sides are not those of the whole by the factor");
  }
  PdqHashes result;
  pdq_shrunk(pixels, shrunk, *kernels().pdq, result);
  Napi::Uint8Array out = Napi::Uint8Array::New(env, kDihedrals * kHashBytes + 1);
  uint8_t *to = out.Data();
  write(result, kDihedrals, to);
  return out;
}

/** meansOfSquares(data, width, height, channels, factor): interleaved as they came. */
Napi::Value squares(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const uint32_t factor = whole_number(info, 4, 8);
  const size_t width = pixels.width / factor, height = pixels.height / factor;
  Napi::Uint8Array out = Napi::Uint8Array::New(info.Env(), width * height * pixels.channels);
  means_of_squares(pixels, factor, out.Data());
  return out;
}

/** blockhash(data, width, height, channels, orientation): 64 hex digits. */
Napi::Value blockhash_hex(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  if (pixels.height > kBlockhashSideMax) {
    throw Napi::RangeError::New(info.Env(), "the picture is too high for exact sums");
  }
  const int orientation = int(whole_number(info, 4, 8));
  char hex[kBlocksASide * kBlocksASide / 4];
  blockhash(pixels, orientation, *kernels().pdq, hex);
  return Napi::String::New(info.Env(), hex, sizeof hex);
}

/** deriveDihedral(hash, hashes): fills in the 8, one after the other. */
void derive(const Napi::CallbackInfo &info) {
  Napi::Uint8Array hash = bytes_of(info, 0);
  Napi::Uint8Array hashes = bytes_of(info, 1);
  if (hash.ByteLength() != kHashBytes || hashes.ByteLength() != kDihedrals * kHashBytes) {
    throw Napi::RangeError::New(info.Env(), "a hash is 32 bytes, and there is room for 8");
  }
  derive_dihedral(hash.Data(), hashes.Data());
}

}  // namespace

void export_pdq(Napi::Env env, Napi::Object exports) {
  exports.Set("pdq", Napi::Function::New(env, pdq, "pdq"));
  exports.Set("pdqShrunk", Napi::Function::New(env, pdq_of_shrunk, "pdqShrunk"));
  exports.Set("meansOfSquares", Napi::Function::New(env, squares, "meansOfSquares"));
  exports.Set("blockhash", Napi::Function::New(env, blockhash_hex, "blockhash"));
  exports.Set("deriveDihedral", Napi::Function::New(env, derive, "deriveDihedral"));
}

}  // namespace hindra
