#pragma once

#include <cstdint>

#include "hamming/region.h"
#include "hamming/rows.h"

namespace hindra {

constexpr uint32_t KEYS = 1u << 16;

/**
 * For each of the 16 bands: the rows, sorted by the value of that band. A bucket holds the rows of
 * one value, each with its partner band beside it. 4.25 bytes a row and band: the partner, and the
 * row number in the manner of Elias and Fano (see BucketRows).
 */
class Bands {
 public:
  /** Sorts on up to `threads` threads. */
  Bands(const Rows &rows, unsigned threads);

  /** `offsets(band)[key]` to `[key + 1]` are the entries of a bucket. */
  const uint32_t *offsets(int band) const { return bands_[band].offsets; }
  const uint16_t *partners(int band) const { return bands_[band].partners; }
  BucketRows bucket(int band, uint32_t key) const {
    const Band &of = bands_[band];
    const uint32_t first = of.offsets[key];
    return {of.low + first, of.high, first + uint64_t{key} * steps_};
  }
  /** Brings the row number of the entry at a place of the band near. */
  void fetch(int band, uint32_t key, uint32_t place) const {
    const Band &of = bands_[band];
    __builtin_prefetch(of.low + place);
    if (of.high != nullptr) __builtin_prefetch(of.high + (place + uint64_t{key} * steps_) / 64);
  }
  size_t bytes() const { return memory_.bytes(); }

 private:
  struct Band {
    uint32_t *offsets;
    uint16_t *partners;
    uint16_t *low;
    uint64_t *high;
  };
  struct Scratch;
  void sort(const Rows &rows, int band, Scratch &scratch);

  Region memory_;
  /** 0-bits a bucket holds: blocks of 65,536 rows, less one. */
  uint32_t steps_;
  Band bands_[BANDS];
};

}  // namespace hindra
