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

#include "kernels/plane-lanes.h"
#include "kernels/plane-x86.h"

namespace hindra {

const PlaneKernels plane_avx2 = {"avx2",     luma,      add_row,   scale_row,   between_rows,
                                 blur_along, blur_down, contrasts, outstanding, harris,
                                 compare_in_turn};

}  // namespace hindra

END_COMPILED_FOR
