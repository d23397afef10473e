#include <immintrin.h>

#include "kernels/instructions.h"
#include "kernels/pdq.h"

BEGIN_COMPILED_FOR(AVX512_INSTRUCTIONS)
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

/** Columns whose sums lie in the first level of the cache while rows run past. */
constexpr size_t kStrip = 8192;
/** Pairs of rows in one go, so that the sums are touched half as often. */
constexpr int kPairsAtOnce = 2;

/** Sums of `count` columns, 64 at a time: those of the low and the high halves of each 16 bytes. */
struct Sums {
  __m512i low[kStrip / 64];
  __m512i high[kStrip / 64];
};

inline uint64_t mask_of(size_t left) {
  return left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
}

/**
 * Adds the pairs of rows from `pair` on to `sums`, or begins with them. Reads along the rows and asks
 * for those after them at once: memory is what a picture outside of the cache waits for.
 */
template <int Pairs, bool IsFirst>
inline void add_pairs(const uint8_t *first, const RowWeights &rows, int pair, size_t count,
                      Sums &sums) {
  const uint8_t *samples[2 * Pairs];
  __m512i weights[Pairs];
  for (int i = 0; i < 2 * Pairs; i += 1) samples[i] = first + rows.offsets[2 * pair + i];
  for (int i = 0; i < Pairs; i += 1) weights[i] = _mm512_set1_epi16(int16_t(rows.pairs[pair + i]));
  const size_t ahead = 2 * kPairsAtOnce * rows.stride;
  const auto add_block = [&](size_t x, uint64_t mask) {
    __m512i low = IsFirst ? _mm512_setzero_si512() : sums.low[x / 64];
    __m512i high = IsFirst ? _mm512_setzero_si512() : sums.high[x / 64];
    for (int i = 0; i < Pairs; i += 1) {
      const uint8_t *even = samples[2 * i] + x;
      const uint8_t *odd = samples[2 * i + 1] + x;
      // Beyond the picture nothing is read: asking for what is not there does nothing.
      _mm_prefetch(even + ahead, _MM_HINT_T0);
      _mm_prefetch(odd + ahead, _MM_HINT_T0);
      const __m512i a = _mm512_maskz_loadu_epi8(mask, even);
      const __m512i c = _mm512_maskz_loadu_epi8(mask, odd);
      const __m512i left = _mm512_maddubs_epi16(_mm512_unpacklo_epi8(a, c), weights[i]);
      const __m512i right = _mm512_maddubs_epi16(_mm512_unpackhi_epi8(a, c), weights[i]);
      low = _mm512_add_epi16(low, left);
      high = _mm512_add_epi16(high, right);
    }
    sums.low[x / 64] = low;
    sums.high[x / 64] = high;
  };
  size_t x = 0;
  for (; x + 64 <= count; x += 64) add_block(x, ~uint64_t{0});
  if (x < count) add_block(x, mask_of(count - x));
}

template <int Pairs>
inline void add_pairs(const uint8_t *first, const RowWeights &rows, int pair, size_t count,
                      Sums &sums) {
  if (pair == 0) {
    add_pairs<Pairs, true>(first, rows, pair, count, sums);
  } else {
    add_pairs<Pairs, false>(first, rows, pair, count, sums);
  }
}

void weigh_rows(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale, bool add,
                float *out) {
  const __m512i front = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i back = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  const __m512 scales = _mm512_set1_ps(scale);
  Sums sums;
  for (size_t strip = 0; strip < bytes; strip += kStrip) {
    const size_t count = bytes - strip < kStrip ? bytes - strip : kStrip;
    int pair = 0;
    for (; pair + kPairsAtOnce <= rows.pair_count; pair += kPairsAtOnce) {
      add_pairs<kPairsAtOnce>(first + strip, rows, pair, count, sums);
    }
    for (; pair < rows.pair_count; pair += 1) {
      add_pairs<1>(first + strip, rows, pair, count, sums);
    }
    for (size_t x = 0; x < count; x += 64) {
      float *to = out + strip + x;
      const __m512i low = sums.low[x / 64];
      const __m512i high = sums.high[x / 64];
      const uint64_t mask = mask_of(count - x);
      put(_mm512_permutex2var_epi64(low, front, high), scales, add, __mmask16(mask),
          __mmask16(mask >> 16), to);
      put(_mm512_permutex2var_epi64(low, back, high), scales, add, __mmask16(mask >> 32),
          __mmask16(mask >> 48), to + 32);
    }
  }
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
    for (int i = 0; i < 16; i += 1) sums[i] = _mm512_setzero_ps();
    const uint32_t *starts = cells.starts + cell;
    for (int step = 0; step < cells.steps; step += 1, weights += 16) {
      for (int i = 0; i < 16; i += 1) {
        const __m512 samples = _mm512_loadu_ps(row + starts[i] + 16 * step);
        const __m512 shares = _mm512_loadu_ps(weights + size_t(i) * 16 * size_t(cells.steps));
        sums[i] = _mm512_add_ps(sums[i], _mm512_mul_ps(shares, samples));
      }
    }
    weights += 15 * 16 * size_t(cells.steps);
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

const PdqKernels pdq_avx512 = {"avx512", weigh_rows, blend_rows<Lanes>, dots,
                               scratch_floats<Lanes>, reference_grid<Lanes>,
                               unfiltered_grid<Lanes>, transform<Lanes>, gradient};

}  // namespace hindra

END_COMPILED_FOR
