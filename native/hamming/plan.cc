#include "hamming/plan.h"

#include <algorithm>
#include <limits>

namespace hindra {
namespace {

/** A bucket costs its entries and a miss of the cache or two, worth about this many. */
constexpr uint64_t BUCKET = 48;
constexpr uint64_t NEVER = std::numeric_limits<uint64_t>::max() / 64;

struct Costs {
  uint64_t of[BUDGET_MAX + 1];
};

/** Entries by budget: none, the bucket itself, with one bit changed, with two. */
Costs costs(const Bands &bands, int band, uint32_t key, int budget_most) {
  const auto bucket = [&](uint32_t at) -> uint64_t { return bands.entries(band, at); };
  Costs entries{{0, bucket(key), 0, 0}};
  if (budget_most < 2) return entries;
  entries.of[2] = entries.of[1];
  for (int i = 0; i < 16; i += 1) entries.of[2] += bucket(key ^ (1u << i));
  if (budget_most < 3) return entries;
  entries.of[3] = entries.of[2];
  for (int i = 1; i < 16; i += 1) {
    for (int j = 0; j < i; j += 1) {
      entries.of[3] += bucket(key ^ (1u << i) ^ (1u << j));
    }
  }
  return entries;
}

/** Least total cost over the bands, by dynamic programming over the budget that is left. */
Plan cheapest(const Costs *entries, int total, int budget_most) {
  static constexpr uint64_t BUCKETS[BUDGET_MAX + 1] = {0, 1, 17, 137};
  uint64_t least[BANDS + 1][BANDS * BUDGET_MAX + 1];
  std::fill_n(least[0], total + 1, NEVER);
  least[0][0] = 0;
  for (int band = 0; band < BANDS; band += 1) {
    for (int spent = 0; spent <= total; spent += 1) {
      uint64_t best = NEVER;
      for (int budget = 0; budget <= std::min(budget_most, spent); budget += 1) {
        const uint64_t cost = entries[band].of[budget] + BUCKET * BUCKETS[budget];
        best = std::min(best, least[band][spent - budget] + cost);
      }
      least[band + 1][spent] = best;
    }
  }
  Plan found{};
  int spent = total;
  for (int band = BANDS - 1; band >= 0; band -= 1) {
    int budget = 0;
    while (least[band][spent - budget] + entries[band].of[budget] + BUCKET * BUCKETS[budget] !=
           least[band + 1][spent]) {
      budget += 1;
    }
    found.budgets[band] = static_cast<uint8_t>(budget);
    found.entries += entries[band].of[budget];
    spent -= budget;
  }
  return found;
}

}  // namespace

bool even_budget(int radius, uint8_t *budget) {
  *budget = static_cast<uint8_t>((radius + 1) / BANDS);
  return (radius + 1) % BANDS == 0;
}

Plan cheapest_plan(const Bands &bands, const uint16_t *keys, int radius) {
  const int total = radius + 1;
  // One more than an even spread takes: so much can the others give to a crowded band.
  const int budget_most = std::min(total / BANDS + 1, BUDGET_MAX);
  Costs entries[BANDS];
  for (int band = 0; band < BANDS; band += 1) {
    entries[band] = costs(bands, band, keys[band], budget_most);
  }
  return cheapest(entries, total, budget_most);
}

}  // namespace hindra
