// The index against brute force: adds, replacements, removals, merges, snapshots, every radius.
#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "hamming/index.h"
#include "hamming/search.h"
#include "hamming/stream.h"
#include "test/hamming-sets.h"

using namespace hindra;
using namespace hindra::test;

namespace {

struct Entry {
  Hash hash;
  uint32_t lists;
};

using Model = std::map<uint32_t, Entry>;

struct FlatEntry {
  Hash hash;
  uint32_t lists;
  uint32_t label;
};

std::vector<std::pair<int, uint32_t>> brute_force(const std::vector<FlatEntry> &model, const Query &query) {
  Hash wanted;
  std::copy_n(query.hash, 4, wanted.begin());
  std::vector<std::pair<int, uint32_t>> found;
  for (const FlatEntry &entry : model) {
    const int bits = distance(entry.hash, wanted);
    if (bits > query.radius || (entry.lists & query.lists) == 0) continue;
    found.emplace_back(bits, entry.label);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

void check_hits(Hits &hits, const std::vector<FlatEntry> &model, const Query &query) {
  hits.sort();
  const auto wanted = brute_force(model, query);
  bool same = hits.size() == wanted.size();
  for (size_t i = 0; same && i < wanted.size(); i += 1) {
    same = hits.distance(i) == wanted[i].first && hits.label(i) == wanted[i].second;
  }
  if (same) return;
  std::printf("radius %d limit %zu: %zu hits, wanted %zu\n", query.radius, query.limit,
              hits.size(), wanted.size());
  fail("the index and brute force disagree");
}

void check(const Index &index, const std::vector<FlatEntry> &model, const Query &query) {
  Hits hits;
  index.search(query, hits);
  check_hits(hits, model, query);
}

class Session {
 public:
  Session(Kind kind, uint64_t seed) : random_(seed), source_(kind, seed) {}

  void step() {
    const uint64_t dice = random_() % 100;
    if (dice < 30) add(1 + random_() % 50);
    else if (dice < 36) add(1000 + random_() % 9000);
    else if (dice < 37) add(65536 + random_() % 3000);
    else if (dice < 48) remove(1 + random_() % (random_() % 4 == 0 ? 3000 : 30));
    else if (dice < 49) settle();
    else if (dice < 51) reload();
    else search();
  }

  void search_every_radius() {
    for (int radius = 0; radius <= 64; radius += 1) {
      Query query = some_query();
      query.radius = radius;
      check(*index_, flat(), query);
    }
  }

  void settle() {
    while (!index_->settle()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  void reload() {
    StreamWriter writer(index_->snapshot());
    std::vector<uint8_t> bytes;
    while (const size_t next = writer.next_bytes()) {
      bytes.resize(bytes.size() + next);
      writer.write(bytes.data() + bytes.size() - next);
    }
    StreamReader reader;
    for (size_t at = 0; at < bytes.size();) {
      const size_t count = std::min<size_t>(bytes.size() - at, 1 + random_() % 3000000);
      reader.feed(bytes.data() + at, count);
      at += count;
    }
    index_ = std::make_unique<Index>();
    index_->load(reader.finish());
  }

 private:
  uint32_t some_label() {
    return random_() % 3 == 0 ? static_cast<uint32_t>(random_() % 0xffffffff)
                              : static_cast<uint32_t>(random_() % 200000);
  }

  void add(size_t count) {
    std::vector<uint32_t> labels;
    std::vector<uint8_t> bytes(32 * count);
    const uint32_t lists = random_() % 3 == 0 ? 1u << (random_() % 4) : kAllLists;
    const uint32_t first = some_label();
    const bool ascending = random_() % 2 == 0 && first < 1u << 31;
    for (size_t i = 0; i < count; i += 1) {
      const Hash hash = source_.next(random_);
      labels.push_back(ascending ? first + static_cast<uint32_t>(i) : some_label());
      std::memcpy(bytes.data() + 32 * i, hash.data(), 32);
      model_[labels.back()] = {hash, lists};
    }
    index_->add(labels.data(), bytes.data(), count, lists);
    check_size();
  }

  void remove(size_t count) {
    std::vector<uint32_t> labels;
    size_t there = 0;
    for (size_t i = 0; i < count; i += 1) {
      const auto found = model_.lower_bound(some_label());
      labels.push_back(found == model_.end() ? some_label() : found->first);
      there += model_.erase(labels.back());
    }
    if (index_->remove(labels.data(), count) != there) fail("another number was removed");
    check_size();
  }

  const std::vector<FlatEntry> &flat() {
    if (!flat_.empty() || model_.empty()) return flat_;
    for (const auto &[label, entry] : model_) flat_.push_back({entry.hash, entry.lists, label});
    return flat_;
  }

  void check_size() {
    flat_.clear();
    if (index_->size() != model_.size()) fail("the size is wrong");
  }

  Query some_query() {
    Hash hash = source_.next(random_);
    if (!model_.empty() && random_() % 2 == 0) {
      const auto found = model_.lower_bound(some_label());
      if (found != model_.end()) hash = flipped(found->second.hash, random_() % 40, random_);
    }
    Query query{{}, static_cast<int>(random_() % 65), kAllLists, kNoLimit};
    std::copy_n(hash.begin(), 4, query.hash);
    if (random_() % 4 == 0) query.lists = static_cast<uint32_t>(random_() % 16);
    if (random_() % 3 == 0) query.limit = 1 + random_() % 200;
    return query;
  }

  void search() { check(*index_, flat(), some_query()); }

  Random random_;
  Source source_;
  Model model_;
  /** The same, quick to go through; empty where it is to be made anew. */
  std::vector<FlatEntry> flat_;
  std::unique_ptr<Index> index_ = std::make_unique<Index>();
};

/** Segments so small that an index compares all their rows: their buckets are looked through nonetheless. */
void check_small_bands(Kind kind, uint64_t seed) {
  Random random(seed);
  const Source source(kind, seed);
  const auto count = static_cast<uint32_t>(1 + random() % 5000);
  Rows rows(count, false);
  std::vector<FlatEntry> model;
  for (uint32_t row = 0; row < count; row += 1) {
    const Hash hash = source.next(random);
    std::copy_n(hash.begin(), 4, rows.hashes() + kHashWords * size_t{row});
    rows.labels()[row] = row;
    model.push_back({hash, kAllLists, row});
  }
  const Bands bands(rows, 1);
  for (int radius = 0; radius <= 64; radius += 1) {
    const Hash hash = flipped(model[random() % count].hash, random() % 40, random);
    Query query{{}, radius, kAllLists, random() % 3 == 0 ? 1 + random() % 200 : kNoLimit};
    std::copy_n(hash.begin(), 4, query.hash);
    Hits hits;
    hits.begin(radius, query.limit);
    search_bands(rows, bands, query, hits);
    check_hits(hits, model, query);
  }
}

}  // namespace

int main(int count, char **values) {
  const Arguments arguments(count, values, 2);
  for (uint64_t i = 0; i < arguments.iterations; i += 1) {
    for (const Kind kind : kKinds) {
      check_small_bands(kind, arguments.seed + i);
      Session session(kind, arguments.seed + i);
      for (int step = 0; step < 40; step += 1) session.step();
      session.reload();
      session.search_every_radius();
      session.settle();
      session.search_every_radius();
    }
  }
  std::puts("ok");
}
