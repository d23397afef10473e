#include <immintrin.h>

#include <cstring>

#include "kernels/hamming.h"
#include "kernels/instructions.h"
#include "kernels/prefetch.h"

BEGIN_COMPILED_FOR(AVX2_INSTRUCTIONS)
#define COMPILED_FOR_PDEP
#include "kernels/crc32c-sse.h"
#include "kernels/hamming-common.h"

namespace hindra {
namespace {

/** Bits of each byte, by looking up its halves (Mula). */
inline __m256i byte_bits(__m256i x) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2,
                                         1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i half = _mm256_set1_epi8(0x0f);
  return _mm256_add_epi8(
      _mm256_shuffle_epi8(table, _mm256_and_si256(x, half)),
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), half)));
}

inline __m256i load(const void *from) {
  return _mm256_loadu_si256(static_cast<const __m256i *>(from));
}

/** Bits of four wide halves, in 64-bit lanes. */
inline __m256i wide_bits(const uint64_t *wide, __m256i wanted) {
  return _mm256_sad_epu8(byte_bits(_mm256_xor_si256(load(wide), wanted)), _mm256_setzero_si256());
}

size_t scan_folded(Folded rows, size_t count, uint64_t wide, uint32_t narrow, int radius,
                   uint32_t *found) {
  const __m256i wide_wanted = _mm256_set1_epi64x(static_cast<long long>(wide));
  const __m256i narrow_wanted = _mm256_set1_epi32(static_cast<int>(narrow));
  const __m256i beyond = _mm256_set1_epi32(radius + 1);
  size_t hits = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    // The second four go above the first in the same lanes; then all eight come into their order.
    const __m256i paired = _mm256_or_si256(
        wide_bits(rows.wide + i, wide_wanted),
        _mm256_slli_epi64(wide_bits(rows.wide + i + 4, wide_wanted), 32));
    const __m256i ordered = _mm256_permutevar8x32_epi32(
        paired, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
    const __m256i narrow_bits = _mm256_madd_epi16(
        _mm256_maddubs_epi16(byte_bits(_mm256_xor_si256(load(rows.narrow + i), narrow_wanted)),
                             _mm256_set1_epi8(1)),
        _mm256_set1_epi16(1));
    const __m256i bits = _mm256_add_epi32(ordered, narrow_bits);
    auto near = static_cast<unsigned>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(beyond, bits))));
    for (; near != 0; near &= near - 1) {
      found[hits++] = static_cast<uint32_t>(i) + static_cast<uint32_t>(__builtin_ctz(near));
    }
  }
  return hits + scan_folded_from(rows, i, count, wide, narrow, radius, found + hits);
}

size_t filter(const Partners &partners, const Probe *probes, size_t count, Survivor *found) {
  const __m256i ones = _mm256_set1_epi8(1);
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Probe &probe = probes[i];
    const uint16_t *entries = partners.of[probe.band] + probe.first;
    const __m256i wanted = _mm256_set1_epi16(static_cast<short>(partners.wanted[probe.band]));
    const __m256i beyond = _mm256_set1_epi16(static_cast<short>(probe.most + 1));
    uint32_t place = 0;
    for (; place + 16 <= probe.count; place += 16) {
      const __m256i there_are = load(entries + place);
      const __m256i bits =
          _mm256_maddubs_epi16(byte_bits(_mm256_xor_si256(there_are, wanted)), ones);
      auto near = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpgt_epi16(beyond, bits)));
      // Two equal bits an entry.
      for (near &= 0x55555555u; near != 0; near &= near - 1) {
        found[hits++] = {static_cast<uint32_t>(i),
                         place + static_cast<uint32_t>(__builtin_ctz(near)) / 2};
      }
    }
    for (; place < probe.count; place += 1) {
      found[hits] = {static_cast<uint32_t>(i), place};
      hits += __builtin_popcount(entries[place] ^ partners.wanted[probe.band]) <= probe.most;
    }
  }
  return hits;
}

}  // namespace

const HammingKernels hamming_avx2 = {"avx2", distance, scan_plain, scan_folded, filter,
                                     row_numbers, row_distances, nearest_row, first_band,
                                     crc32c_by_instruction};

}  // namespace hindra

END_COMPILED_FOR
