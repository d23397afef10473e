#include <immintrin.h>

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
      const __m256i there_are =
          _mm256_loadu_si256(reinterpret_cast<const __m256i *>(entries + place));
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

const HammingKernels hamming_avx2 = {distance,    scan_plain,    scan_folded_plain, filter,
                                     row_numbers, row_distances, first_band,
                                     crc32c_by_instruction};

}  // namespace hindra
