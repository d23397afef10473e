#include "kernels/hamming.h"

namespace hindra {
namespace {

int distance(const uint64_t *a, const uint64_t *b) {
  int bits = 0;
  for (int word = 0; word < 4; word += 1) bits += __builtin_popcountll(a[word] ^ b[word]);
  return bits;
}

}  // namespace

const HammingKernels hamming_avx512 = {distance};

}  // namespace hindra
