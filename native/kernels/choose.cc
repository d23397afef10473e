#include "kernels/choose.h"

#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "kernels/instructions.h"

namespace hindra {
namespace {

struct Supported {
  KernelSet sets[4];
  int count = 0;

  void add(const KernelSet &set) { sets[count++] = set; }

  Supported() {
    add({"scalar", &hamming_scalar, &pdq_scalar, &plane_scalar, &jpeg_scalar});
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (AVX2_INSTRUCTIONS(__builtin_cpu_supports, &&)) add({"avx2", &hamming_avx2, &pdq_avx2, &plane_avx2, &jpeg_avx2});
    if (AVX512_INSTRUCTIONS(__builtin_cpu_supports, &&)) {
      const bool counts = AVX512_COUNTING_INSTRUCTIONS(__builtin_cpu_supports, &&);
      const bool permutes = AVX512_PERMUTING_INSTRUCTIONS(__builtin_cpu_supports, &&);
      add({"avx512", counts ? &hamming_avx512 : &hamming_avx2, &pdq_avx512,
           permutes ? &plane_avx512 : &plane_avx2, &jpeg_avx512});
    }
#elif defined(__aarch64__)
    add({"neon", &hamming_neon, &pdq_neon, &plane_neon, &jpeg_scalar});
#endif
  }
};

const Supported &supported() {
  static const Supported found;
  return found;
}

const KernelSet &choose() {
  const Supported &found = supported();
  const char *wanted = std::getenv("HINDRA_KERNEL");
  if (wanted == nullptr || *wanted == '\0') return found.sets[found.count - 1];
  std::string names;
  for (int i = 0; i < found.count; i += 1) {
    if (std::strcmp(found.sets[i].name, wanted) == 0) return found.sets[i];
    names += (i == 0 ? "" : ", ") + std::string(found.sets[i].name);
  }
  throw std::runtime_error("HINDRA_KERNEL is none of those that run here: " + names);
}

}  // namespace

const KernelSet &kernels() {
  static const KernelSet &chosen = choose();
  return chosen;
}

const KernelSet *supported_kernels(int *count) {
  *count = supported().count;
  return supported().sets;
}

}  // namespace hindra
