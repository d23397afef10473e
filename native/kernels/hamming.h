#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra {

/** Hot loops over 256-bit hashes. A hash is four 64-bit words as they lie in memory. */
struct HammingKernels {
  /** Hamming distance, 0 to 256. */
  int (*distance)(const uint64_t *a, const uint64_t *b);
};

extern const HammingKernels hamming_scalar;
extern const HammingKernels hamming_avx2;
extern const HammingKernels hamming_avx512;
extern const HammingKernels hamming_neon;

}  // namespace hindra
