#pragma once

#include <cstdint>

#include "hamming/bands.h"

namespace hindra {

/**
 * How a radius is spread over the bands. Each band gets a budget b, 0 to 3; the budgets sum to
 * radius + 1. A band is looked through at all values less than b bits from the query's, and an
 * entry survives where its two halves together differ by less than the budgets of both.
 *
 * Nothing within the radius is missed: if every pair differed by at least its two budgets, the hash
 * would differ by radius + 1 at least. So in some pair the halves differ by less than the budgets
 * together, and then one of the two differs by less than its own: that bucket is looked through.
 */
struct Plan {
  uint8_t budgets[BANDS];
  /** Entries in all buckets that are looked through. */
  uint64_t entries;
};

constexpr int BUDGET_MAX = 3;
/** The largest radius that bands can answer. */
constexpr int BANDED_RADIUS_MAX = BANDS * BUDGET_MAX - 1;

/** The same budget for all bands, where the radius allows it: 15, 31 and 47. */
bool even_budget(int radius, uint8_t *budget);

/**
 * The spread that looks through the fewest entries, also where some buckets are crowded: those can be
 * left out if other bands take more. `keys` are the query's bands; the radius is at most
 * BANDED_RADIUS_MAX.
 */
Plan cheapest_plan(const Bands &bands, const uint16_t *keys, int radius);

}  // namespace hindra
