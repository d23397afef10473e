// The reader of saved indexes against cut, flipped and made-up bytes: an error, never a crash.
#include <algorithm>

#include "hamming/index.h"
#include "hamming/stream.h"
#include "test/hamming-sets.h"

using namespace hindra;
using namespace hindra::test;

namespace {

std::vector<uint8_t> saved(size_t count, uint32_t lists, Random &random) {
  Index index;
  for (uint32_t label = 0; label < count; label += 1) {
    const Hash hash = random_hash(random);
    index.add(&label, reinterpret_cast<const uint8_t *>(hash.data()), 1, lists);
  }
  StreamWriter writer(index.snapshot());
  std::vector<uint8_t> bytes;
  while (const size_t next = writer.next_bytes()) {
    bytes.resize(bytes.size() + next);
    writer.write(bytes.data() + bytes.size() - next);
  }
  return bytes;
}

bool reads(const std::vector<uint8_t> &bytes, Random &random) {
  try {
    StreamReader reader;
    for (size_t at = 0; at < bytes.size();) {
      const size_t part = std::min<size_t>(bytes.size() - at, 1 + random() % 4000);
      reader.feed(bytes.data() + at, part);
      at += part;
    }
    reader.finish();
    return true;
  } catch (const IndexCorrupt &) {
    return false;
  }
}

}  // namespace

int main(int count, char **values) {
  const Arguments arguments(count, values, 1);
  Random random(arguments.seed);
  for (uint64_t i = 0; i < 300 * arguments.iterations; i += 1) {
    const auto whole = saved(random() % 200, random() % 2 == 0 ? kAllLists : 5, random);
    if (!reads(whole, random)) fail("a saved index is not read");
    auto cut = whole;
    cut.resize(random() % whole.size());
    if (reads(cut, random)) fail("a cut one is read");
    auto longer = whole;
    longer.push_back(static_cast<uint8_t>(random()));
    if (reads(longer, random)) fail("a longer one is read");
    for (int flip = 0; flip < 20; flip += 1) {
      auto flipped = whole;
      flipped[random() % whole.size()] ^= static_cast<uint8_t>(1u << (random() % 8));
      if (reads(flipped, random)) fail("a flipped one is read");
    }
    std::vector<uint8_t> noise(random() % 500);
    for (uint8_t &byte : noise) byte = static_cast<uint8_t>(random());
    std::copy_n(whole.begin(), std::min(noise.size(), random() % 24), noise.begin());
    if (reads(noise, random)) fail("noise is read");
  }
  std::puts("ok");
}
