#pragma once

// Lanes of the loops over planes. A kernel file says how many bytes fit (`kBytes`), includes this, and gives by what its
// processor does best: `is_any` (whether any bit of all lanes is set), `set_lanes` (two bits for each of `Sums`, of which
// the lower one is set where the lane is all ones), `pair_products` (four sums of two products each, of whichever two), and
// `scale_row` and `compare` (see `plane.h`).

#include <cstring>

#include "kernels/plane.h"

namespace hindra {
namespace {

constexpr int kShorts = kBytes / 2;

/** So many pixels at once: GCC and Clang make vector code of it for every processor. */
typedef uint8_t Levels __attribute__((vector_size(kBytes)));
typedef int16_t Sums __attribute__((vector_size(kBytes)));
typedef uint64_t Words __attribute__((vector_size(kBytes)));
/** Eight of 16 bits, whatever else fits, and four sums of two products each. */
typedef int16_t Shorts __attribute__((vector_size(16)));
typedef int32_t Sums32 __attribute__((vector_size(16)));

inline Levels load(const uint8_t *from) {
  Levels pixels;
  std::memcpy(&pixels, from, sizeof pixels);
  return pixels;
}

inline Sums load(const int16_t *from) {
  Sums values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

/** The bytes at even places, and those at odd ones. */
inline Sums even(const Levels &bytes) { return (Sums)bytes & 0xff; }
inline Sums odd(const Levels &bytes) { return ((Sums)bytes >> 8) & 0xff; }

template <typename Lanes>
inline Lanes larger(const Lanes &a, const Lanes &b) {
  return a > b ? a : b;
}

template <typename Lanes>
inline Lanes smaller(const Lanes &a, const Lanes &b) {
  return a < b ? a : b;
}

}  // namespace
}  // namespace hindra
