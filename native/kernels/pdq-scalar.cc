#include "kernels/pdq-lanes.h"

namespace hindra {
namespace {

struct Lanes {
  static constexpr size_t count = 1;
  using Floats = float;

  struct Divisor {
    float value;
    Divisor() = default;
    explicit Divisor(size_t number) : value(float(number)) {}
  };

  static Floats zero() { return 0; }
  static Floats all(float value) { return value; }
  static Floats load(const float *from) { return *from; }
  static void store(float *to, Floats value) { *to = value; }
  static Floats add(Floats a, Floats b) { return a + b; }
  static Floats subtract(Floats a, Floats b) { return a - b; }
  static Floats multiply(Floats a, Floats b) { return a * b; }
  static Floats divide(Floats sum, const Divisor &divisor) { return sum / divisor.value; }
  static void transpose(Floats *) {}

  static Floats luma(const uint8_t *pixel, uint32_t channels) {
    if (channels == 1) return float(pixel[0]);
    return 0.299f * float(pixel[0]) + 0.587f * float(pixel[1]) + 0.114f * float(pixel[2]);
  }
};

/** In strips, so that the sums of one stay near. */
void weigh_rows(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale, bool add,
                float *out) {
  constexpr size_t kStrip = 1024;
  uint32_t sums[kStrip];
  for (size_t x = 0; x < bytes; x += kStrip) {
    const size_t count = bytes - x < kStrip ? bytes - x : kStrip;
    for (size_t i = 0; i < count; i += 1) sums[i] = 0;
    for (int row = 0; row < 2 * rows.pair_count; row += 1) {
      const uint32_t weight = rows.pairs[row / 2] >> (row % 2 * 8) & 0xff;
      const uint8_t *samples = first + rows.offsets[row] + x;
      for (size_t i = 0; i < count; i += 1) sums[i] += weight * samples[i];
    }
    for (size_t i = 0; i < count; i += 1) {
      const float scaled = float(sums[i]) * scale;
      out[x + i] = add ? out[x + i] + scaled : scaled;
    }
  }
}

void dots(const float *row, const CellWeights &cells, float *out) {
  const float *weights = cells.weights;
  for (int cell = 0; cell < kGridSide; cell += 1) {
    const float *samples = row + cells.starts[cell];
    float lanes[16] = {};
    for (int step = 0; step < cells.steps; step += 1, weights += 16, samples += 16) {
      for (int lane = 0; lane < 16; lane += 1) lanes[lane] += weights[lane] * samples[lane];
    }
    for (int half = 8; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane += 1) lanes[lane] += lanes[lane + half];
    }
    out[cell] = lanes[0];
  }
}

}  // namespace

const PdqKernels pdq_scalar = {"scalar", weigh_rows, blend_rows<Lanes>, dots,
                               scratch_floats<Lanes>, reference_grid<Lanes>,
                               unfiltered_grid<Lanes>, transform<Lanes>, gradient};

}  // namespace hindra
