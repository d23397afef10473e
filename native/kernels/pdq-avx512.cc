#include <immintrin.h>

#include "kernels/pdq-lanes.h"

namespace hindra {
namespace {

struct Lanes {
  static constexpr size_t count = 16;
  using Floats = __m512;

  /** Division by a whole number: see `divide`. */
  struct Divisor {
    __m512 value;
    __m512 inverse;
    Divisor() = default;
    explicit Divisor(size_t number)
        : value(_mm512_set1_ps(float(number))), inverse(_mm512_set1_ps(1.0f / float(number))) {}
  };

  static Floats zero() { return _mm512_setzero_ps(); }
  static Floats all(float value) { return _mm512_set1_ps(value); }
  static Floats load(const float *from) { return _mm512_loadu_ps(from); }
  static void store(float *to, Floats value) { _mm512_storeu_ps(to, value); }
  static Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
  static Floats subtract(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }

  /** Correctly rounded, as `/` is (Markstein 1990): the remainder of a near quotient is exact. */
  static Floats divide(Floats sum, const Divisor &divisor) {
    const __m512 near = _mm512_mul_ps(sum, divisor.inverse);
    const __m512 remainder = _mm512_fnmadd_ps(near, divisor.value, sum);
    return _mm512_fmadd_ps(remainder, divisor.inverse, near);
  }

  static void transpose(Floats *rows) {
    __m512 pairs[16];
    for (int i = 0; i < 16; i += 2) {
      pairs[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
      pairs[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
    }
    __m512 fours[16];
    for (int i = 0; i < 16; i += 4) {
      fours[i] = _mm512_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
      fours[i + 1] = _mm512_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
      fours[i + 2] = _mm512_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
      fours[i + 3] = _mm512_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
    }
    for (int i = 0; i < 4; i += 1) {
      const __m512 low = _mm512_shuffle_f32x4(fours[i], fours[i + 4], 0x88);
      const __m512 high = _mm512_shuffle_f32x4(fours[i], fours[i + 4], 0xdd);
      const __m512 next_low = _mm512_shuffle_f32x4(fours[i + 8], fours[i + 12], 0x88);
      const __m512 next_high = _mm512_shuffle_f32x4(fours[i + 8], fours[i + 12], 0xdd);
      rows[i] = _mm512_shuffle_f32x4(low, next_low, 0x88);
      rows[i + 4] = _mm512_shuffle_f32x4(high, next_high, 0x88);
      rows[i + 8] = _mm512_shuffle_f32x4(low, next_low, 0xdd);
      rows[i + 12] = _mm512_shuffle_f32x4(high, next_high, 0xdd);
    }
  }

  static Floats luma(const uint8_t *pixel, uint32_t channels) {
    if (channels == 1) {
      const __m128i levels = _mm_loadu_si128(reinterpret_cast<const __m128i *>(pixel));
      return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(levels));
    }
    __m512i dwords;
    if (channels == 4) {
      dwords = _mm512_loadu_si512(pixel);
    } else {
      // 12 bytes to each quarter, then 3 bytes to each number.
      const __m512i quarters = _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
      const __m512i spread = _mm512_broadcast_i32x4(
          _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
      const __m512i bytes = _mm512_maskz_loadu_epi8((uint64_t{1} << 48) - 1, pixel);
      dwords = _mm512_shuffle_epi8(_mm512_permutexvar_epi32(quarters, bytes), spread);
    }
    const __m512i byte = _mm512_set1_epi32(0xff);
    const __m512 red = _mm512_cvtepi32_ps(_mm512_and_si512(dwords, byte));
    const __m512i after_red = _mm512_srli_epi32(dwords, 8);
    const __m512 green = _mm512_cvtepi32_ps(_mm512_and_si512(after_red, byte));
    const __m512i after_green = _mm512_srli_epi32(dwords, 16);
    const __m512 blue = _mm512_cvtepi32_ps(_mm512_and_si512(after_green, byte));
    const __m512 two = add(multiply(all(0.299f), red), multiply(all(0.587f), green));
    return add(two, multiply(all(0.114f), blue));
  }
};

/** 32 sums of 16 bits, as they are in memory. */
inline void put(__m512i sums, __m512 scale, bool add, __mmask16 first, __mmask16 second,
                float *out) {
  const __m256i low = _mm512_castsi512_si256(sums);
  const __m256i high = _mm512_extracti64x4_epi64(sums, 1);
  __m512 left = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(low)), scale);
  __m512 right = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(high)), scale);
  if (add) {
    left = _mm512_add_ps(_mm512_maskz_loadu_ps(first, out), left);
    right = _mm512_add_ps(_mm512_maskz_loadu_ps(second, out + 16), right);
  }
  _mm512_mask_storeu_ps(out, first, left);
  _mm512_mask_storeu_ps(out + 16, second, right);
}

/** 64 columns from `x` on, of which those of `mask` are there. */
template <int Blocks>
inline void weigh_columns(const uint8_t *first, const RowWeights &rows, size_t x, uint64_t mask,
                          float scale, bool add, float *out) {
  __m512i low[Blocks];
  __m512i high[Blocks];
  for (int b = 0; b < Blocks; b += 1) low[b] = high[b] = _mm512_setzero_si512();
  for (int i = 0; i < rows.pair_count; i += 1) {
    const uint8_t *even = first + rows.offsets[2 * i] + x;
    const uint8_t *odd = first + rows.offsets[2 * i + 1] + x;
    const __m512i weights = _mm512_set1_epi16(int16_t(rows.pairs[i]));
    for (int b = 0; b < Blocks; b += 1) {
      const __m512i a = _mm512_maskz_loadu_epi8(mask, even + 64 * b);
      const __m512i c = _mm512_maskz_loadu_epi8(mask, odd + 64 * b);
      const __m512i left = _mm512_maddubs_epi16(_mm512_unpacklo_epi8(a, c), weights);
      const __m512i right = _mm512_maddubs_epi16(_mm512_unpackhi_epi8(a, c), weights);
      low[b] = _mm512_add_epi16(low[b], left);
      high[b] = _mm512_add_epi16(high[b], right);
    }
  }
  const __m512i front = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i back = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  const __m512 scales = _mm512_set1_ps(scale);
  for (int b = 0; b < Blocks; b += 1) {
    float *to = out + x + 64 * size_t(b);
    const __m512i left = _mm512_permutex2var_epi64(low[b], front, high[b]);
    const __m512i right = _mm512_permutex2var_epi64(low[b], back, high[b]);
    put(left, scales, add, __mmask16(mask), __mmask16(mask >> 16), to);
    put(right, scales, add, __mmask16(mask >> 32), __mmask16(mask >> 48), to + 32);
  }
}

void weigh_rows(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale, bool add,
                float *out) {
  size_t x = 0;
  for (; x + 256 <= bytes; x += 256) {
    weigh_columns<4>(first, rows, x, ~uint64_t{0}, scale, add, out);
  }
  for (; x + 64 <= bytes; x += 64) {
    weigh_columns<1>(first, rows, x, ~uint64_t{0}, scale, add, out);
  }
  if (x == bytes) return;
  weigh_columns<1>(first, rows, x, (uint64_t{1} << (bytes - x)) - 1, scale, add, out);
}

inline __m512 halves(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
}

inline __m512 quarters(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}

inline __m512 pairs(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xee));
}

inline __m512 ones(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

/** 16 cells at once: each addition joins the lanes of two. */
void dots(const float *row, const CellWeights &cells, float *out) {
  const float *weights = cells.weights;
  for (int cell = 0; cell < kGridSide; cell += 16) {
    __m512 sums[16];
    for (int i = 0; i < 16; i += 1) {
      const float *samples = row + cells.starts[cell + i];
      sums[i] = _mm512_setzero_ps();
      for (int step = 0; step < cells.steps; step += 1, weights += 16, samples += 16) {
        const __m512 products =
            _mm512_mul_ps(_mm512_loadu_ps(weights), _mm512_loadu_ps(samples));
        sums[i] = _mm512_add_ps(sums[i], products);
      }
    }
    __m512 fours[4];
    for (int i = 0; i < 4; i += 1) {
      // Cells i, i + 4, i + 8 and i + 12, four lanes each.
      fours[i] = quarters(halves(sums[i], sums[i + 4]), halves(sums[i + 8], sums[i + 12]));
    }
    const __m512 joined = ones(pairs(fours[0], fours[1]), pairs(fours[2], fours[3]));
    _mm512_storeu_ps(out + cell, joined);
  }
}

}  // namespace

const PdqKernels pdq_avx512 = {weigh_rows,
                               blend_rows<Lanes>,
                               dots,
                               scratch_floats<Lanes>,
                               reference_grid<Lanes>,
                               unfiltered_grid<Lanes>,
                               transform<Lanes>,
                               gradient};

}  // namespace hindra
