#pragma once

#include "hamming/bands.h"
#include "hamming/plan.h"
#include "kernels/hamming.h"

namespace hindra {

/** Probes looked through in one go, while the next are fetched: all that budgets of 2 take. */
constexpr size_t kChunk = kBands * kBuckets[2];

/** The buckets that a query looks through, band by band. */
struct Probes {
  Probe of[kBands * kBuckets[kBudgetMax] + 1];
  size_t count;
};

/** The buckets of all bands within their budgets, the first near; gives the entries in them. */
uint64_t make_probes(const Bands &bands, const uint16_t *keys, const uint8_t *budgets,
                     Probes &probes);

/** Brings the partners in a bucket near; of a large one the first, for others follow by themselves. */
void fetch_partners(const uint16_t *partners, uint32_t count);

}  // namespace hindra
