#include "kernels/instructions.h"
#include "kernels/jpeg.h"

#include <cstring>

BEGIN_COMPILED_FOR(AVX2_INSTRUCTIONS)

namespace hindra {
namespace {

constexpr int kLanes = 8;

}  // namespace
}  // namespace hindra

#include "kernels/jpeg-loops.h"

namespace hindra {

const JpegKernels jpeg_avx2 = {"avx2", {transform<1>, transform<2>, transform<4>, transform<8>}, rgb};

}  // namespace hindra

END_COMPILED_FOR
