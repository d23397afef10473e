#include "hamming/search.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "hamming/plan.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr int BUCKETS[BUDGET_MAX + 1] = {0, 1, 17, 137};
constexpr int PROBES_A_BAND = BUCKETS[BUDGET_MAX];
/** Rows compared in one go of the linear scan. */
constexpr uint32_t SLICE = 4096;
/** Probes looked through in one go, while the next are fetched: all that budgets of 2 take. */
constexpr size_t CHUNK = BANDS * BUCKETS[2];
/** Entries looked through before their survivors are compared in full. */
constexpr uint32_t ROOM = 1u << 18;
/** What comparing one row costs, in bucket entries: by the linear scan, and by jumping to it. */
constexpr uint64_t ROW_SCANNED = 12;
constexpr uint64_t ROW_VISITED = 64;
/** So many times the entries of an even distribution are a crowd, which a better plan may avoid. */
constexpr uint64_t CROWDED = 2;
/** Entries that are worth a look for a plan with more buckets and fewer entries. */
constexpr uint64_t DENSE = 1u << 17;
/** Survivors that are compared as they come, even twice. */
constexpr size_t FEW = 512;

struct Probes {
  Probe of[BANDS * PROBES_A_BAND + 1];
  size_t count;
};

/**
 * Rows that a query came upon, most of them: two that share a place push each other out. In a crowd
 * the same rows survive in many bands; once is enough to compare them. Later encounters are passed
 * over, because the first one is the one that reports, and the radius never grows.
 */
class Seen {
 public:
  void begin() {
    if (++query_ == 0) std::fill_n(rows_.get(), PLACES, 0);
    if (query_ == 0) query_ = 1;
  }
  /** Keeps the survivors that are new; gives how many there are. */
  size_t unseen(Survivor *survivors, uint32_t *numbers, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i += 1) {
      const uint64_t row = (uint64_t{query_} << 32) | numbers[i];
      uint64_t &place = rows_[(numbers[i] * 2654435761u) >> (32 - PLACE_BITS)];
      survivors[kept] = survivors[i];
      numbers[kept] = numbers[i];
      kept += place != row;
      place = row;
    }
    return kept;
  }

 private:
  static constexpr unsigned PLACE_BITS = 14;
  static constexpr size_t PLACES = size_t{1} << PLACE_BITS;
  std::unique_ptr<uint64_t[]> rows_{new uint64_t[PLACES]()};
  uint32_t query_ = 0;
};

/** Of one thread, reused from query to query. */
struct Scratch {
  Probes probes;
  Seen seen;
  std::unique_ptr<Survivor[]> survivors{new Survivor[ROOM + SURVIVORS_SPARE]};
  std::unique_ptr<uint32_t[]> numbers{new uint32_t[ROOM]};
  std::unique_ptr<uint16_t[]> distances{new uint16_t[ROOM]};
  /** Places of survivors within the radius, as they came and nearest first. */
  std::unique_ptr<uint32_t[]> near{new uint32_t[ROOM]};
  std::unique_ptr<uint32_t[]> ordered{new uint32_t[ROOM]};
};

Scratch &scratch() {
  static thread_local Scratch scratch;
  return scratch;
}

void report(const Rows &rows, uint32_t row, int distance, const Query &query, Hits &hits) {
  if (rows.gone.has(row) || (rows.lists(row) & query.lists) == 0) return;
  hits.push(rows.label(row), distance);
}

/** Budgets of the bands that were looked through, and of those that are now. No band has both. */
struct Budgets {
  uint8_t before[BANDS] = {};
  uint8_t now[BANDS] = {};
  bool has_before = false;

  /** A row is reported by the first band that comes upon it. */
  bool are_new_to(const uint64_t *hash, const Query &query) const {
    return !has_before || kernels().hamming->first_band(hash, query.hash, before) == BANDS;
  }
};

/** Only rows that nothing came upon: neither before nor, now, the bands up to `looked_through`. */
void scan(const Rows &rows, const Query &query, const Budgets &budgets, int looked_through,
          Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  uint32_t found[SLICE];
  for (uint32_t from = 0; from < rows.count();) {
    const uint32_t count = std::min(SLICE, rows.count() - from);
    const size_t near = kernel.scan(rows.hash(from), count, query.hash, hits.radius(), found);
    for (size_t i = 0; i < near; i += 1) {
      const uint32_t row = from + found[i];
      const uint64_t *hash = rows.hash(row);
      if (kernel.first_band(hash, query.hash, budgets.now) <= looked_through) continue;
      if (!budgets.are_new_to(hash, query)) continue;
      const int distance = kernel.distance(hash, query.hash);
      if (distance <= hits.radius()) report(rows, row, distance, query, hits);
    }
    from += count;
  }
}

/** The bits that change from a band's own bucket to those within its budget: 1, 17 or 137. */
struct Changes {
  uint16_t of[PROBES_A_BAND];
  uint8_t bits[PROBES_A_BAND];

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

/** Brings the partners in a bucket near; of a large one the first, for others follow by themselves. */
void fetch(const uint16_t *partners, uint32_t count) {
  constexpr uint32_t LINE_ENTRIES = 32;
  constexpr uint32_t LINES = 8;
  // Two lines without asking: how many a small bucket takes is beyond the branch predictor.
  prefetch(partners);
  prefetch(partners + count);
  const uint32_t end = std::min(count, LINES * LINE_ENTRIES);
  for (uint32_t place = LINE_ENTRIES; place < end; place += LINE_ENTRIES) prefetch(partners + place);
}

/** Brings the row number of an entry near. */
void fetch(const BucketRows &rows, uint32_t place) {
  prefetch(rows.low + place);
  if (rows.high != nullptr) prefetch(rows.high + place / 16);
}

/** The buckets of all bands within their budgets, the first near; gives the entries in them. */
uint64_t make_probes(const Bands &bands, const uint16_t *keys, const uint8_t *budgets,
                     Probes &probes) {
  static const Changes changes;
  uint64_t entries = 0;
  size_t count = 0;
  for (int band = 0; band < BANDS; band += 1) {
    // A change of one of the lowest four bits stays in the line.
    for (int i = 0; i < BUCKETS[budgets[band]]; i += i == 0 ? 5 : 1) {
      bands.fetch(band, keys[band] ^ changes.of[i]);
    }
  }
  for (int band = 0; band < BANDS; band += 1) {
    const int most = budgets[band] + budgets[band ^ 1] - 1;
    for (int i = 0; i < BUCKETS[budgets[band]]; i += 1) {
      const auto key = static_cast<uint16_t>(keys[band] ^ changes.of[i]);
      const uint32_t first = bands.start(band, key);
      const uint32_t rows = bands.entries(band, key);
      if (count < CHUNK) fetch(bands.cells(band) + first, rows);
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

/** What one query needs of one segment. */
struct Banded {
  const Rows &rows;
  const Bands &bands;
  const Query &query;
  uint16_t keys[BANDS];
  Partners partners;
  Budgets budgets;
  /** Rows compared in full so far. */
  uint64_t visited;
};

/** The places in `near` by distance. */
const uint32_t *nearest_first(const Scratch &own, size_t count) {
  uint32_t next[RADIUS_MAX + 2] = {};
  for (size_t i = 0; i < count; i += 1) next[own.distances[own.near[i]] + 1] += 1;
  for (int distance = 0; distance < RADIUS_MAX; distance += 1) next[distance + 1] += next[distance];
  for (size_t i = 0; i < count; i += 1) {
    own.ordered[next[own.distances[own.near[i]]]++] = own.near[i];
  }
  return own.ordered.get();
}

/** Reports those of the survivors that are within the radius and found in no other way before. */
void report_near(Banded &of, const Probe *probes, size_t survivors, Hits &hits) {
  const Scratch &own = scratch();
  size_t count = 0;
  for (size_t i = 0; i < survivors; i += 1) {
    own.near[count] = static_cast<uint32_t>(i);
    count += own.distances[i] <= hits.radius();
  }
  // In a crowd the radius shrinks at once to that of the wanted, and the others are passed over.
  const bool is_crowd = count > of.query.limit;
  const uint32_t *near = is_crowd ? nearest_first(own, count) : own.near.get();
  for (size_t at = 0; at < std::min(count, of.query.limit); at += 1) {
    of.rows.fetch(own.numbers[near[at]]);
  }
  for (size_t at = 0; at < count; at += 1) {
    const uint32_t i = near[at];
    if (own.distances[i] > hits.radius()) {
      if (is_crowd) return;
      continue;
    }
    const uint32_t row = own.numbers[i];
    const uint64_t *hash = of.rows.hash(row);
    const int band = probes[own.survivors[i].probe].band;
    if (kernels().hamming->first_band(hash, of.query.hash, of.budgets.now) != band) continue;
    if (!of.budgets.are_new_to(hash, of.query)) continue;
    report(of.rows, row, own.distances[i], of.query, hits);
  }
}

/** Compares the survivors of some probes in full. */
void visit(Banded &of, const Probe *probes, size_t count, Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  Scratch &own = scratch();
  size_t survivors = kernel.filter(of.partners, probes, count, own.survivors.get());
  for (size_t i = 0; i < survivors;) {
    const uint32_t number = own.survivors[i].probe;
    const BucketRows bucket = of.bands.rows(probes[number].band, probes[number].key);
    for (; i < survivors && own.survivors[i].probe == number; i += 1) {
      fetch(bucket, own.survivors[i].place);
    }
  }
  for (size_t first = 0; first < survivors;) {
    const uint32_t number = own.survivors[first].probe;
    size_t end = first + 1;
    while (end < survivors && own.survivors[end].probe == number) end += 1;
    const Probe &probe = probes[number];
    const uint32_t skipped = probe.first - of.bands.start(probe.band, probe.key);
    kernel.rows(of.bands.rows(probe.band, probe.key), skipped, &own.survivors[first], end - first,
                &own.numbers[first]);
    prefetch(of.rows.hash(own.numbers[first]));
    first = end;
  }
  of.visited += survivors;
  if (survivors > FEW) {
    survivors = own.seen.unseen(own.survivors.get(), own.numbers.get(), survivors);
  }
  kernel.distances(of.rows.hashes(), own.numbers.get(), survivors, of.query.hash,
                   own.distances.get());
  report_near(of, probes, survivors, hits);
}

/** A bucket that is larger than the room, piece by piece. */
void visit_large(Banded &of, Probe probe, Hits &hits) {
  for (uint32_t rest = probe.count; rest > 0; rest -= probe.count, probe.first += probe.count) {
    probe.count = std::min(rest, ROOM);
    visit(of, &probe, 1, hits);
  }
}

/** What is left to do costs more than comparing all rows. */
bool is_beyond_scan(const Banded &of, uint64_t entries) {
  const uint64_t scan = of.rows.count() * ROW_SCANNED;
  return entries > scan || of.visited * ROW_VISITED > scan;
}

/** There are far more entries in the buckets of a plan than if all were of one size. */
bool is_crowded(const Banded &of, const uint8_t *budgets, uint64_t entries) {
  uint64_t buckets = 0;
  for (int band = 0; band < BANDS; band += 1) buckets += BUCKETS[budgets[band]];
  return entries > CROWDED * buckets * (of.rows.count() / KEYS + 1);
}

/** Looks through all probes; false where it turned to all rows, after which nothing is left. */
bool look_through(Banded &of, Hits &hits) {
  const Probes &probes = scratch().probes;
  for (size_t first = 0; first < probes.count;) {
    uint64_t room = probes.of[first].count;
    size_t end = first + 1;
    const size_t most = std::min(probes.count, first + CHUNK);
    for (; end < most && room + probes.of[end].count <= ROOM; end += 1) {
      room += probes.of[end].count;
    }
    for (size_t next = most; next < std::min(probes.count, most + CHUNK); next += 1) {
      const Probe &probe = probes.of[next];
      fetch(of.partners.of[probe.band] + probe.first, probe.count);
    }
    if (room > ROOM) {
      visit_large(of, probes.of[first], hits);
    } else {
      visit(of, probes.of + first, end - first, hits);
    }
    first = end;
    if (first == probes.count) break;
    // Crowds that look alike everywhere survive everywhere: going through all rows is then cheaper.
    const int done = probes.of[first].band - 1;
    if (probes.of[first - 1].band <= done && is_beyond_scan(of, 0)) {
      scan(of.rows, of.query, of.budgets, done, hits);
      return false;
    }
  }
  return true;
}

/** Of the pairs of bands in a plan, the one with the fewest entries: its first band. */
int lightest_pair(const Costs &costs, const Plan &plan) {
  int lightest = 0;
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (int band = 0; band < BANDS; band += 2) {
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
    std::fill_n(budgets.now, BANDS, uint8_t{0});
    for (int band = pair; band < pair + 2; band += 1) {
      budgets.now[band] = plan.budgets[band];
      left -= plan.budgets[band];
      plan.entries -= costs.entries(band, plan.budgets[band]);
      plan.budgets[band] = 0;
    }
    costs.close(pair);
    make_probes(of.bands, of.keys, budgets.now, scratch().probes);
    if (!look_through(of, hits)) return;
    std::copy_n(budgets.now + pair, 2, budgets.before + pair);
    budgets.has_before = true;
    const int shrunk = radius - std::min(radius, hits.radius());
    left -= shrunk;
    radius -= shrunk;
    if (left <= 0) return;
    if (shrunk > 0) plan = costs.cheapest(left, false);
    if (plan.entries > DENSE) plan = costs.cheapest(left, true);
  }
  std::fill_n(budgets.now, BANDS, uint8_t{0});
  scan(of.rows, of.query, budgets, -1, hits);
}

}  // namespace

void search_all(const Rows &rows, const Query &query, Hits &hits) {
  scan(rows, query, Budgets(), -1, hits);
}

void search_bands(const Rows &rows, const Bands &bands, const Query &query, Hits &hits) {
  const int radius = std::min(query.radius, hits.radius());
  if (radius > BANDED_RADIUS_MAX) return search_all(rows, query, hits);
  Banded of{rows, bands, query, {}, {}, {}, 0};
  scratch().seen.begin();
  for (int band = 0; band < BANDS; band += 1) {
    of.keys[band] = static_cast<uint16_t>(query.hash[band / 4] >> (band % 4 * 16));
  }
  for (int band = 0; band < BANDS; band += 1) {
    of.partners.of[band] = bands.cells(band);
    of.partners.wanted[band] = of.keys[band ^ 1];
  }
  uint8_t even = 0;
  if (even_budget(radius, &even)) {
    std::fill_n(of.budgets.now, BANDS, even);
    const uint64_t entries = make_probes(bands, of.keys, of.budgets.now, scratch().probes);
    if (!is_crowded(of, of.budgets.now, entries)) {
      look_through(of, hits);
      return;
    }
  }
  const bool is_limited = query.limit != NO_LIMIT;
  Costs costs(bands, of.keys);
  const Plan plan = costs.cheapest(radius + 1, !is_limited);
  if (is_limited && is_crowded(of, plan.budgets, plan.entries)) {
    return search_crowd(of, costs, plan, radius, hits);
  }
  if (is_beyond_scan(of, plan.entries)) return search_all(rows, query, hits);
  std::copy_n(plan.budgets, BANDS, of.budgets.now);
  make_probes(bands, of.keys, plan.budgets, scratch().probes);
  look_through(of, hits);
}

}  // namespace hindra
