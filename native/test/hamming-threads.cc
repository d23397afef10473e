// Searches while others add, replace and remove: what is there all the time is found every time.
#include <atomic>
#include <cstring>
#include <thread>

#include "hamming/index.h"
#include "test/hamming-sets.h"

using namespace hindra;
using namespace hindra::test;

namespace {

constexpr uint32_t kStable = 200;
constexpr uint32_t kOthers = 120000;

Hash stable_hash(uint32_t label) {
  Random random(label + 1);
  return random_hash(random);
}

void add(Index &index, uint32_t label, const Hash &hash) {
  index.add(&label, reinterpret_cast<const uint8_t *>(hash.data()), 1, kAllLists);
}

}  // namespace

int main(int count, char **values) {
  const Arguments arguments(count, values, 1);
  for (uint64_t i = 0; i < arguments.iterations; i += 1) {
    Index index;
    for (uint32_t label = 0; label < kStable; label += 1) add(index, label, stable_hash(label));
    std::atomic<bool> done{false};
    const auto search = [&](uint64_t seed) {
      Random random(seed);
      Hits hits;
      while (!done) {
        const auto label = static_cast<uint32_t>(random() % kStable);
        const Hash hash = flipped(stable_hash(label), random() % 20, random);
        Query query{{}, 31, kAllLists};
        std::memcpy(query.hash, hash.data(), 32);
        index.search(query, hits);
        hits.sort();
        if (hits.size() != 1 || hits.label(0) != label) fail("what is there is not found, once");
      }
    };
    std::thread first(search, arguments.seed + i);
    std::thread second(search, arguments.seed + i + 1000);
    std::thread replacing([&] {
      Random random(arguments.seed + i);
      while (!done) {
        const auto label = static_cast<uint32_t>(random() % kStable);
        // Another hash nearby, so that it is found before and after.
        add(index, label, flipped(stable_hash(label), 1, random));
      }
    });
    Random random(arguments.seed + i + 7);
    for (uint32_t at = 0; at < kOthers; at += 1) {
      add(index, kStable + at, random_hash(random));
      const uint32_t gone = kStable + static_cast<uint32_t>(random() % (at + 1));
      if (at % 3 == 0) index.remove(&gone, 1);
    }
    done = true;
    first.join();
    second.join();
    replacing.join();
    while (!index.settle()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (index.stats().hashes != index.size()) fail("the size is wrong");
  }
  std::puts("ok");
}
