#include "kernels/plane.h"

namespace hindra {
namespace {

/** What every processor of a kind has: 16 on x86-64 and on ARM. */
constexpr int kBytes = 16;

}  // namespace
}  // namespace hindra

#include "kernels/plane-loops.h"

namespace hindra {
namespace {

void scale_row(const uint8_t *row, const ScaledColumns &to, int16_t *out) {
  scale_columns(row, to, 0, to.columns.size(), out);
}

}  // namespace

const PlaneKernels plane_scalar = {"scalar",     luma,      add_row,   scale_row,   between_rows,
                                   blur_along,   blur_down, contrasts, outstanding, harris};

}  // namespace hindra
