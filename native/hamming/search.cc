#include "hamming/search.h"

#include <algorithm>
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
/** Entries looked through before their survivors are compared in full. */
constexpr uint32_t ROOM = 1u << 18;
/** What comparing one row costs, in bucket entries: by the linear scan, and by jumping to it. */
constexpr uint64_t ROW_SCANNED = 12;
constexpr uint64_t ROW_VISITED = 64;
/** So many times the entries of an even distribution are a crowd, which a better plan may avoid. */
constexpr uint64_t CROWDED = 2;

struct Probes {
  Probe of[BANDS * PROBES_A_BAND + 1];
  size_t count;
};

/** Of one thread, reused from query to query. */
struct Scratch {
  Probes probes;
  std::unique_ptr<Survivor[]> survivors{new Survivor[ROOM]};
  std::unique_ptr<uint32_t[]> numbers{new uint32_t[ROOM]};
  std::unique_ptr<uint16_t[]> distances{new uint16_t[ROOM]};
};

Scratch &scratch() {
  static thread_local Scratch scratch;
  return scratch;
}

void report(const Rows &rows, uint32_t row, int distance, const Query &query, Hits &hits) {
  if (rows.gone.has(row) || (rows.lists(row) & query.lists) == 0) return;
  hits.push(rows.label(row), distance);
}

/** Only rows that the bands up to `looked_through` did not give under these budgets. */
void scan(const Rows &rows, const Query &query, const uint8_t *budgets, int looked_through,
          Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  uint32_t found[SLICE];
  for (uint32_t from = 0; from < rows.count();) {
    const uint32_t count = std::min(SLICE, rows.count() - from);
    const size_t near = kernel.scan(rows.hash(from), count, query.hash, hits.radius(), found);
    for (size_t i = 0; i < near; i += 1) {
      const uint32_t row = from + found[i];
      const uint64_t *hash = rows.hash(row);
      if (looked_through >= 0 && kernel.first_band(hash, query.hash, budgets) <= looked_through) {
        continue;
      }
      report(rows, row, kernel.distance(hash, query.hash), query, hits);
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

/** The buckets of all bands within their budgets; gives the entries in them. */
uint64_t make_probes(const Bands &bands, const uint16_t *keys, const uint8_t *budgets,
                     Probes &probes) {
  static const Changes changes;
  uint64_t entries = 0;
  size_t count = 0;
  for (int band = 0; band < BANDS; band += 1) {
    const uint32_t *offsets = bands.offsets(band);
    const int most = budgets[band] + budgets[band ^ 1] - 1;
    for (int i = 0; i < BUCKETS[budgets[band]]; i += 1) {
      const auto key = static_cast<uint16_t>(keys[band] ^ changes.of[i]);
      const uint32_t first = offsets[key];
      const uint32_t rows = offsets[key + 1] - first;
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
  uint8_t budgets[BANDS];
  Partners partners;
};

/** Compares the survivors of some probes in full; gives how many there were. */
size_t visit(const Banded &of, const Probe *probes, size_t count, Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  Scratch &own = scratch();
  const size_t survivors = kernel.filter(of.partners, probes, count, own.survivors.get());
  for (size_t i = 0; i < survivors; i += 1) {
    const Probe &probe = probes[own.survivors[i].probe];
    of.bands.fetch(probe.band, probe.key, probe.first + own.survivors[i].place);
  }
  for (size_t i = 0; i < survivors; i += 1) {
    const Probe &probe = probes[own.survivors[i].probe];
    const uint32_t begin = of.bands.offsets(probe.band)[probe.key];
    own.numbers[i] = kernel.row(of.bands.bucket(probe.band, probe.key),
                                probe.first - begin + own.survivors[i].place);
    __builtin_prefetch(of.rows.hash(own.numbers[i]));
  }
  kernel.distances(of.rows.hashes(), own.numbers.get(), survivors, of.query.hash,
                   own.distances.get());
  for (size_t i = 0; i < survivors; i += 1) {
    if (own.distances[i] > hits.radius()) continue;
    const uint32_t row = own.numbers[i];
    const int band = probes[own.survivors[i].probe].band;
    if (kernel.first_band(of.rows.hash(row), of.query.hash, of.budgets) != band) continue;
    report(of.rows, row, own.distances[i], of.query, hits);
  }
  return survivors;
}

/** A bucket that is larger than the room, piece by piece. */
size_t visit_large(const Banded &of, Probe probe, Hits &hits) {
  size_t survivors = 0;
  for (uint32_t rest = probe.count; rest > 0; rest -= probe.count, probe.first += probe.count) {
    probe.count = std::min(rest, ROOM);
    survivors += visit(of, &probe, 1, hits);
  }
  return survivors;
}

}  // namespace

void search_all(const Rows &rows, const Query &query, Hits &hits) {
  scan(rows, query, nullptr, -1, hits);
}

void search_bands(const Rows &rows, const Bands &bands, const Query &query, Hits &hits) {
  const int radius = std::min(query.radius, hits.radius());
  if (radius > BANDED_RADIUS_MAX) return search_all(rows, query, hits);
  Banded of{rows, bands, query, {}, {}};
  uint16_t keys[BANDS];
  for (int band = 0; band < BANDS; band += 1) {
    keys[band] = static_cast<uint16_t>(query.hash[band / 4] >> (band % 4 * 16));
  }
  for (int band = 0; band < BANDS; band += 1) {
    of.partners.of[band] = bands.partners(band);
    of.partners.wanted[band] = keys[band ^ 1];
  }
  Probes &probes = scratch().probes;
  const uint64_t scanning = rows.count() * ROW_SCANNED;
  uint8_t even = 0;
  bool planned = even_budget(radius, &even);
  if (planned) {
    std::fill_n(of.budgets, BANDS, even);
    const uint64_t usual = BANDS * BUCKETS[even] * (rows.count() / KEYS + 1);
    planned = make_probes(bands, keys, of.budgets, probes) <= CROWDED * usual;
  }
  if (!planned) {
    const Plan plan = cheapest_plan(bands, keys, radius);
    if (plan.entries > scanning) return search_all(rows, query, hits);
    std::copy_n(plan.budgets, BANDS, of.budgets);
    make_probes(bands, keys, of.budgets, probes);
  }

  uint64_t visited = 0;
  for (size_t first = 0; first < probes.count;) {
    uint64_t room = probes.of[first].count;
    size_t end = first + 1;
    for (; end < probes.count && room + probes.of[end].count <= ROOM; end += 1) {
      room += probes.of[end].count;
    }
    visited += room > ROOM ? visit_large(of, probes.of[first], hits)
                           : visit(of, probes.of + first, end - first, hits);
    first = end;
    if (first == probes.count) return;
    // Crowds that look alike everywhere survive everywhere: going through all rows is then cheaper.
    const int done = probes.of[first].band - 1;
    if (probes.of[first - 1].band <= done && visited * ROW_VISITED > scanning) {
      return scan(rows, query, of.budgets, done, hits);
    }
  }
}

}  // namespace hindra
