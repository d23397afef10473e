// Included by each kernel file, which compiles it for its own instructions, after the headers that are
// everybody's: everything here is internal to that file, so that no linker can put one set's code into
// another.
#pragma once

#include <cstring>

#include "kernels/hamming.h"
#include "kernels/prefetch.h"

namespace hindra {
namespace {

[[maybe_unused]] inline int distance(const uint64_t *a, const uint64_t *b) {
  int bits = 0;
  for (int word = 0; word < kHashWords; word += 1) bits += __builtin_popcountll(a[word] ^ b[word]);
  return bits;
}

/**
 * Place of the 1-bit with this number, counted from 0; the word has that many. A file that is compiled
 * for the instruction says so, for compilers do not.
 */
[[maybe_unused]] inline unsigned select_bit(uint64_t word, unsigned number) {
#if defined(COMPILED_FOR_PDEP)
  return static_cast<unsigned>(__builtin_ctzll(_pdep_u64(uint64_t{1} << number, word)));
#else
  for (; number > 0; number -= 1) word &= word - 1;
  return static_cast<unsigned>(__builtin_ctzll(word));
#endif
}

[[maybe_unused]] void row_numbers(const BucketRows &bucket, uint32_t skipped,
                                  const Survivor *survivors, size_t count, uint32_t *numbers) {
  if (bucket.high == nullptr) {
    for (size_t i = 0; i < count; i += 1) numbers[i] = bucket.low[skipped + survivors[i].place];
    return;
  }
  const uint16_t *word = bucket.high;
  uint64_t bits;
  std::memcpy(&bits, word, sizeof bits);
  auto ones = static_cast<uint32_t>(__builtin_popcountll(bits));
  uint32_t before = 0;
  uint64_t base = 0;
  for (size_t i = 0; i < count; i += 1) {
    const uint32_t place = skipped + survivors[i].place;
    while (place - before >= ones) {
      before += ones;
      word += 4;
      std::memcpy(&bits, word, sizeof bits);
      ones = static_cast<uint32_t>(__builtin_popcountll(bits));
      base += 64;
    }
    const uint64_t at = base + select_bit(bits, place - before);
    numbers[i] = static_cast<uint32_t>((at - place) << 16) | bucket.low[place];
  }
}

/** Without a branch, so that compilers make vector code of it where words can be counted in lanes. */
[[maybe_unused]] uint64_t nearest_row(const uint64_t *columns, size_t count, const uint64_t *query) {
  const uint64_t a = query[0], b = query[1], c = query[2], d = query[3];
  const uint64_t *first = columns, *second = first + count, *third = second + count,
                 *fourth = third + count;
  uint64_t nearest = ~uint64_t{0};
  for (size_t i = 0; i < count; i += 1) {
    const auto bits = static_cast<uint64_t>(
        __builtin_popcountll(first[i] ^ a) + __builtin_popcountll(second[i] ^ b) +
        __builtin_popcountll(third[i] ^ c) + __builtin_popcountll(fourth[i] ^ d));
    const uint64_t found = bits << 32 | i;
    nearest = found < nearest ? found : nearest;
  }
  return nearest;
}

[[maybe_unused]] void row_distances(const uint64_t *rows, const uint32_t *numbers, size_t count,
                                    const uint64_t *query, uint16_t *distances) {
  constexpr size_t kAhead = 64;
  for (size_t i = 0; i < count && i < kAhead; i += 1) {
    prefetch(rows + kHashWords * static_cast<size_t>(numbers[i]));
  }
  for (size_t i = 0; i < count; i += 1) {
    if (i + kAhead < count) prefetch(rows + kHashWords * static_cast<size_t>(numbers[i + kAhead]));
    const uint64_t *row = rows + kHashWords * static_cast<size_t>(numbers[i]);
    distances[i] = static_cast<uint16_t>(distance(row, query));
  }
}

/** Bits of each of the four 16-bit lanes. */
inline uint64_t lane_bits(uint64_t x) {
  x -= (x >> 1) & 0x5555555555555555u;
  x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return (x + (x >> 8)) & 0x00ff00ff00ff00ffu;
}

[[maybe_unused]] int first_band(const uint64_t *row, const uint64_t *query,
                                const uint8_t *budgets) {
  for (int word = 0; word < kHashWords; word += 1) {
    const uint64_t lanes = lane_bits(row[word] ^ query[word]);
    for (int pair = 0; pair < 2; pair += 1) {
      const int band = 4 * word + 2 * pair;
      const int a = (lanes >> (32 * pair)) & 0xffff;
      const int b = (lanes >> (32 * pair + 16)) & 0xffff;
      if (a + b >= budgets[band] + budgets[band + 1]) continue;
      return a < budgets[band] ? band : band + 1;
    }
  }
  return kBands;
}

[[maybe_unused]] size_t scan_plain(const uint64_t *rows, size_t count, const uint64_t *query,
                                   int radius, uint32_t *found) {
  size_t hits = 0;
  for (size_t i = 0; i < count; i += 1) {
    found[hits] = static_cast<uint32_t>(i);
    hits += distance(rows + kHashWords * i, query) <= radius;
  }
  return hits;
}

/** Rows `from` to `count` of scan_folded. */
[[maybe_unused]] size_t scan_folded_from(Folded rows, size_t from, size_t count, uint64_t wide,
                                         uint32_t narrow, int radius, uint32_t *found) {
  size_t hits = 0;
  for (size_t i = from; i < count; i += 1) {
    const int bits =
        __builtin_popcountll(rows.wide[i] ^ wide) + __builtin_popcount(rows.narrow[i] ^ narrow);
    found[hits] = static_cast<uint32_t>(i);
    hits += bits <= radius;
  }
  return hits;
}

[[maybe_unused]] size_t scan_folded_plain(Folded rows, size_t count, uint64_t wide, uint32_t narrow,
                                          int radius, uint32_t *found) {
  return scan_folded_from(rows, 0, count, wide, narrow, radius, found);
}

}  // namespace
}  // namespace hindra
