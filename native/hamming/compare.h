#pragma once

#include "hamming/bands.h"
#include "hamming/hits.h"
#include "hamming/rows.h"
#include "kernels/hamming.h"

namespace hindra {

/** Budgets of the bands that were looked through, and of those that are now. No band has both. */
struct Budgets {
  uint8_t before[kBands] = {};
  uint8_t now[kBands] = {};
  bool has_before = false;

  /** A row is reported by the first band that comes upon it. */
  bool are_new_to(const uint64_t *hash, const Query &query) const;
};

/** What one query needs of one segment. */
struct Banded {
  const Rows &rows;
  const Bands &bands;
  const Query &query;
  uint16_t keys[kBands];
  Partners partners;
  Budgets budgets;
  /** Rows compared in full so far. */
  uint64_t visited = 0;

  Banded(const Rows &its_rows, const Bands &its_bands, const Query &asked);
};

/**
 * Compares all rows, and reports those within the radius that nothing came upon: neither before nor, now,
 * the bands up to `looked_through`.
 */
void compare_all(const Rows &rows, const Query &query, const Budgets &budgets, int looked_through,
                 Hits &hits);

/** Compares the survivors of some probes in full, which have `kRoom` entries at most or are one. */
void compare_survivors(Banded &of, const Probe *probes, size_t count, Hits &hits);

/** Entries looked through before their survivors are compared in full. */
constexpr uint32_t kRoom = 1u << 18;

}  // namespace hindra
