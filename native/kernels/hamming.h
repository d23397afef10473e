#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra {

constexpr int kHashWords = 4;
/** A hash in 16-bit bands; band i has its partner in band i ^ 1. */
constexpr int kBands = 16;

/** One bucket to look through, or a piece of one. */
struct Probe {
  /** Where the partner of its first entry lies in its band, and how many there are. */
  uint32_t first;
  uint32_t count;
  uint16_t key;
  uint8_t band;
  /** How far from the query's an entry's partner band may be, 0 to 16. */
  uint8_t most;
};

/** By band: where its buckets lie, each with the partner bands first, and that of the query. */
struct Partners {
  const uint16_t *of[kBands];
  uint16_t wanted[kBands];
};

/** An entry of a bucket whose partner is near enough: probe number and place in the bucket. */
struct Survivor {
  uint32_t probe;
  uint32_t place;
};

/** Survivors that may be written beyond the last one, and mean nothing. */
constexpr size_t kSurvivorsSpare = 16;

/**
 * Row numbers of a bucket in ascending order, as Elias and Fano write them: the low 16 bits as they
 * are, the high bits in unary, a 1 for each entry and a 0 for each step to the next block of 65,536
 * rows.
 */
struct BucketRows {
  const uint16_t *low;
  /** From the lowest bit on; 8 bytes more can be read. Null where there is one block only. */
  const uint16_t *high;
};

/** 256 bits folded to 96 by XOR, column by column: never further apart than the hashes are. */
struct Folded {
  const uint64_t *wide;
  const uint32_t *narrow;
};

/** Hot loops over 256-bit hashes. A hash is four 64-bit words as they lie in memory. */
struct HammingKernels {
  /** scalar, avx2, avx512 or neon: what it is compiled for. */
  const char *name;
  /** Hamming distance, 0 to 256. */
  int (*distance)(const uint64_t *a, const uint64_t *b);
  /** Writes the numbers of the rows within the radius, and says how many; room for `count`. */
  size_t (*scan)(const uint64_t *rows, size_t count, const uint64_t *query, int radius,
                 uint32_t *found);
  /** The same on folded hashes: all that are within the radius, and some that are not. */
  size_t (*scan_folded)(Folded rows, size_t count, uint64_t wide, uint32_t narrow, int radius,
                        uint32_t *found);
  /**
   * Entries whose partners are near enough. `found` has room for all entries of all probes and
   * the spare ones.
   */
  size_t (*filter)(const Partners &partners, const Probe *probes, size_t count, Survivor *found);
  /**
   * Row numbers of entries of one bucket, in ascending order of their places, which are counted from
   * the entry `skipped`.
   */
  void (*rows)(const BucketRows &bucket, uint32_t skipped, const Survivor *survivors, size_t count,
               uint32_t *numbers);
  /** Distances of the rows with these numbers. */
  void (*distances)(const uint64_t *rows, const uint32_t *numbers, size_t count,
                    const uint64_t *query, uint16_t *distances);
  /**
   * The nearest of the rows, of equals the first: its distance times 2^32 plus its number. The rows lie
   * column by column, `count` words of each; there is at least one.
   */
  uint64_t (*nearest)(const uint64_t *columns, size_t count, const uint64_t *query);
  /**
   * The first band in which a row is found under these budgets (see hamming/plan.h), so that a row
   * found in several is reported once; kBands where in none.
   */
  int (*first_band)(const uint64_t *row, const uint64_t *query, const uint8_t *budgets);
  /** CRC-32C (RFC 3720) of what came before, continued; 0 to begin. */
  uint32_t (*crc32c)(uint32_t before, const void *bytes, size_t count);
};

extern const HammingKernels hamming_scalar;
extern const HammingKernels hamming_avx2;
extern const HammingKernels hamming_avx512;
extern const HammingKernels hamming_neon;

}  // namespace hindra
