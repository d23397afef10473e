#include "hamming/plan.h"

#include <algorithm>
#include <limits>

namespace hindra {
namespace {

/** A bucket costs its entries and a miss of the cache or two, worth about this many. */
constexpr uint64_t kBucket = 48;
constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max() / 64;

}  // namespace

bool even_budget(int radius, uint8_t *budget) {
  *budget = static_cast<uint8_t>((radius + 1) / kBands);
  return (radius + 1) % kBands == 0;
}

void Costs::know(int budget_most) {
  for (int band = 0; band < kBands && known_ < budget_most; band += 1) {
    const auto bucket = [&](uint32_t change) -> uint64_t {
      return bands_.entries(band, keys_[band] ^ change);
    };
    uint64_t *entries = entries_[band];
    if (known_ < 1) entries[1] = bucket(0);
    if (known_ < 2 && budget_most >= 2) {
      entries[2] = entries[1];
      for (int i = 0; i < 16; i += 1) entries[2] += bucket(1u << i);
    }
    if (budget_most < 3) continue;
    entries[3] = entries[2];
    for (int i = 1; i < 16; i += 1) {
      for (int j = 0; j < i; j += 1) entries[3] += bucket(1u << i | 1u << j);
    }
  }
  known_ = std::max(known_, budget_most);
}

void Costs::close(int pair) {
  is_closed_[pair] = is_closed_[pair + 1] = true;
  open_ -= 2;
}

/** By dynamic programming over the budget that is left. */
Plan Costs::cheapest(int total, bool is_loose) {
  const int even = (total + open_ - 1) / open_;
  const int budget_most = std::min(is_loose ? total / open_ + 1 : even, kBudgetMax);
  know(budget_most);
  const auto cost = [&](int band, int budget) {
    return entries_[band][budget] + kBucket * static_cast<uint64_t>(kBuckets[budget]);
  };
  uint64_t least[kBands + 1][kBands * kBudgetMax + 1];
  std::fill_n(least[0], total + 1, kNever);
  least[0][0] = 0;
  for (int band = 0; band < kBands; band += 1) {
    const int most = is_closed_[band] ? 0 : budget_most;
    for (int spent = 0; spent <= total; spent += 1) {
      uint64_t best = kNever;
      for (int budget = 0; budget <= std::min(most, spent); budget += 1) {
        best = std::min(best, least[band][spent - budget] + cost(band, budget));
      }
      least[band + 1][spent] = best;
    }
  }
  Plan found{};
  int spent = total;
  for (int band = kBands - 1; band >= 0; band -= 1) {
    int budget = 0;
    while (least[band][spent - budget] + cost(band, budget) != least[band + 1][spent]) budget += 1;
    found.budgets[band] = static_cast<uint8_t>(budget);
    found.entries += entries_[band][budget];
    spent -= budget;
  }
  return found;
}

}  // namespace hindra
