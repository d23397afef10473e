#include "pdq/bits.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace hindra {
namespace {

/** 16x16 bits: bit j of row i is that of coefficient (i, j). */
using Rows = uint16_t[kDctSide];

/** The signs that a mirror turns, as bits of row i. A turn by a quarter is a mirror, transposed. */
enum Mirror { kNone, kRows, kColumns, kBoth };

uint16_t turned_signs(Mirror mirror, int i) {
  const bool is_even = i % 2 == 0;
  if (mirror == kRows) return is_even ? 0xffff : 0;
  if (mirror == kColumns) return 0x5555;
  return mirror == kBoth ? (is_even ? 0xaaaa : 0x5555) : 0;
}

struct Symmetry {
  Mirror mirror;
  Dihedral plain;
  Dihedral transposed;
};

constexpr Symmetry kSymmetries[] = {
    {kNone, kWhole, kFlipP},
    {kRows, kFlipX, kRot270},
    {kColumns, kFlipY, kRot90},
    {kBoth, kRot180, kFlipM},
};

void write_hash(const Rows &rows, uint8_t *hash) {
  for (int i = 0; i < kDctSide; i += 1) {
    hash[kHashBytes - 1 - 2 * i] = uint8_t(rows[i]);
    hash[kHashBytes - 2 - 2 * i] = uint8_t(rows[i] >> 8);
  }
}

void read_hash(const uint8_t *hash, Rows &rows) {
  for (int i = 0; i < kDctSide; i += 1) {
    rows[i] = uint16_t(hash[kHashBytes - 1 - 2 * i] | hash[kHashBytes - 2 - 2 * i] << 8);
  }
}

void transpose(const Rows &rows, Rows &turned) {
  std::memcpy(turned, rows, sizeof(Rows));
  // Swaps the off-diagonal halves of ever smaller blocks.
  uint16_t mask = 0x00ff;
  for (int step = 8; step > 0; step /= 2, mask = uint16_t(mask ^ (mask << step))) {
    for (int i = 0; i < kDctSide; i = ((i | step) + 1) & ~step) {
      const uint16_t swap = uint16_t((turned[i] >> step ^ turned[i | step]) & mask);
      turned[i] = uint16_t(turned[i] ^ swap << step);
      turned[i | step] = uint16_t(turned[i | step] ^ swap);
    }
  }
}

/** Writes a hash and, by the same bits, that of the transposed picture. */
void write_both(const Rows &rows, const Symmetry &symmetry, uint8_t *hashes) {
  Rows turned;
  transpose(rows, turned);
  write_hash(rows, hashes + symmetry.plain * kHashBytes);
  write_hash(turned, hashes + symmetry.transposed * kHashBytes);
}

/** The coefficients of the mirrored picture. */
void turn(const float *coefficients, Mirror mirror, float *values) {
  for (int k = 0; k < kDctCells; k += 1) {
    const uint32_t turned = turned_signs(mirror, k >> 4) >> (k & 15) & 1;
    values[k] = turned ? -coefficients[k] : coefficients[k];
  }
}

/** Whole numbers in the order of the floats. */
int32_t order_of(float value) {
  int32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits ^ int32_t(uint32_t(bits >> 31) >> 1);
}

/** The lower median, the 128th smallest of the 256, and the one after it. */
void middle_two(const float *values, float &median, float &next) {
  int32_t keys[kDctCells];
  for (int k = 0; k < kDctCells; k += 1) keys[k] = order_of(values[k]);
  // By halves of what is left: the smallest number that at least 128 do not exceed.
  int64_t low = std::numeric_limits<int32_t>::min();
  int64_t high = std::numeric_limits<int32_t>::max();
  while (low < high) {
    const int32_t middle = int32_t((low + high) >> 1);
    int count = 0;
    for (int k = 0; k < kDctCells; k += 1) count += keys[k] <= middle;
    if (count >= kDctCells / 2) {
      high = middle;
    } else {
      low = int64_t(middle) + 1;
    }
  }
  const int32_t key = int32_t(low);
  int count = 0;
  int32_t above = std::numeric_limits<int32_t>::max();
  for (int k = 0; k < kDctCells; k += 1) {
    count += keys[k] <= key;
    above = std::min(above, keys[k] > key ? keys[k] : std::numeric_limits<int32_t>::max());
  }
  const int32_t after = count > kDctCells / 2 ? key : above;
  const auto value_of = [](int32_t ordered) {
    const int32_t bits = ordered ^ int32_t(uint32_t(ordered >> 31) >> 1);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  };
  median = value_of(key);
  next = value_of(after);
}

/** How many pairs of values may change sides of the median: see `slacks_of`. */
int pairs_within(const float *values, float reach) {
  float median, next;
  middle_two(values, median, next);
  // Where others equal the median, as in a flat picture, bits need no partner to change.
  if (next == median) return kDctCells / 2;
  float above[kDctCells], below[kDctCells];
  int above_count = 0, below_count = 0;
  for (int k = 0; k < kDctCells; k += 1) {
    const float off = values[k] - median;
    if (std::abs(off) > reach) continue;
    (off > 0 ? above[above_count++] : below[below_count++]) = std::abs(off);
  }
  const int most = std::min(above_count, below_count);
  std::partial_sort(above, above + most, above + above_count);
  std::partial_sort(below, below + most, below + below_count);
  int pairs = 0;
  for (int s = 1; s <= most; s += 1) {
    if ((above[s - 1] + below[s - 1]) * std::cbrt(float(s)) <= reach) pairs = s;
  }
  return pairs;
}

}  // namespace

float hash_coefficients(const float *coefficients, int dihedrals, uint8_t *hashes) {
  float gap = std::numeric_limits<float>::infinity();
  const int mirrors = dihedrals == 1 ? 1 : 4;
  for (int mirror = 0; mirror < mirrors; mirror += 1) {
    const Symmetry &symmetry = kSymmetries[mirror];
    float values[kDctCells];
    turn(coefficients, symmetry.mirror, values);
    float median, next;
    middle_two(values, median, next);
    gap = std::min(gap, next - median);
    Rows rows = {};
    for (int k = 0; k < kDctCells; k += 1) {
      rows[k >> 4] = uint16_t(rows[k >> 4] | (values[k] > median) << (k & 15));
    }
    if (dihedrals == 1) {
      write_hash(rows, hashes);
    } else {
      write_both(rows, symmetry, hashes);
    }
  }
  return gap;
}

void slacks_of(const float *coefficients, float reach, uint8_t *slacks) {
  for (const Symmetry &symmetry : kSymmetries) {
    float values[kDctCells];
    turn(coefficients, symmetry.mirror, values);
    const uint8_t slack = uint8_t(std::min(255, 2 * pairs_within(values, reach)));
    slacks[symmetry.plain] = slack;
    slacks[symmetry.transposed] = slack;
  }
}

void derive_dihedral(const uint8_t *hash, uint8_t *hashes) {
  Rows rows;
  read_hash(hash, rows);
  for (const Symmetry &symmetry : kSymmetries) {
    Rows mirrored;
    for (int i = 0; i < kDctSide; i += 1) {
      mirrored[i] = uint16_t(rows[i] ^ turned_signs(symmetry.mirror, i));
    }
    write_both(mirrored, symmetry, hashes);
  }
}

}  // namespace hindra
