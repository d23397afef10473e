#include "pdq/binding.h"

#include <algorithm>

#include "arguments.h"
#include "guarded.h"
#include "kernels/choose.h"
#include "pdq/blockhash.h"
#include "pdq/pdq.h"
#include "pdq/squares.h"

namespace hindra {
namespace {

/** Blockhash sums rows in float32, which holds whole numbers up to here. */
constexpr uint32_t kBlockhashSideMax = 65535;

Pixels region_of(Napi::Env env, const Pixels &pixels, const uint32_t *region) {
  const uint64_t right = uint64_t(region[0]) + region[2];
  const uint64_t bottom = uint64_t(region[1]) + region[3];
  if (region[2] == 0 || region[3] == 0 || right > pixels.width || bottom > pixels.height) {
    throw Napi::RangeError::New(env, "a region is empty or reaches beyond the picture");
  }
  return {pixels.at(region[0], region[1]), region[2], region[3], pixels.channels, pixels.stride};
}

/** The first hashes, one after the other, and the quality. */
Napi::Object given(Napi::Env env, const PdqHashes &result, int dihedrals) {
  Napi::Uint8Array hashes = Napi::Uint8Array::New(env, size_t(dihedrals) * kHashBytes);
  std::copy(result.hashes, result.hashes + hashes.ElementLength(), hashes.Data());
  Napi::Object object = Napi::Object::New(env);
  object.Set("hashes", hashes);
  object.Set("quality", int(result.quality));
  return object;
}

/** pdq(data, width, height, channels, dihedrals): 1 or 8 hashes and the quality. */
Napi::Value pdq_of_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const int dihedrals = int(whole_number(info, 4, kDihedrals));
  if (dihedrals > 1 && dihedrals < kDihedrals) {
    throw Napi::RangeError::New(info.Env(), "dihedrals are 1 or 8");
  }
  PdqHashes result;
  pdq_hash(pixels, dihedrals, *kernels().pdq, result);
  return given(info.Env(), result, dihedrals);
}

/** pdqRegions(data, width, height, channels, regions): 8 hashes and the quality of each. */
Napi::Value pdq_of_regions(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixels_of(info);
  // X, y, width and height of one after the other.
  const Span<uint32_t> regions = numbers_of(env, info[4]);
  const size_t count = regions.count / 4;
  Napi::Array all = Napi::Array::New(env, count);
  PdqHashes result;
  for (size_t i = 0; i < count; i += 1) {
    pdq_hash(region_of(env, pixels, regions.data + 4 * i), kDihedrals, *kernels().pdq, result);
    all.Set(uint32_t(i), given(env, result, kDihedrals));
  }
  return all;
}

/** pdqShrunk(data, width, height, channels, factor, fullWidth, fullHeight): 8 hashes, their slacks and the quality. */
Napi::Value pdq_of_shrunk(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const Shrunk shrunk{whole_number(info, 4, 8), whole_number(info, 5, INT32_MAX),
                      whole_number(info, 6, INT32_MAX)};
  if (pixels.width != shrunk.full_width / shrunk.factor ||
      pixels.height != shrunk.full_height / shrunk.factor) {
    throw Napi::RangeError::New(info.Env(), "the sides are not those of the whole by the factor");
  }
  PdqHashes result;
  uint8_t slacks[kDihedrals];
  pdq_shrunk(pixels, shrunk, *kernels().pdq, result, slacks);
  Napi::Object object = given(info.Env(), result, kDihedrals);
  Napi::Uint8Array bits = Napi::Uint8Array::New(info.Env(), kDihedrals);
  std::copy(slacks, slacks + kDihedrals, bits.Data());
  object.Set("slacks", bits);
  return object;
}

/** meansOfSquares(data, width, height, channels, factor): interleaved as they came. */
Napi::Value means_of_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const uint32_t factor = whole_number(info, 4, 8);
  const size_t width = pixels.width / factor, height = pixels.height / factor;
  Napi::Uint8Array out = Napi::Uint8Array::New(info.Env(), width * height * pixels.channels);
  means_of_squares(pixels, factor, out.Data());
  return out;
}

/** blockhash(data, width, height, channels, orientation): 64 hex digits. */
Napi::Value blockhash_of_picture(const Napi::CallbackInfo &info) {
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
void derive_dihedral_hashes(const Napi::CallbackInfo &info) {
  const Span<uint8_t> hash = bytes_of(info.Env(), info[0]);
  const Span<uint8_t> hashes = bytes_of(info.Env(), info[1]);
  if (hash.count != kHashBytes || hashes.count != kDihedrals * kHashBytes) {
    throw Napi::RangeError::New(info.Env(), "a hash is 32 bytes, and there is room for 8");
  }
  derive_dihedral(hash.data, hashes.data);
}

}  // namespace

void export_pdq(Napi::Env env, Napi::Object exports) {
  export_function<pdq_of_picture>(env, exports, "pdq");
  export_function<pdq_of_regions>(env, exports, "pdqRegions");
  export_function<pdq_of_shrunk>(env, exports, "pdqShrunk");
  export_function<means_of_picture>(env, exports, "meansOfSquares");
  export_function<blockhash_of_picture>(env, exports, "blockhash");
  export_function<derive_dihedral_hashes>(env, exports, "deriveDihedral");
}

}  // namespace hindra
