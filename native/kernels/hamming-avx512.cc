#include <immintrin.h>

#include <cstring>

#include "kernels/hamming.h"
#include "kernels/instructions.h"
#include "kernels/prefetch.h"

BEGIN_COMPILED_FOR(AVX512_COUNTING_INSTRUCTIONS)
#define COMPILED_FOR_PDEP
#include "kernels/crc32c-sse.h"
#include "kernels/hamming-common.h"

namespace hindra {
namespace {

inline __m512i load(const void *from) { return _mm512_loadu_si512(from); }

size_t scan(const uint64_t *rows, size_t count, const uint64_t *query, int radius,
            uint32_t *found) {
  const __m512i wanted = _mm512_broadcast_i64x4(
      _mm256_loadu_si256(reinterpret_cast<const __m256i *>(query)));
  const __m512i most = _mm512_set1_epi64(radius);
  const __m512i exchange = _mm512_setr_epi64(0, 2, 1, 3, 4, 6, 5, 7);
  size_t hits = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint64_t *at = rows + kHashWords * i;
    _mm_prefetch(reinterpret_cast<const char *>(at + 256), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char *>(at + 264), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char *>(at + 272), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char *>(at + 280), _MM_HINT_T0);
    const __m512i a = _mm512_popcnt_epi64(_mm512_xor_si512(load(at), wanted));
    const __m512i b = _mm512_popcnt_epi64(_mm512_xor_si512(load(at + 8), wanted));
    const __m512i c = _mm512_popcnt_epi64(_mm512_xor_si512(load(at + 16), wanted));
    const __m512i d = _mm512_popcnt_epi64(_mm512_xor_si512(load(at + 24), wanted));
    // a holds rows 0 and 1, words 0 to 3 each; ab: a0 b0 | a2 b2 | a4 b4 | a6 b6 summed by two.
    const __m512i ab = _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    const __m512i cd = _mm512_add_epi64(_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
    // 128-bit lanes: ab = [r0 r2 | r0 r2 | r1 r3 | r1 r3], cd = [r4 r6 | r4 r6 | r5 r7 | r5 r7].
    const __m512i even = _mm512_shuffle_i64x2(ab, cd, 0x88);  // [r0 r2 | r1 r3 | r4 r6 | r5 r7]
    const __m512i odd = _mm512_shuffle_i64x2(ab, cd, 0xdd);
    // Lanes hold rows 0 2 1 3 4 6 5 7; the same exchange puts them in order.
    const __m512i sums = _mm512_permutexvar_epi64(exchange, _mm512_add_epi64(even, odd));
    __mmask8 near = _mm512_cmple_epi64_mask(sums, most);
    if (near == 0) continue;
    const __m512i numbers = _mm512_add_epi64(_mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7),
                                             _mm512_set1_epi64(static_cast<long long>(i)));
    _mm512_mask_cvtepi64_storeu_epi32(found + hits, 0xff,
                                      _mm512_maskz_compress_epi64(near, numbers));
    hits += static_cast<size_t>(__builtin_popcount(near));
  }
  for (; i < count; i += 1) {
    found[hits] = static_cast<uint32_t>(i);
    hits += distance(rows + kHashWords * i, query) <= radius;
  }
  return hits;
}

size_t scan_folded(Folded rows, size_t count, uint64_t wide, uint32_t narrow, int radius,
                   uint32_t *found) {
  const __m512i wide_wanted = _mm512_set1_epi64(static_cast<long long>(wide));
  const __m256i narrow_wanted = _mm256_set1_epi32(static_cast<int>(narrow));
  const __m512i most = _mm512_set1_epi64(radius);
  size_t hits = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m512i wide_bits =
        _mm512_popcnt_epi64(_mm512_xor_si512(load(rows.wide + i), wide_wanted));
    const __m256i narrow_bits = _mm256_popcnt_epi32(_mm256_xor_si256(
        _mm256_loadu_si256(reinterpret_cast<const __m256i *>(rows.narrow + i)), narrow_wanted));
    const __m512i bits = _mm512_add_epi64(wide_bits, _mm512_cvtepu32_epi64(narrow_bits));
    unsigned near = _mm512_cmple_epi64_mask(bits, most);
    for (; near != 0; near &= near - 1) {
      found[hits++] = static_cast<uint32_t>(i) + static_cast<uint32_t>(__builtin_ctz(near));
    }
  }
  return hits + scan_folded_from(rows, i, count, wide, narrow, radius, found + hits);
}

/** From so many of 32 on survivors are written by vectors; below, one by one. */
constexpr int kCrowd = 5;

/** Survivors of 32 places, 8 to a vector; what is written beyond the last is overwritten. */
size_t put_crowd(uint32_t near, uint32_t probe, uint32_t first_place, Survivor *found) {
  static_assert(kSurvivorsSpare >= 16, "two vectors are written at a time");
  const __m512i first =
      _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                       _mm512_set1_epi32(static_cast<int>(first_place)));
  const __m512i number = _mm512_set1_epi64(probe);
  size_t hits = 0;
  for (int half = 0; half < 2; half += 1, near >>= 16) {
    const __m512i from = _mm512_add_epi32(first, _mm512_set1_epi32(16 * half));
    const __m512i places = _mm512_maskz_compress_epi32(static_cast<__mmask16>(near), from);
    const __m512i low = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(places));
    const __m512i high = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(places, 1));
    _mm512_storeu_si512(found + hits, _mm512_or_si512(_mm512_slli_epi64(low, 32), number));
    _mm512_storeu_si512(found + hits + 8, _mm512_or_si512(_mm512_slli_epi64(high, 32), number));
    hits += static_cast<size_t>(__builtin_popcount(near & 0xffff));
  }
  return hits;
}

size_t filter(const Partners &partners, const Probe *probes, size_t count, Survivor *found) {
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Probe &probe = probes[i];
    const uint16_t *entries = partners.of[probe.band] + probe.first;
    const __m512i wanted = _mm512_set1_epi16(static_cast<short>(partners.wanted[probe.band]));
    const __m512i most = _mm512_set1_epi16(static_cast<short>(probe.most));
    for (uint32_t place = 0; place < probe.count; place += 32) {
      const uint32_t rest = probe.count - place;
      const __mmask32 there = rest >= 32 ? ~__mmask32{0} : (__mmask32{1} << rest) - 1;
      const __m512i there_are = _mm512_maskz_loadu_epi16(there, entries + place);
      const __m512i bits = _mm512_popcnt_epi16(_mm512_xor_si512(there_are, wanted));
      uint32_t near = _mm512_mask_cmple_epu16_mask(there, bits, most);
      if (__builtin_popcount(near) > kCrowd) {
        hits += put_crowd(near, static_cast<uint32_t>(i), place, found + hits);
        continue;
      }
      for (; near != 0; near &= near - 1) {
        found[hits++] = {static_cast<uint32_t>(i),
                         place + static_cast<uint32_t>(__builtin_ctz(near))};
      }
    }
  }
  return hits;
}

}  // namespace

const HammingKernels hamming_avx512 = {"avx512", distance, scan, scan_folded, filter, row_numbers,
                                       row_distances, nearest_row, first_band,
                                       crc32c_by_instruction};

}  // namespace hindra

END_COMPILED_FOR
