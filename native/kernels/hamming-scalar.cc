#include "kernels/hamming-common.h"
#include "kernels/crc32c-table.h"

namespace hindra {
namespace {

size_t filter(const Partners &partners, const Probe *probes, size_t count, Survivor *found) {
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Probe &probe = probes[i];
    const uint16_t *entries = partners.of[probe.band] + probe.first;
    for (uint32_t place = 0; place < probe.count; place += 1) {
      const unsigned differing = entries[place] ^ partners.wanted[probe.band];
      found[hits] = {static_cast<uint32_t>(i), place};
      hits += (lane_bits(differing) & 0xffff) <= probe.most;
    }
  }
  return hits;
}

}  // namespace

const HammingKernels hamming_scalar = {"scalar", distance, scan_plain, scan_folded_plain, filter,
                                       row_numbers, row_distances, nearest_row, first_band,
                                       crc32c_by_table};

}  // namespace hindra
