// Times of the index without JavaScript, beside a linear scan in the same run. Not part of any check:
// compiled with all sources but the bindings; HASHES [SEED [random|clustered [all]]].
#include <algorithm>
#include <chrono>
#include <cstring>

#include "hamming/index.h"
#include "hamming/search.h"
#include "hamming/stream.h"
#include "kernels/choose.h"
#include "test/hamming-sets.h"

using namespace hindra;
using namespace hindra::test;

namespace {

using Clock = std::chrono::steady_clock;

double micros(Clock::time_point from) {
  return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(percent / 100 * static_cast<double>(values.size() - 1))];
}

struct Set {
  std::vector<uint32_t> labels;
  std::vector<Hash> hashes;
  const uint8_t *bytes() const { return reinterpret_cast<const uint8_t *>(hashes.data()); }
};

/** One in five hashes has four near copies if `clustered`. */
Set make_set(size_t count, bool clustered, Random &random) {
  Set set;
  set.labels.resize(count);
  set.hashes.reserve(count + 4);
  for (size_t i = 0; i < count; i += 1) set.labels[i] = static_cast<uint32_t>(i);
  while (set.hashes.size() < count) {
    const Hash hash = random_hash(random);
    set.hashes.push_back(hash);
    if (!clustered || random() % 5 != 0) continue;
    for (int copy = 0; copy < 4; copy += 1) set.hashes.push_back(flipped(hash, random() % 25, random));
  }
  set.hashes.resize(count);
  return set;
}

std::vector<Query> make_queries(const Set &set, int radius, size_t limit, Random &random) {
  std::vector<Query> queries;
  for (int i = 0; i < 2000; i += 1) {
    const Hash hash = i % 2 == 0 ? random_hash(random)
                                 : flipped(set.hashes[random() % set.hashes.size()], random() % 32, random);
    Query query{{}, radius, kAllLists, limit};
    std::copy_n(hash.begin(), 4, query.hash);
    queries.push_back(query);
  }
  return queries;
}

void time_queries(const char *name, const Index &index, const std::vector<Query> &queries, int rounds) {
  std::vector<double> best(queries.size(), 1e9);
  Hits hits;
  size_t found = 0;
  std::vector<double> p50;
  for (int round = 0; round < rounds; round += 1) {
    std::vector<double> times;
    for (size_t i = 0; i < queries.size(); i += 1) {
      const auto start = Clock::now();
      index.search(queries[i], hits);
      hits.sort();
      times.push_back(micros(start));
      found += hits.size();
    }
    p50.push_back(percentile(times, 50));
    for (size_t i = 0; i < times.size(); i += 1) best[i] = std::min(best[i], times[i]);
    if (round + 1 == rounds) {
      std::printf("%-14s p50 %8.2f p99 %8.2f us; best of each: p50 %8.2f p99 %8.2f, %zu hits\n", name,
                  *std::min_element(p50.begin(), p50.end()), percentile(times, 99),
                  percentile(best, 50), percentile(best, 99), found);
    }
  }
  std::fflush(stdout);
}

void settle(Index &index) {
  while (!index.settle()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace

int main(int count, char **values) {
  const size_t hashes = count > 1 ? std::strtoull(values[1], nullptr, 10) : 1000000;
  Random random(count > 2 ? std::strtoull(values[2], nullptr, 10) : 1);
  std::printf("%zu hashes, kernel %s\n", hashes, kernels().name);
  const bool clustered = count > 3 && std::strcmp(values[3], "clustered") == 0;
  Set set = make_set(hashes, clustered, random);
  Index index;
  auto start = Clock::now();
  index.add(set.labels.data(), set.bytes(), hashes, kAllLists);
  std::printf("build %.2f s\n", micros(start) / 1e6);
  settle(index);
  const IndexStats stats = index.stats();
  std::printf("%zu segments, %.1f bytes a hash\n", stats.segments,
              static_cast<double>(stats.resident_bytes) / static_cast<double>(hashes));

  const std::vector<Query> queries = make_queries(set, 31, kNoLimit, random);
  const auto parts = index.snapshot();
  std::vector<double> scans;
  for (int i = 0; i < 7; i += 1) {
    Hits hits;
    hits.begin(31, kNoLimit);
    start = Clock::now();
    search_all(*parts[0].rows, queries[i], hits);
    scans.push_back(micros(start));
  }
  std::printf("linear scan    best %.0f median %.0f us\n", percentile(scans, 0), percentile(scans, 50));
  time_queries("radius 31", index, queries, 15);
  if (count > 4) {
    for (const int radius : {0, 7, 15, 16, 23, 24, 32, 36, 47, 48}) {
      auto others = make_queries(set, radius, kNoLimit, random);
      if (radius > 31) others.resize(200);
      time_queries(("radius " + std::to_string(radius)).c_str(), index, others, 2);
    }
    time_queries("limit 100", index, make_queries(set, 31, 100, random), 3);
    start = Clock::now();
    StreamWriter writer(index.snapshot());
    std::vector<std::vector<uint8_t>> pieces;
    while (const size_t bytes = writer.next_bytes()) {
      pieces.emplace_back(bytes);
      writer.write(pieces.back().data());
    }
    std::printf("snapshot written in %.2f s\n", micros(start) / 1e6);
    start = Clock::now();
    Index other;
    StreamReader reader;
    for (const auto &piece : pieces) reader.feed(piece.data(), piece.size());
    other.load(reader.finish());
    Hits hits;
    other.search(queries[0], hits);
    std::printf("loaded, first answer after %.2f s\n", micros(start) / 1e6);
    settle(other);
    std::printf("sorted after %.2f s\n", micros(start) / 1e6);
  }
}
