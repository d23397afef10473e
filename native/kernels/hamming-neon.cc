#include <arm_neon.h>

#include "kernels/crc32c-table.h"
#include "kernels/hamming-common.h"

namespace hindra {
namespace {

size_t scan(const uint64_t *rows, size_t count, const uint64_t *query, int radius,
            uint32_t *found) {
  const uint8x16_t low = vreinterpretq_u8_u64(vld1q_u64(query));
  const uint8x16_t high = vreinterpretq_u8_u64(vld1q_u64(query + 2));
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    const uint64_t *row = rows + kHashWords * i;
    const uint8x16_t a = vcntq_u8(veorq_u8(vreinterpretq_u8_u64(vld1q_u64(row)), low));
    const uint8x16_t b = vcntq_u8(veorq_u8(vreinterpretq_u8_u64(vld1q_u64(row + 2)), high));
    found[hits] = static_cast<uint32_t>(i);
    hits += static_cast<int>(vaddlvq_u8(vaddq_u8(a, b))) <= radius;
  }
  return hits;
}

/** Four rows at a time. */
size_t scan_folded(Folded rows, size_t count, uint64_t wide, uint32_t narrow, int radius,
                   uint32_t *found) {
  const uint64x2_t wide_wanted = vdupq_n_u64(wide);
  const uint32x4_t narrow_wanted = vdupq_n_u32(narrow);
  const uint32x4_t most = vdupq_n_u32(static_cast<uint32_t>(radius));
  const auto halves = [](uint8x16_t differing) {
    return vpaddlq_u16(vpaddlq_u8(vcntq_u8(differing)));
  };
  size_t hits = 0;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const uint64x2_t first = veorq_u64(vld1q_u64(rows.wide + i), wide_wanted);
    const uint64x2_t second = veorq_u64(vld1q_u64(rows.wide + i + 2), wide_wanted);
    const uint32x4_t last = veorq_u32(vld1q_u32(rows.narrow + i), narrow_wanted);
    const uint32x4_t bits = vaddq_u32(vpaddq_u32(halves(vreinterpretq_u8_u64(first)),
                                                 halves(vreinterpretq_u8_u64(second))),
                                      halves(vreinterpretq_u8_u32(last)));
    // Sixteen equal bits a row.
    const uint16x4_t within = vmovn_u32(vcleq_u32(bits, most));
    uint64_t near = vget_lane_u64(vreinterpret_u64_u16(within), 0) & 0x0001000100010001u;
    for (; near != 0; near &= near - 1) {
      found[hits++] =
          static_cast<uint32_t>(i) + static_cast<uint32_t>(__builtin_ctzll(near)) / 16;
    }
  }
  return hits + scan_folded_from(rows, i, count, wide, narrow, radius, found + hits);
}

size_t filter(const Partners &partners, const Probe *probes, size_t count, Survivor *found) {
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Probe &probe = probes[i];
    const uint16_t *entries = partners.of[probe.band] + probe.first;
    const uint16x8_t wanted = vdupq_n_u16(partners.wanted[probe.band]);
    const uint16x8_t most = vdupq_n_u16(probe.most);
    uint32_t place = 0;
    for (; place + 8 <= probe.count; place += 8) {
      const uint16x8_t differing = veorq_u16(vld1q_u16(entries + place), wanted);
      const uint16x8_t bits = vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u16(differing)));
      const uint8x8_t narrow = vmovn_u16(vcleq_u16(bits, most));
      // Eight equal bits an entry.
      uint64_t near = vget_lane_u64(vreinterpret_u64_u8(narrow), 0) & 0x0101010101010101u;
      for (; near != 0; near &= near - 1) {
        found[hits++] = {static_cast<uint32_t>(i),
                         place + static_cast<uint32_t>(__builtin_ctzll(near)) / 8};
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

const HammingKernels hamming_neon = {"neon", distance, scan, scan_folded, filter, row_numbers,
                                     row_distances, nearest_row, first_band, crc32c_by_table};

}  // namespace hindra
