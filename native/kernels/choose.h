#pragma once

#include <string>

#include "kernels/hamming.h"
#include "kernels/jpeg.h"
#include "kernels/pdq.h"
#include "kernels/plane.h"

namespace hindra {

/** The fastest code for one kind of processor. Each part names what it is compiled for itself. */
struct KernelSet {
  /** What HINDRA_KERNEL calls it: scalar, avx2, avx512 or neon. */
  const char *name;
  const HammingKernels *hamming;
  const PdqKernels *pdq;
  const PlaneKernels *plane;
  const JpegKernels *jpeg;
};

/**
 * The set in use. Chosen once, at the first call: the best one that the processor and the operating
 * system support, or the one that HINDRA_KERNEL names. Throws std::runtime_error, which names what
 * can be had here, where that is none of them.
 */
const KernelSet &kernels();

/** Every set that runs here, scalar first: what differential tests go through. */
const KernelSet *supported_kernels(int *count);

}  // namespace hindra
