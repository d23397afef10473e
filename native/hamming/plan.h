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
  uint8_t budgets[kBands];
  /** Entries in all buckets that are looked through. */
  uint64_t entries;
};

constexpr int kBudgetMax = 3;
/** Buckets of a band within each budget. */
constexpr int kBuckets[kBudgetMax + 1] = {0, 1, 17, 137};
/** The largest radius that bands can answer. */
constexpr int kBandedRadiusMax = kBands * kBudgetMax - 1;

/** The budget of all bands that together suffice for a radius of up to `kBandedRadiusMax`. */
constexpr int even_budget_at_least(int radius) { return (radius + kBands) / kBands; }

/** The same budget for all bands, where the radius allows it: 15, 31 and 47. */
bool even_budget(int radius, uint8_t *budget);

/**
 * What it costs to look through a query's buckets, and the cheapest ways to do so, also where some are
 * crowded: those can be left out if other bands take more. `keys` are the query's bands.
 */
class Costs {
 public:
  Costs(const Bands &bands, const uint16_t *keys) : bands_(bands), keys_(keys) {}

  /**
   * The spread of `total` over the open bands that looks through the fewest entries. No band gets more
   * than an even spread takes, or one more where `is_loose`: so much can others give to a crowded band.
   */
  Plan cheapest(int total, bool is_loose);
  /** A pair of bands, given by its first, that gets nothing of later plans. */
  void close(int pair);
  /** Entries of a band's buckets, for a budget that a plan may have given. */
  uint64_t entries(int band, int budget) const { return entries_[band][budget]; }

 private:
  /** Counts entries for budgets up to this. */
  void know(int budget_most);

  const Bands &bands_;
  const uint16_t *keys_;
  int known_ = 0;
  int open_ = kBands;
  bool is_closed_[kBands] = {};
  uint64_t entries_[kBands][kBudgetMax + 1] = {};
};

}  // namespace hindra
