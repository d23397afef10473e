#pragma once

#include <cstdint>

#include "hamming/region.h"
#include "hamming/rows.h"
#include "kernels/prefetch.h"

namespace hindra {

constexpr uint32_t kKeys = 1u << 16;

/**
 * For each of the 16 bands: the rows, sorted by the value of that band. A bucket holds the rows of
 * one value: the partner bands of all, then the low halves of their row numbers, then the high ones
 * in the manner of Elias and Fano (see BucketRows). They lie together, in cells of 16 bits, because a
 * page that is not in the TLB costs more than its bytes. 4.25 bytes a row and band.
 */
class Bands {
 public:
  /** Sorts on up to `threads` threads. Throws std::bad_alloc. */
  Bands(const Rows &rows, unsigned threads);

  const uint16_t *cells(int band) const { return bands_[band].cells; }
  /** Where the cells of a bucket begin. */
  uint32_t start(int band, uint32_t key) const { return bands_[band].starts[key]; }
  /** Brings near what `start` and `entries` read. */
  void fetch(int band, uint32_t key) const { prefetch(bands_[band].starts + key); }
  uint32_t entries(int band, uint32_t key) const {
    const uint32_t *starts = bands_[band].starts + key;
    const uint64_t bits = uint64_t{starts[1] - starts[0]} * kCellBits;
    // An entry takes two cells and a bit, and what the last cell has left is no entry.
    return static_cast<uint32_t>(steps_ == 0 ? bits / (2 * kCellBits)
                                             : (bits - steps_) / (2 * kCellBits + 1));
  }
  BucketRows rows(int band, uint32_t key) const {
    const uint32_t count = entries(band, key);
    const uint16_t *low = bands_[band].cells + start(band, key) + count;
    return {low, steps_ == 0 ? nullptr : low + count};
  }
  size_t bytes() const { return memory_.bytes(); }

 private:
  static constexpr uint32_t kCellBits = 16;
  struct Band {
    uint32_t *starts;
    uint16_t *cells;
  };
  struct Scratch;
  uint32_t cells_of(uint32_t entries) const;
  void sort(const Rows &rows, int band, Scratch &scratch);

  Region memory_;
  /** 0-bits a bucket holds: blocks of 65,536 rows, less one. */
  uint32_t steps_;
  Band bands_[kBands];
};

}  // namespace hindra
