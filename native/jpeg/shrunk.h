#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "jpeg/declined.h"
#include "jpeg/segments.h"
#include "kernels/jpeg.h"

namespace hindra::jpeg {

/** A JPEG at 1/2, 1/4 or 1/8 of its sides, as `shrink` says; what is left over at the right and lower edge is dropped. */
struct ShrunkRaster {
  uint32_t full_width;
  uint32_t full_height;
  /** Red, green and blue of each pixel, row by row. */
  std::vector<uint8_t> pixels;
};

/**
 * Decodes a baseline or extended JPEG of 8 bits to means of squares of its pixels, 2, 4 or 8 a side: level by level what
 * libjpeg-turbo gives. What `README.md` lists is declined. Takes 6 bytes for each of them, and those of the largest scan
 * once more.
 */
std::variant<ShrunkRaster, Reason> read_shrunk(const uint8_t *file, size_t size, const Limits &limits,
                                               uint32_t factor, const JpegKernels &kernels);

}  // namespace hindra::jpeg
