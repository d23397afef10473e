#include <immintrin.h>

#include "kernels/instructions.h"
#include "kernels/plane.h"

#include <cstring>

BEGIN_COMPILED_FOR(AVX512_PERMUTING_INSTRUCTIONS)

namespace hindra {
namespace {

constexpr int kBytes = 32;

}  // namespace
}  // namespace hindra

#include "kernels/plane-lanes.h"
#include "kernels/plane-x86.h"

namespace hindra {
namespace {

constexpr int kVectorBytes = 64, kVectors = kPatchRoom / kVectorBytes;

/** A patch as it is looked up: its pieces are two vectors each. */
struct Table {
  __m512i vectors[kVectors];

  /** The pixels at 64 places. */
  __m512i at(const PatchPairs::Ends &ends) const {
    const __m512i within = _mm512_loadu_si512(ends.within);
    const auto piece = [&](int at) {
      return _mm512_maskz_permutex2var_epi8(ends.pieces[at], vectors[2 * at], within, vectors[2 * at + 1]);
    };
    const auto pieces = [&](int at) { return _mm512_or_si512(piece(at), piece(at + 1)); };
    return _mm512_or_si512(_mm512_or_si512(pieces(0), pieces(2)), _mm512_or_si512(pieces(4), pieces(6)));
  }
};

/** 64 pairs at once: each place is looked up in all of the patch, which is held in registers. */
void compare(const uint8_t *patch, const PatchPairs &pairs, uint8_t *plain, uint8_t *inverted) {
  static_assert(PatchPairs::kPieces == 8 && kVectors == 16, "all pieces are looked up");
  Table table;
  for (int at = 0; at < kVectors; at += 1) table.vectors[at] = _mm512_loadu_si512(patch + at * kVectorBytes);
  for (int group = 0; group < PatchPairs::kPairs / PatchPairs::kTogether; group += 1) {
    const auto &[first, second] = pairs.ends[group];
    const uint64_t bits = _mm512_cmplt_epu8_mask(table.at(first), table.at(second));
    std::memcpy(plain + group * sizeof bits, &bits, sizeof bits);
  }
  if (inverted == nullptr) return;
  alignas(kVectorBytes) uint8_t turned[kPatchRoom];
  uint8_t reversed[kVectorBytes];
  for (int at = 0; at < kVectorBytes; at += 1) reversed[at] = uint8_t(kVectorBytes - 1 - at);
  const __m512i order = _mm512_loadu_si512(reversed);
  for (int at = 0; at < kVectors; at += 1) {
    const int from = kPatchAcross + 1 - kVectorBytes * (at + 1);
    // Of the last one nothing lies in the patch but its end, and nothing before the patch is read.
    const __mmask64 in = from >= 0 ? ~__mmask64{0} : ~__mmask64{0} << -from;
    const __m512i vector = _mm512_maskz_loadu_epi8(in, patch + from);
    _mm512_store_si512(turned + at * kVectorBytes, _mm512_permutexvar_epi8(order, vector));
  }
  for (int at = 0; at < kVectors; at += 1) table.vectors[at] = _mm512_load_si512(turned + at * kVectorBytes);
  for (int group = 0; group < PatchPairs::kPairs / PatchPairs::kTogether; group += 1) {
    const auto &[first, second] = pairs.ends[group];
    const uint64_t bits = _mm512_cmpge_epu8_mask(table.at(first), table.at(second));
    std::memcpy(inverted + group * sizeof bits, &bits, sizeof bits);
  }
}

}  // namespace

const PlaneKernels plane_avx512 = {"avx512",   luma,      add_row,   scale_row,   between_rows,
                                   blur_along, blur_down, contrasts, outstanding, harris,
                                   compare};

}  // namespace hindra

END_COMPILED_FOR
