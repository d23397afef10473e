#include <arm_neon.h>

#include "kernels/plane.h"

namespace hindra {
namespace {

constexpr int kBytes = 16;

}  // namespace
}  // namespace hindra

#include "kernels/plane-lanes.h"

namespace hindra {
namespace {

inline bool is_any(const Levels &lanes) { return vmaxvq_u8((uint8x16_t)lanes) != 0; }

inline uint32_t set_lanes(const Sums &lanes) {
  constexpr uint16_t kBits[] = {1 << 0, 1 << 2, 1 << 4, 1 << 6, 1 << 8, 1 << 10, 1 << 12, 1 << 14};
  return vaddvq_u16(vandq_u16((uint16x8_t)lanes, vld1q_u16(kBits)));
}

inline Sums32 pair_products(const Shorts &a, const Shorts &b) {
  const int16x8_t one = (int16x8_t)a, other = (int16x8_t)b;
  return (Sums32)vmlal_high_s16(vmull_s16(vget_low_s16(one), vget_low_s16(other)), one, other);
}

}  // namespace
}  // namespace hindra

#include "kernels/plane-loops.h"

namespace hindra {
namespace {

/** Eight at once: each takes its two samples out of sixteen. */
void scale_row(const uint8_t *row, const ScaledColumns &to, int16_t *out) {
  for (size_t i = 0; i < to.eights.size(); i += 1) {
    const ScaledColumns::Eight &eight = to.eights[i];
    if (eight.from < 0) {
      const size_t end = 8 * i + 8;
      scale_columns(row, to, 8 * i, end < to.columns.size() ? end : to.columns.size(), out);
      continue;
    }
    const uint8x16_t pairs = vqtbl1q_u8(vld1q_u8(row + eight.from), vld1q_u8(eight.places));
    const uint8x16_t weights = vld1q_u8(eight.weights);
    const uint16x8_t low = vmull_u8(vget_low_u8(pairs), vget_low_u8(weights));
    const uint16x8_t high = vmull_high_u8(pairs, weights);
    vst1q_s16(out + 8 * i, vreinterpretq_s16_u16(vpaddq_u16(low, high)));
  }
}

}  // namespace

const PlaneKernels plane_neon = {"neon",     luma,      add_row,   scale_row,   between_rows,
                                 blur_along, blur_down, contrasts, outstanding, harris,
                                 compare_in_turn};

}  // namespace hindra
