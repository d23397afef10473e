#include "kernels/instructions.h"
#include "kernels/jpeg.h"

#include <cstring>

BEGIN_COMPILED_FOR(AVX512_INSTRUCTIONS)

namespace hindra {
namespace {

constexpr int kLanes = 16;

}  // namespace
}  // namespace hindra

#include "kernels/jpeg-loops.h"

namespace hindra {

const JpegKernels jpeg_avx512 = {"avx512", {transform<1>, transform<2>, transform<4>, transform<8>}, rgb};

}  // namespace hindra

END_COMPILED_FOR
