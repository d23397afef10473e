#include "hamming/search.h"

#include <algorithm>
#include <limits>

#include "hamming/compare.h"
#include "hamming/plan.h"
#include "hamming/probes.h"

namespace hindra {
namespace {

/** What comparing one row costs, in bucket entries: by the linear scan, and by jumping to it. */
constexpr uint64_t kRowScanned = 12;
constexpr uint64_t kRowVisited = 64;
/** So many rows of a segment that the cache holds are compared in the time that one bucket takes (measured: 10 to 15). */
constexpr uint64_t kRowsABucket = 10;
/** So many times the entries of an even distribution are a crowd, which a better plan may avoid. */
constexpr uint64_t kCrowded = 2;
/** Entries that are worth a look for a plan with more buckets and fewer entries. */
constexpr uint64_t kDense = 1u << 17;

/** Of one thread, reused from query to query. */
Probes &own_probes() {
  static thread_local Probes probes;
  return probes;
}

/** What is left to do costs more than comparing all rows. */
bool is_beyond_scan(const Banded &of, uint64_t entries) {
  const uint64_t scan = of.rows.count() * kRowScanned;
  return entries > scan || of.visited * kRowVisited > scan;
}

/** There are far more entries in the buckets of a plan than if all were of one size. */
bool is_crowded(const Banded &of, const uint8_t *budgets, uint64_t entries) {
  uint64_t buckets = 0;
  for (int band = 0; band < kBands; band += 1) buckets += kBuckets[budgets[band]];
  return entries > kCrowded * buckets * (of.rows.count() / kKeys + 1);
}

/** Looks through all probes; false where it turned to all rows, after which nothing is left. */
bool look_through(Banded &of, Hits &hits) {
  const Probes &probes = own_probes();
  for (size_t first = 0; first < probes.count;) {
    uint64_t room = probes.of[first].count;
    size_t end = first + 1;
    const size_t most = std::min(probes.count, first + kChunk);
    for (; end < most && room + probes.of[end].count <= kRoom; end += 1) {
      room += probes.of[end].count;
    }
    for (size_t next = most; next < std::min(probes.count, most + kChunk); next += 1) {
      const Probe &probe = probes.of[next];
      fetch_partners(of.partners.of[probe.band] + probe.first, probe.count);
    }
    compare_survivors(of, probes.of + first, end - first, hits);
    first = end;
    if (first == probes.count) break;
    // Crowds that look alike everywhere survive everywhere: going through all rows is then cheaper.
    const int done = probes.of[first].band - 1;
    if (probes.of[first - 1].band <= done && is_beyond_scan(of, 0)) {
      compare_all(of.rows, of.query, of.budgets, done, hits);
      return false;
    }
  }
  return true;
}

/** Of the pairs of bands in a plan, the one with the fewest entries: its first band. */
int lightest_pair(const Costs &costs, const Plan &plan) {
  int lightest = 0;
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (int band = 0; band < kBands; band += 2) {
    if (plan.budgets[band] + plan.budgets[band + 1] == 0) continue;
    const uint64_t entries = costs.entries(band, plan.budgets[band]) +
                             costs.entries(band + 1, plan.budgets[band + 1]);
    if (entries >= least) continue;
    least = entries;
    lightest = band;
  }
  return lightest;
}

/**
 * Where only so many of a crowd are wanted: one pair of bands after the other, that with the fewest
 * entries first. What it finds shrinks the radius, for which the bands that are left need less: often
 * most are never looked through.
 */
void search_crowd(Banded &of, Costs &costs, Plan plan, int radius, Hits &hits) {
  Budgets &budgets = of.budgets;
  int left = radius + 1;
  while (!is_beyond_scan(of, plan.entries)) {
    const int pair = lightest_pair(costs, plan);
    std::fill_n(budgets.now, kBands, uint8_t{0});
    for (int band = pair; band < pair + 2; band += 1) {
      budgets.now[band] = plan.budgets[band];
      left -= plan.budgets[band];
      plan.entries -= costs.entries(band, plan.budgets[band]);
      plan.budgets[band] = 0;
    }
    costs.close(pair);
    make_probes(of.bands, of.keys, budgets.now, own_probes());
    if (!look_through(of, hits)) return;
    std::copy_n(budgets.now + pair, 2, budgets.before + pair);
    budgets.has_before = true;
    const int shrunk = radius - std::min(radius, hits.radius());
    left -= shrunk;
    radius -= shrunk;
    if (left <= 0) return;
    if (shrunk > 0) plan = costs.cheapest(left, false);
    if (plan.entries > kDense) plan = costs.cheapest(left, true);
  }
  std::fill_n(budgets.now, kBands, uint8_t{0});
  compare_all(of.rows, of.query, budgets, -1, hits);
}

}  // namespace

void search_all(const Rows &rows, const Query &query, Hits &hits) {
  compare_all(rows, query, Budgets(), -1, hits);
}

bool is_scan_cheaper(const Rows &rows, int radius) {
  if (radius > kBandedRadiusMax) return true;
  const int budget = even_budget_at_least(radius);
  return rows.count() <= kRowsABucket * kBands * static_cast<uint64_t>(kBuckets[budget]);
}

void search_bands(const Rows &rows, const Bands &bands, const Query &query, Hits &hits) {
  const int radius = std::min(query.radius, hits.radius());
  if (radius > kBandedRadiusMax) return search_all(rows, query, hits);
  Banded of(rows, bands, query);
  uint8_t even = 0;
  if (even_budget(radius, &even)) {
    std::fill_n(of.budgets.now, kBands, even);
    const uint64_t entries = make_probes(bands, of.keys, of.budgets.now, own_probes());
    if (!is_crowded(of, of.budgets.now, entries)) {
      look_through(of, hits);
      return;
    }
  }
  const bool is_limited = query.limit != kNoLimit;
  Costs costs(bands, of.keys);
  const Plan plan = costs.cheapest(radius + 1, !is_limited);
  if (is_limited && is_crowded(of, plan.budgets, plan.entries)) {
    return search_crowd(of, costs, plan, radius, hits);
  }
  if (is_beyond_scan(of, plan.entries)) return search_all(rows, query, hits);
  std::copy_n(plan.budgets, kBands, of.budgets.now);
  make_probes(bands, of.keys, plan.budgets, own_probes());
  look_through(of, hits);
}

}  // namespace hindra
