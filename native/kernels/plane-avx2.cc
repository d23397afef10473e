#include <immintrin.h>

#include "kernels/instructions.h"
#include "kernels/plane.h"

#include <cstring>

BEGIN_COMPILED_FOR(AVX2_INSTRUCTIONS)

namespace hindra {
namespace {

constexpr int kBytes = 32;

}  // namespace
}  // namespace hindra

#include "kernels/plane-loops.h"

namespace hindra {
namespace {

/** Eight at once: each takes its two samples out of sixteen. */
void scale_row(const uint8_t *row, const ScaledColumns &to, int16_t *out) {
  const __m128i middle = _mm_set1_epi8(int8_t(-128));
  // Weights are unsigned in a product of bytes, so that samples have to be signed.
  const __m128i taken = _mm_set1_epi16(128 << kShareBits);
  for (size_t i = 0; i < to.eights.size(); i += 1) {
    const ScaledColumns::Eight &eight = to.eights[i];
    if (eight.from < 0) {
      const size_t end = 8 * i + 8;
      scale_columns(row, to, 8 * i, end < to.columns.size() ? end : to.columns.size(), out);
      continue;
    }
    const __m128i samples = _mm_loadu_si128(reinterpret_cast<const __m128i *>(row + eight.from));
    const __m128i places = _mm_loadu_si128(reinterpret_cast<const __m128i *>(eight.places));
    const __m128i weights = _mm_loadu_si128(reinterpret_cast<const __m128i *>(eight.weights));
    const __m128i pairs = _mm_xor_si128(_mm_shuffle_epi8(samples, places), middle);
    const __m128i sums = _mm_add_epi16(_mm_maddubs_epi16(weights, pairs), taken);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out + 8 * i), sums);
  }
}

}  // namespace

const PlaneKernels plane_avx2 = {"avx2",     luma,      add_row,   scale_row,   between_rows,
                                 blur_along, blur_down, contrasts, outstanding, harris};

}  // namespace hindra

END_COMPILED_FOR
