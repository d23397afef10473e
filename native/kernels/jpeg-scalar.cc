#include "kernels/jpeg.h"

namespace hindra {
namespace {

/** What every processor of a kind has: 4 on x86-64 and on ARM. */
constexpr int kLanes = 4;

}  // namespace
}  // namespace hindra

#include "kernels/jpeg-loops.h"

namespace hindra {

const JpegKernels jpeg_scalar = {"scalar", {transform<1>, transform<2>, transform<4>, transform<8>}, rgb};

}  // namespace hindra
