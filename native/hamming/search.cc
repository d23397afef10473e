#include "hamming/search.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "hamming/plan.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

/** Rows compared in one go of the linear scan. */
constexpr uint32_t SLICE = 4096;
/** Entries looked through before their survivors are compared in full. */
constexpr uint32_t ROOM = 1u << 18;
/** What comparing one row costs, in bucket entries: by the linear scan, and by jumping to it. */
constexpr uint64_t ROW_SCANNED = 12;
constexpr uint64_t ROW_VISITED = 64;

/** Of one thread, reused from query to query. */
struct Scratch {
  std::vector<Probe> probes;
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

/** The buckets of a band within its budget; one that is too large for the room in several pieces. */
void add_probes(const Bands &bands, const uint16_t *keys, const Plan &plan, int band,
                std::vector<Probe> &probes) {
  const uint8_t budget = plan.budgets[band];
  const int pair_budget = budget + plan.budgets[band ^ 1];
  const uint32_t *offsets = bands.offsets(band);
  const uint16_t *partners = bands.partners(band);
  const auto add = [&](uint32_t key, int differing) {
    const auto most = static_cast<uint16_t>(pair_budget - 1 - differing);
    for (uint32_t at = offsets[key]; at < offsets[key + 1]; at += ROOM) {
      const uint32_t count = std::min(ROOM, offsets[key + 1] - at);
      probes.push_back({partners + at, count, at, keys[band ^ 1], most,
                        static_cast<uint16_t>(band), static_cast<uint16_t>(key)});
    }
  };
  const uint32_t key = keys[band];
  if (budget >= 1) add(key, 0);
  if (budget >= 2) {
    for (int i = 0; i < 16; i += 1) add(key ^ (1u << i), 1);
  }
  if (budget >= 3) {
    for (int i = 1; i < 16; i += 1) {
      for (int j = 0; j < i; j += 1) add(key ^ (1u << i) ^ (1u << j), 2);
    }
  }
}

/** Compares the survivors of some probes in full; gives how many there were. */
size_t settle(const Rows &rows, const Bands &bands, const Query &query, const Plan &plan,
              const Probe *probes, size_t count, Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  Scratch &own = scratch();
  const size_t survivors = kernel.filter(probes, count, own.survivors.get());
  for (size_t i = 0; i < survivors; i += 1) {
    const Probe &probe = probes[own.survivors[i].probe];
    const uint32_t at = probe.first + own.survivors[i].place;
    __builtin_prefetch(bands.low(probe.band) + at);
    if (bands.steps() == 0) continue;
    const uint64_t bit = at + uint64_t{probe.key} * bands.steps();
    __builtin_prefetch(bands.high(probe.band) + bit / 64);
  }
  for (size_t i = 0; i < survivors; i += 1) {
    const Probe &probe = probes[own.survivors[i].probe];
    const uint32_t begin = bands.offsets(probe.band)[probe.key];
    own.numbers[i] = kernel.row(bands.bucket(probe.band, probe.key),
                                probe.first - begin + own.survivors[i].place);
    __builtin_prefetch(rows.hash(own.numbers[i]));
  }
  kernel.distances(rows.hashes(), own.numbers.get(), survivors, query.hash, own.distances.get());
  for (size_t i = 0; i < survivors; i += 1) {
    if (own.distances[i] > hits.radius()) continue;
    const uint32_t row = own.numbers[i];
    const int band = probes[own.survivors[i].probe].band;
    if (kernel.first_band(rows.hash(row), query.hash, plan.budgets) != band) continue;
    report(rows, row, own.distances[i], query, hits);
  }
  return survivors;
}

}  // namespace

void search_all(const Rows &rows, const Query &query, Hits &hits) {
  scan(rows, query, nullptr, -1, hits);
}

void search_bands(const Rows &rows, const Bands &bands, const Query &query, Hits &hits) {
  const int radius = std::min(query.radius, hits.radius());
  uint16_t keys[BANDS];
  for (int band = 0; band < BANDS; band += 1) {
    keys[band] = static_cast<uint16_t>(query.hash[band / 4] >> (band % 4 * 16));
  }
  const Plan spread = plan(bands, keys, radius, rows.count());
  const uint64_t scanning = rows.count() * ROW_SCANNED;
  if (!spread.possible || spread.entries > scanning) return search_all(rows, query, hits);

  std::vector<Probe> &probes = scratch().probes;
  probes.clear();
  for (int band = 0; band < BANDS; band += 1) add_probes(bands, keys, spread, band, probes);
  uint64_t visited = 0;
  for (size_t first = 0; first < probes.size();) {
    uint32_t entries = probes[first].count;
    size_t end = first + 1;
    while (end < probes.size() && entries + probes[end].count <= ROOM) {
      entries += probes[end].count;
      end += 1;
    }
    visited += settle(rows, bands, query, spread, probes.data() + first, end - first, hits);
    first = end;
    if (first == probes.size()) return;
    const int done = probes[first].band - 1;
    const bool at_border = probes[first - 1].band == done;
    if (at_border && visited * ROW_VISITED > scanning) {
      return scan(rows, query, spread.budgets, done, hits);
    }
  }
}

}  // namespace hindra
