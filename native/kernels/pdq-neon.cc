#include <arm_neon.h>

#include <cstring>

#include "kernels/pdq-lanes.h"

namespace hindra {
namespace {

struct Lanes {
  static constexpr size_t count = 4;
  using Floats = float32x4_t;

  struct Divisor {
    float32x4_t value;
    Divisor() = default;
    explicit Divisor(size_t number) : value(vdupq_n_f32(float(number))) {}
  };

  static Floats zero() { return vdupq_n_f32(0); }
  static Floats all(float value) { return vdupq_n_f32(value); }
  static Floats load(const float *from) { return vld1q_f32(from); }
  static void store(float *to, Floats value) { vst1q_f32(to, value); }
  static Floats add(Floats a, Floats b) { return vaddq_f32(a, b); }
  static Floats subtract(Floats a, Floats b) { return vsubq_f32(a, b); }
  static Floats multiply(Floats a, Floats b) { return vmulq_f32(a, b); }
  static Floats divide(Floats sum, const Divisor &divisor) {
    return vdivq_f32(sum, divisor.value);
  }

  static void transpose(Floats *rows) {
    const float64x2_t a = vreinterpretq_f64_f32(vtrn1q_f32(rows[0], rows[1]));
    const float64x2_t b = vreinterpretq_f64_f32(vtrn2q_f32(rows[0], rows[1]));
    const float64x2_t c = vreinterpretq_f64_f32(vtrn1q_f32(rows[2], rows[3]));
    const float64x2_t d = vreinterpretq_f64_f32(vtrn2q_f32(rows[2], rows[3]));
    rows[0] = vreinterpretq_f32_f64(vtrn1q_f64(a, c));
    rows[1] = vreinterpretq_f32_f64(vtrn1q_f64(b, d));
    rows[2] = vreinterpretq_f32_f64(vtrn2q_f64(a, c));
    rows[3] = vreinterpretq_f32_f64(vtrn2q_f64(b, d));
  }

  static Floats luma(const uint8_t *pixel, uint32_t channels) {
    uint8_t bytes[16];
    std::memcpy(bytes, pixel, channels == 1 ? 4 : channels == 3 ? 12 : 16);
    const uint8_t none = 0xff;
    const uint8_t spreads[3][16] = {
        {0, none, none, none, 1, none, none, none, 2, none, none, none, 3, none, none, none},
        {0, 1, 2, none, 3, 4, 5, none, 6, 7, 8, none, 9, 10, 11, none},
        {0, 1, 2, none, 4, 5, 6, none, 8, 9, 10, none, 12, 13, 14, none},
    };
    const uint8x16_t spread = vld1q_u8(spreads[channels / 2]);
    const uint32x4_t dwords = vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(bytes), spread));
    const uint32x4_t byte = vdupq_n_u32(0xff);
    const float32x4_t red = vcvtq_f32_u32(vandq_u32(dwords, byte));
    if (channels == 1) return red;
    const float32x4_t green = vcvtq_f32_u32(vandq_u32(vshrq_n_u32(dwords, 8), byte));
    const float32x4_t blue = vcvtq_f32_u32(vshrq_n_u32(dwords, 16));
    const float32x4_t two = add(multiply(all(0.299f), red), multiply(all(0.587f), green));
    return add(two, multiply(all(0.114f), blue));
  }
};

/** 8 sums of 16 bits. */
inline void put(uint16x8_t sums, float scale, bool add, float *out) {
  float32x4_t left = vmulq_n_f32(vcvtq_f32_u32(vmovl_u16(vget_low_u16(sums))), scale);
  float32x4_t right = vmulq_n_f32(vcvtq_f32_u32(vmovl_u16(vget_high_u16(sums))), scale);
  if (add) {
    left = vaddq_f32(vld1q_f32(out), left);
    right = vaddq_f32(vld1q_f32(out + 4), right);
  }
  vst1q_f32(out, left);
  vst1q_f32(out + 4, right);
}

/** 16 columns a block, from `x` on. */
template <int Blocks>
inline void weigh_columns(const uint8_t *first, const RowWeights &rows, size_t x, float scale,
                          bool add, float *out) {
  uint16x8_t low[Blocks];
  uint16x8_t high[Blocks];
  for (int b = 0; b < Blocks; b += 1) low[b] = high[b] = vdupq_n_u16(0);
  for (int i = 0; i < 2 * rows.pair_count; i += 1) {
    const uint8_t *row = first + rows.offsets[i] + x;
    const uint8x8_t weight = vdup_n_u8(uint8_t(rows.pairs[i / 2] >> (i % 2 * 8)));
    for (int b = 0; b < Blocks; b += 1) {
      const uint8x16_t bytes = vld1q_u8(row + 16 * b);
      low[b] = vmlal_u8(low[b], vget_low_u8(bytes), weight);
      high[b] = vmlal_u8(high[b], vget_high_u8(bytes), weight);
    }
  }
  for (int b = 0; b < Blocks; b += 1) {
    put(low[b], scale, add, out + x + 16 * size_t(b));
    put(high[b], scale, add, out + x + 16 * size_t(b) + 8);
  }
}

void weigh_rows(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale, bool add,
                float *out) {
  size_t x = 0;
  for (; x + 64 <= bytes; x += 64) weigh_columns<4>(first, rows, x, scale, add, out);
  for (; x + 16 <= bytes; x += 16) weigh_columns<1>(first, rows, x, scale, add, out);
  weigh_rest(first, rows, x, bytes, scale, add, out);
}

void dots(const float *row, const CellWeights &cells, float *out) {
  const float *weights = cells.weights;
  for (int cell = 0; cell < kGridSide; cell += 1) {
    const float *samples = row + cells.starts[cell];
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (int step = 0; step < cells.steps; step += 1, weights += 16, samples += 16) {
      for (int i = 0; i < 4; i += 1) {
        const float32x4_t products =
            vmulq_f32(vld1q_f32(weights + 4 * i), vld1q_f32(samples + 4 * i));
        sums[i] = vaddq_f32(sums[i], products);
      }
    }
    const float32x4_t four = vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3]));
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    out[cell] = vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
  }
}

}  // namespace

const PdqKernels pdq_neon = {"neon", weigh_rows, blend_rows<Lanes>, dots, scratch_floats<Lanes>,
                             reference_grid<Lanes>, unfiltered_grid<Lanes>, transform<Lanes>,
                             gradient};

}  // namespace hindra
