#include "hamming/compare.h"

#include <algorithm>
#include <memory>

#include "kernels/choose.h"

namespace hindra {
namespace {

/** Rows compared in one go of the linear scan. */
constexpr uint32_t kSlice = 4096;
/** Survivors that are compared as they come, even twice. */
constexpr size_t kFew = 512;

/**
 * Rows that a query came upon, most of them: two that share a place push each other out. In a crowd
 * the same rows survive in many bands; once is enough to compare them. Later encounters are passed
 * over, because the first one is the one that reports, and the radius never grows.
 */
class RowsMet {
 public:
  void begin() {
    if (++query_ == 0) std::fill_n(rows_.get(), kPlaces, 0);
    if (query_ == 0) query_ = 1;
  }
  /** Keeps the survivors that are new; gives how many there are. */
  size_t unseen(Survivor *survivors, uint32_t *numbers, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i += 1) {
      const uint64_t row = (uint64_t{query_} << 32) | numbers[i];
      uint64_t &place = rows_[(numbers[i] * 2654435761u) >> (32 - kPlaceBits)];
      survivors[kept] = survivors[i];
      numbers[kept] = numbers[i];
      kept += place != row;
      place = row;
    }
    return kept;
  }

 private:
  static constexpr unsigned kPlaceBits = 14;
  static constexpr size_t kPlaces = size_t{1} << kPlaceBits;
  std::unique_ptr<uint64_t[]> rows_{new uint64_t[kPlaces]()};
  uint32_t query_ = 0;
};

/** Of one thread, reused from query to query. */
struct Scratch {
  RowsMet met;
  std::unique_ptr<Survivor[]> survivors{new Survivor[kRoom + kSurvivorsSpare]};
  std::unique_ptr<uint32_t[]> numbers{new uint32_t[kRoom]};
  std::unique_ptr<uint16_t[]> distances{new uint16_t[kRoom]};
  /** Places of survivors within the radius, as they came and nearest first. */
  std::unique_ptr<uint32_t[]> near{new uint32_t[kRoom]};
  std::unique_ptr<uint32_t[]> ordered{new uint32_t[kRoom]};
};

Scratch &scratch() {
  static thread_local Scratch scratch;
  return scratch;
}

void report(const Rows &rows, uint32_t row, int distance, const Query &query, Hits &hits) {
  if (rows.gone.has(row) || (rows.lists(row) & query.lists) == 0) return;
  hits.push(rows.label(row), distance);
}

/** Brings the row number of an entry near. */
void fetch_row_number(const BucketRows &rows, uint32_t place) {
  prefetch(rows.low + place);
  if (rows.high != nullptr) prefetch(rows.high + place / 16);
}

/** The places in `near` by distance. */
const uint32_t *nearest_first(const Scratch &own, size_t count) {
  uint32_t next[kRadiusMax + 2] = {};
  for (size_t i = 0; i < count; i += 1) next[own.distances[own.near[i]] + 1] += 1;
  for (int distance = 0; distance < kRadiusMax; distance += 1) next[distance + 1] += next[distance];
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
void compare(Banded &of, const Probe *probes, size_t count, Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  Scratch &own = scratch();
  size_t survivors = kernel.filter(of.partners, probes, count, own.survivors.get());
  for (size_t i = 0; i < survivors;) {
    const uint32_t number = own.survivors[i].probe;
    const BucketRows bucket = of.bands.rows(probes[number].band, probes[number].key);
    for (; i < survivors && own.survivors[i].probe == number; i += 1) {
      fetch_row_number(bucket, own.survivors[i].place);
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
  if (survivors > kFew) {
    survivors = own.met.unseen(own.survivors.get(), own.numbers.get(), survivors);
  }
  kernel.distances(of.rows.hashes(), own.numbers.get(), survivors, of.query.hash,
                   own.distances.get());
  report_near(of, probes, survivors, hits);
}

}  // namespace

bool Budgets::are_new_to(const uint64_t *hash, const Query &query) const {
  return !has_before || kernels().hamming->first_band(hash, query.hash, before) == kBands;
}

Banded::Banded(const Rows &its_rows, const Bands &its_bands, const Query &asked)
    : rows(its_rows), bands(its_bands), query(asked) {
  for (int band = 0; band < kBands; band += 1) {
    keys[band] = static_cast<uint16_t>(query.hash[band / 4] >> (band % 4 * 16));
  }
  for (int band = 0; band < kBands; band += 1) {
    partners.of[band] = bands.cells(band);
    partners.wanted[band] = keys[band ^ 1];
  }
  scratch().met.begin();
}

void compare_all(const Rows &rows, const Query &query, const Budgets &budgets, int looked_through,
                 Hits &hits) {
  const HammingKernels &kernel = *kernels().hamming;
  uint32_t found[kSlice];
  for (uint32_t from = 0; from < rows.count();) {
    const uint32_t count = std::min(kSlice, rows.count() - from);
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

void compare_survivors(Banded &of, const Probe *probes, size_t count, Hits &hits) {
  if (probes->count <= kRoom) {
    compare(of, probes, count, hits);
    return;
  }
  // Larger than the room: piece by piece.
  Probe probe = *probes;
  for (uint32_t rest = probe.count; rest > 0; rest -= probe.count, probe.first += probe.count) {
    probe.count = std::min(rest, kRoom);
    compare(of, &probe, 1, hits);
  }
}

}  // namespace hindra
