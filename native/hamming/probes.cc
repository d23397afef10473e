#include "hamming/probes.h"

#include <algorithm>

namespace hindra {
namespace {

/** The bits that change from a band's own bucket to those within its budget: 1, 17 or 137. */
struct Changes {
  uint16_t of[kBuckets[kBudgetMax]];
  uint8_t bits[kBuckets[kBudgetMax]];

  Changes() {
    int count = 0;
    const auto add = [&](int change, int differing) {
      of[count] = static_cast<uint16_t>(change);
      bits[count] = static_cast<uint8_t>(differing);
      count += 1;
    };
    add(0, 0);
    for (int i = 0; i < 16; i += 1) add(1 << i, 1);
    for (int i = 1; i < 16; i += 1) {
      for (int j = 0; j < i; j += 1) add(1 << i | 1 << j, 2);
    }
  }
};

}  // namespace

void fetch_partners(const uint16_t *partners, uint32_t count) {
  constexpr uint32_t kLineEntries = 32;
  constexpr uint32_t kLines = 8;
  // Two lines without asking: how many a small bucket takes is beyond the branch predictor.
  prefetch(partners);
  prefetch(partners + count);
  const uint32_t end = std::min(count, kLines * kLineEntries);
  for (uint32_t place = kLineEntries; place < end; place += kLineEntries) prefetch(partners + place);
}

uint64_t make_probes(const Bands &bands, const uint16_t *keys, const uint8_t *budgets,
                     Probes &probes) {
  static const Changes changes;
  uint64_t entries = 0;
  size_t count = 0;
  for (int band = 0; band < kBands; band += 1) {
    // A change of one of the lowest four bits stays in the line.
    for (int i = 0; i < kBuckets[budgets[band]]; i += i == 0 ? 5 : 1) {
      bands.fetch(band, keys[band] ^ changes.of[i]);
    }
  }
  for (int band = 0; band < kBands; band += 1) {
    const int most = budgets[band] + budgets[band ^ 1] - 1;
    for (int i = 0; i < kBuckets[budgets[band]]; i += 1) {
      const auto key = static_cast<uint16_t>(keys[band] ^ changes.of[i]);
      const uint32_t first = bands.start(band, key);
      const uint32_t rows = bands.entries(band, key);
      if (count < kChunk) fetch_partners(bands.cells(band) + first, rows);
      probes.of[count] = {first, rows, key, static_cast<uint8_t>(band),
                          static_cast<uint8_t>(most - changes.bits[i])};
      entries += rows;
      // One that is empty is overwritten by the next.
      count += rows > 0;
    }
  }
  probes.count = count;
  return entries;
}

}  // namespace hindra
