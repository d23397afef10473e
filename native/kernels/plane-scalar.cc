#include "kernels/plane.h"

namespace hindra {
namespace {

/** What every processor of a kind has: 16 on x86-64 and on ARM. */
constexpr int kBytes = 16;

}  // namespace
}  // namespace hindra

#include "kernels/plane-lanes.h"

namespace hindra {
namespace {

inline bool is_any(const Levels &lanes) {
  const Words words = (Words)lanes;
  return (words[0] | words[1]) != 0;
}

inline uint32_t set_lanes(const Sums &lanes) {
  uint32_t bits = 0;
  for (int lane = 0; lane < kShorts; lane += 1) bits |= uint32_t(lanes[lane] & 1) << 2 * lane;
  return bits;
}

inline Sums32 pair_products(const Shorts &a, const Shorts &b) {
  typedef int32_t Products __attribute__((vector_size(32)));
  const Products products = __builtin_convertvector(a, Products) * __builtin_convertvector(b, Products);
  Sums32 sums[2];
  std::memcpy(sums, &products, sizeof sums);
  return sums[0] + sums[1];
}

}  // namespace
}  // namespace hindra

#include "kernels/plane-loops.h"

namespace hindra {
namespace {

void scale_row(const uint8_t *row, const ScaledColumns &to, int16_t *out) {
  scale_columns(row, to, 0, to.columns.size(), out);
}

}  // namespace

const PlaneKernels plane_scalar = {"scalar",   luma,      add_row,   scale_row,   between_rows,
                                   blur_along, blur_down, contrasts, outstanding, harris,
                                   compare_in_turn};

}  // namespace hindra
