#include <immintrin.h>

#include "kernels/instructions.h"
#include "kernels/pdq.h"

BEGIN_COMPILED_FOR(AVX2_INSTRUCTIONS)
#include "kernels/pdq-lanes.h"

namespace hindra {
namespace {

struct Lanes {
  static constexpr size_t count = 8;
  using Floats = __m256;

  /** Division by a whole number: see `divide`. */
  struct Divisor {
    __m256 value;
    __m256 inverse;
    Divisor() = default;
    explicit Divisor(size_t number)
        : value(_mm256_set1_ps(float(number))), inverse(_mm256_set1_ps(1.0f / float(number))) {}
  };

  static Floats zero() { return _mm256_setzero_ps(); }
  static Floats all(float value) { return _mm256_set1_ps(value); }
  static Floats load(const float *from) { return _mm256_loadu_ps(from); }
  static void store(float *to, Floats value) { _mm256_storeu_ps(to, value); }
  static Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
  static Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }

  /** Correctly rounded, as `/` is (Markstein 1990): the remainder of a near quotient is exact. */
  static Floats divide(Floats sum, const Divisor &divisor) {
    const __m256 near = _mm256_mul_ps(sum, divisor.inverse);
    const __m256 remainder = _mm256_fnmadd_ps(near, divisor.value, sum);
    return _mm256_fmadd_ps(remainder, divisor.inverse, near);
  }

  static void transpose(Floats *rows) {
    __m256 pairs[8];
    for (int i = 0; i < 8; i += 2) {
      pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
      pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    }
    __m256 fours[8];
    for (int i = 0; i < 8; i += 4) {
      fours[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
      fours[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
      fours[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
      fours[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
    }
    for (int i = 0; i < 4; i += 1) {
      rows[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
      rows[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
    }
  }

  static Floats luma(const uint8_t *pixel, uint32_t channels) {
    if (channels == 1) {
      const __m128i levels = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(pixel));
      return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(levels));
    }
    __m256i dwords;
    if (channels == 4) {
      dwords = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(pixel));
    } else {
      // 24 bytes in two loads that meet at byte 12: the second one starts at byte 8.
      const __m128i left = _mm_loadu_si128(reinterpret_cast<const __m128i *>(pixel));
      const __m128i right = _mm_loadu_si128(reinterpret_cast<const __m128i *>(pixel + 8));
      const __m256i spread =
          _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                           4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
      dwords = _mm256_shuffle_epi8(_mm256_set_m128i(right, left), spread);
    }
    const __m256i byte = _mm256_set1_epi32(0xff);
    const __m256 red = _mm256_cvtepi32_ps(_mm256_and_si256(dwords, byte));
    const __m256i after_red = _mm256_srli_epi32(dwords, 8);
    const __m256 green = _mm256_cvtepi32_ps(_mm256_and_si256(after_red, byte));
    const __m256i after_green = _mm256_srli_epi32(dwords, 16);
    const __m256 blue = _mm256_cvtepi32_ps(_mm256_and_si256(after_green, byte));
    const __m256 two = add(multiply(all(0.299f), red), multiply(all(0.587f), green));
    return add(two, multiply(all(0.114f), blue));
  }
};

/** 16 sums of 16 bits, as they are in memory. */
inline void put(__m256i sums, __m256 scale, bool add, float *out) {
  const __m256i low = _mm256_cvtepu16_epi32(_mm256_castsi256_si128(sums));
  const __m256i high = _mm256_cvtepu16_epi32(_mm256_extracti128_si256(sums, 1));
  __m256 left = _mm256_mul_ps(_mm256_cvtepi32_ps(low), scale);
  __m256 right = _mm256_mul_ps(_mm256_cvtepi32_ps(high), scale);
  if (add) {
    left = _mm256_add_ps(_mm256_loadu_ps(out), left);
    right = _mm256_add_ps(_mm256_loadu_ps(out + 8), right);
  }
  _mm256_storeu_ps(out, left);
  _mm256_storeu_ps(out + 8, right);
}

/** So far along each row what comes next is asked for: beyond the picture that does nothing. */
constexpr size_t kAhead = 1024;

/** 32 columns a block, from `x` on. */
template <int Blocks>
inline void weigh_columns(const uint8_t *first, const RowWeights &rows, size_t x, float scale,
                          bool add, float *out) {
  __m256i low[Blocks];
  __m256i high[Blocks];
  for (int b = 0; b < Blocks; b += 1) low[b] = high[b] = _mm256_setzero_si256();
  for (int i = 0; i < rows.pair_count; i += 1) {
    const uint8_t *even = first + rows.offsets[2 * i] + x;
    const uint8_t *odd = first + rows.offsets[2 * i + 1] + x;
    const __m256i weights = _mm256_set1_epi16(int16_t(rows.pairs[i]));
    for (int b = 0; b + 1 < Blocks; b += 2) {
      _mm_prefetch(even + 32 * b + kAhead, _MM_HINT_T0);
      _mm_prefetch(odd + 32 * b + kAhead, _MM_HINT_T0);
    }
    for (int b = 0; b < Blocks; b += 1) {
      const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(even + 32 * b));
      const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(odd + 32 * b));
      const __m256i left = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, c), weights);
      const __m256i right = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, c), weights);
      low[b] = _mm256_add_epi16(low[b], left);
      high[b] = _mm256_add_epi16(high[b], right);
    }
  }
  const __m256 scales = _mm256_set1_ps(scale);
  for (int b = 0; b < Blocks; b += 1) {
    float *to = out + x + 32 * size_t(b);
    put(_mm256_permute2x128_si256(low[b], high[b], 0x20), scales, add, to);
    put(_mm256_permute2x128_si256(low[b], high[b], 0x31), scales, add, to + 16);
  }
}

void weigh_rows(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale, bool add,
                float *out) {
  size_t x = 0;
  for (; x + 128 <= bytes; x += 128) weigh_columns<4>(first, rows, x, scale, add, out);
  for (; x + 32 <= bytes; x += 32) weigh_columns<1>(first, rows, x, scale, add, out);
  weigh_rest(first, rows, x, bytes, scale, add, out);
}

void dots(const float *row, const CellWeights &cells, float *out) {
  const float *weights = cells.weights;
  for (int cell = 0; cell < kGridSide; cell += 1) {
    const float *samples = row + cells.starts[cell];
    __m256 low = _mm256_setzero_ps();
    __m256 high = _mm256_setzero_ps();
    for (int step = 0; step < cells.steps; step += 1, weights += 16, samples += 16) {
      const __m256 left = _mm256_mul_ps(_mm256_loadu_ps(weights), _mm256_loadu_ps(samples));
      const __m256 right =
          _mm256_mul_ps(_mm256_loadu_ps(weights + 8), _mm256_loadu_ps(samples + 8));
      low = _mm256_add_ps(low, left);
      high = _mm256_add_ps(high, right);
    }
    const __m256 eight = _mm256_add_ps(low, high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    out[cell] = _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
}

}  // namespace

const PdqKernels pdq_avx2 = {"avx2", weigh_rows, blend_rows<Lanes>, dots, scratch_floats<Lanes>,
                             reference_grid<Lanes>, unfiltered_grid<Lanes>, transform<Lanes>,
                             gradient};

}  // namespace hindra

END_COMPILED_FOR
