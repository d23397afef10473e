#pragma once

// What x86-64 does best for the loops over planes, with 32 bytes at once: included by the kernel files that are compiled
// for AVX2 and more, behind `plane-lanes.h`.

namespace hindra {
namespace {

inline bool is_any(const Levels &lanes) { return _mm256_testz_si256((__m256i)lanes, (__m256i)lanes) == 0; }

inline uint32_t set_lanes(const Sums &lanes) {
  return uint32_t(_mm256_movemask_epi8((__m256i)lanes)) & 0x55555555u;
}

inline Sums32 pair_products(const Shorts &a, const Shorts &b) {
  return (Sums32)_mm_madd_epi16((__m128i)a, (__m128i)b);
}

}  // namespace
}  // namespace hindra

#include "kernels/plane-loops.h"

namespace hindra {
namespace {

/** Eight at once: each takes its two samples out of sixteen. */
void scale_row(const uint8_t *row, const ScaledColumns &to, int16_t *out) {
  const __m128i middle = _mm_set1_epi8(int8_t(-128));
  // Weights are unsigned in a product of bytes, so that samples have to be signed.
  const __m128i taken = _mm_set1_epi16(128 << kShareBits);
  for (size_t i = 0; i < to.eights.size(); i += 1) {
    const ScaledColumns::Eight &eight = to.eights[i];
    if (eight.from < 0) {
      const size_t end = 8 * i + 8;
      scale_columns(row, to, 8 * i, end < to.columns.size() ? end : to.columns.size(), out);
      continue;
    }
    const __m128i samples = _mm_loadu_si128(reinterpret_cast<const __m128i *>(row + eight.from));
    const __m128i places = _mm_loadu_si128(reinterpret_cast<const __m128i *>(eight.places));
    const __m128i weights = _mm_loadu_si128(reinterpret_cast<const __m128i *>(eight.weights));
    const __m128i pairs = _mm_xor_si128(_mm_shuffle_epi8(samples, places), middle);
    const __m128i sums = _mm_add_epi16(_mm_maddubs_epi16(weights, pairs), taken);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out + 8 * i), sums);
  }
}

}  // namespace
}  // namespace hindra
