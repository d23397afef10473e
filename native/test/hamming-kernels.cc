// Every kernel set against the scalar one.
#include <algorithm>
#include <cstring>

#include "kernels/choose.h"
#include "test/hamming-sets.h"

using namespace hindra;
using namespace hindra::test;

namespace {

void compare(const HammingKernels &truth, const HammingKernels &other, Kind kind, Random &random) {
  const Source source(kind, random());
  const size_t count = random() % 300;
  std::vector<Hash> rows;
  std::vector<uint64_t> wide;
  std::vector<uint32_t> narrow;
  std::vector<uint16_t> partners;
  for (size_t i = 0; i < count; i += 1) {
    rows.push_back(source.next(random));
    wide.push_back(rows.back()[0]);
    narrow.push_back(static_cast<uint32_t>(rows.back()[1]));
    partners.push_back(static_cast<uint16_t>(rows.back()[2]));
  }
  const Hash query = source.next(random);
  const auto *flat = reinterpret_cast<const uint64_t *>(rows.data());
  const int radius = static_cast<int>(random() % 129);

  std::vector<uint32_t> a(count);
  std::vector<uint32_t> b(count);
  a.resize(truth.scan(flat, count, query.data(), radius, a.data()));
  b.resize(other.scan(flat, count, query.data(), radius, b.data()));
  if (a != b) fail("scan");

  a.resize(count);
  b.resize(count);
  const auto query_narrow = static_cast<uint32_t>(query[1]);
  const Folded folded{wide.data(), narrow.data()};
  a.resize(truth.scan_folded(folded, count, query[0], query_narrow, radius / 2, a.data()));
  b.resize(other.scan_folded(folded, count, query[0], query_narrow, radius / 2, b.data()));
  if (a != b) fail("scan_folded");

  // The same words as columns: the nearest is the first of those with the least distance.
  if (count > 0) {
    uint64_t nearest = ~uint64_t{0};
    for (size_t i = 0; i < count; i += 1) {
      uint64_t row[kHashWords];
      for (size_t word = 0; word < kHashWords; word += 1) row[word] = flat[word * count + i];
      nearest = std::min(nearest, uint64_t(truth.distance(row, query.data())) << 32 | i);
    }
    if (other.nearest(flat, count, query.data()) != nearest) fail("nearest");
  }

  Partners bands{};
  std::vector<Probe> probes;
  for (uint32_t at = 0; at < count;) {
    const auto size = static_cast<uint32_t>(std::min<size_t>(count - at, 1 + random() % 90));
    const auto band = static_cast<uint8_t>(random() % kBands);
    bands.of[band] = partners.data();
    bands.wanted[band] = static_cast<uint16_t>(query[2]);
    probes.push_back({at, size, 0, band, static_cast<uint8_t>(random() % 9)});
    at += size;
  }
  std::vector<Survivor> c(count + kSurvivorsSpare);
  std::vector<Survivor> d(count + kSurvivorsSpare);
  if (!probes.empty()) {
    c.resize(truth.filter(bands, probes.data(), probes.size(), c.data()));
    d.resize(other.filter(bands, probes.data(), probes.size(), d.data()));
    const auto same = [](const Survivor &x, const Survivor &y) {
      return x.probe == y.probe && x.place == y.place;
    };
    if (c.size() != d.size() || !std::equal(c.begin(), c.end(), d.begin(), same)) fail("filter");
  }

  uint8_t budgets[kBands];
  for (uint8_t &budget : budgets) budget = static_cast<uint8_t>(random() % 4);
  for (const Hash &row : rows) {
    if (truth.distance(row.data(), query.data()) != distance(row, query)) fail("distance");
    if (other.distance(row.data(), query.data()) != distance(row, query)) fail("distance");
    if (truth.first_band(row.data(), query.data(), budgets) !=
        other.first_band(row.data(), query.data(), budgets)) {
      fail("first_band");
    }
  }
  const size_t bytes = 32 * count - (count > 0 ? random() % 32 : 0);
  const auto before = static_cast<uint32_t>(random());
  if (truth.crc32c(before, flat, bytes) != other.crc32c(before, flat, bytes)) fail("crc32c");
}

/** Row numbers of a bucket against what was written there. */
void check_rows(const HammingKernels &kernel, Random &random) {
  std::vector<uint32_t> rows(1 + random() % 200);
  const uint32_t steps = static_cast<uint32_t>(random() % 40);
  for (uint32_t &row : rows) row = static_cast<uint32_t>(random() % ((steps + 1) << 16));
  std::sort(rows.begin(), rows.end());
  const size_t cells = (rows.size() + steps) / 16 + 1;
  std::vector<uint16_t> high(cells + 4);
  std::vector<uint16_t> low;
  for (size_t i = 0; i < rows.size(); i += 1) {
    const uint64_t bit = i + (rows[i] >> 16);
    high[bit / 16] |= static_cast<uint16_t>(1u << (bit % 16));
    low.push_back(static_cast<uint16_t>(rows[i]));
  }
  // What lies behind the bucket must not count.
  for (size_t cell = cells; cell < high.size(); cell += 1) high[cell] = static_cast<uint16_t>(random());
  const auto skipped = static_cast<uint32_t>(random() % rows.size());
  std::vector<Survivor> some;
  std::vector<uint32_t> wanted;
  for (uint32_t i = skipped; i < rows.size(); i += 1) {
    if (random() % 3 == 0) continue;
    some.push_back({0, i - skipped});
    wanted.push_back(rows[i]);
  }
  std::vector<uint32_t> numbers(some.size());
  kernel.rows({low.data(), high.data()}, skipped, some.data(), some.size(), numbers.data());
  if (numbers != wanted) fail("rows");
}

}  // namespace

int main(int count, char **values) {
  const Arguments arguments(count, values, 1);
  int sets = 0;
  const KernelSet *all = supported_kernels(&sets);
  if (all[0].hamming->crc32c(0, "123456789", 9) != 0xe3069283u) fail("crc32c of the check string");
  Random random(arguments.seed);
  for (uint64_t i = 0; i < 500 * arguments.iterations; i += 1) {
    for (int set = 0; set < sets; set += 1) {
      for (const Kind kind : kKinds) compare(*all[0].hamming, *all[set].hamming, kind, random);
      check_rows(*all[set].hamming, random);
    }
  }
  std::printf("ok: %d kernel sets\n", sets);
}
