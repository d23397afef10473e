// Hashes for tests: random, clustered, skewed and all equal.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace hindra::test {

using Hash = std::array<uint64_t, 4>;
using Random = std::mt19937_64;

enum class Kind { random, clustered, skewed, equal };
constexpr Kind kKinds[] = {Kind::random, Kind::clustered, Kind::skewed, Kind::equal};

inline const char *name_of(Kind kind) {
  switch (kind) {
    case Kind::random: return "random";
    case Kind::clustered: return "clustered";
    case Kind::skewed: return "skewed";
    case Kind::equal: return "equal";
  }
  return "";
}

inline Hash random_hash(Random &random) { return {random(), random(), random(), random()}; }

inline Hash flipped(Hash hash, unsigned bits, Random &random) {
  for (unsigned i = 0; i < bits; i += 1) {
    const unsigned bit = random() % 256;
    hash[bit / 64] ^= uint64_t{1} << (bit % 64);
  }
  return hash;
}

inline int distance(const Hash &a, const Hash &b) {
  int bits = 0;
  for (int i = 0; i < 4; i += 1) bits += __builtin_popcountll(a[i] ^ b[i]);
  return bits;
}

/** One hash of a set; those of one seed share their centres. */
class Source {
 public:
  Source(Kind kind, uint64_t seed) : kind_(kind) {
    Random random(seed);
    for (Hash &centre : centres_) centre = random_hash(random);
  }

  Hash next(Random &random) const {
    switch (kind_) {
      case Kind::random: return random_hash(random);
      case Kind::clustered: return flipped(centres_[random() % 16], random() % 70, random);
      case Kind::skewed: {
        // Some bands hardly vary, as those of blank pictures do: their buckets are crowded.
        Hash hash = random_hash(random);
        for (int band = 0; band < 16; band += 1) {
          if (random() % 8 == 0) continue;
          if (band % 16 < 6) {
            const int shift = band % 4 * 16;
            hash[band / 4] &= ~(uint64_t{0xffff} << shift);
            hash[band / 4] |= (centres_[0][band / 4]) & (uint64_t{0xffff} << shift);
          }
        }
        return hash;
      }
      case Kind::equal: return random() % 64 == 0 ? random_hash(random) : centres_[0];
    }
    return {};
  }

 private:
  Kind kind_;
  std::array<Hash, 16> centres_;
};

/** Seed and iterations from the command line; the seed is printed, so that a run can be repeated. */
struct Arguments {
  uint64_t seed;
  uint64_t iterations;

  Arguments(int count, char **values, uint64_t iterations_default)
      : seed(count > 1 ? std::strtoull(values[1], nullptr, 10) : std::random_device()()),
        iterations(count > 2 ? std::strtoull(values[2], nullptr, 10) : iterations_default) {
    std::printf("%s seed %llu iterations %llu\n", values[0],
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(iterations));
    std::fflush(stdout);
  }
};

[[noreturn]] inline void fail(const char *what) {
  std::printf("FAILED: %s\n", what);
  std::exit(1);
}

}  // namespace hindra::test
