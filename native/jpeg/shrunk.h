#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <variant>

#include "jpeg/declined.h"
#include "jpeg/segments.h"
#include "kernels/jpeg.h"

namespace hindra::jpeg {

struct Sides {
  uint32_t width;
  uint32_t height;
};

/** Gives room for so many bytes. */
using Room = std::function<uint8_t *(size_t)>;

/**
 * Decodes a baseline or extended JPEG of 8 bits to means of squares of its pixels, `factor` (2, 4 or 8) a side: level by
 * level what libjpeg-turbo gives. Red, green and blue of each, row by row, are put where there is room for them, without
 * what is left over at the right and lower edge; the sides of the whole are returned. What `README.md` lists is declined.
 * Takes 3 bytes for each of them, and those of the largest scan once more.
 */
std::variant<Sides, Reason> read_shrunk(const uint8_t *file, size_t size, const Limits &limits, uint32_t factor,
                                        const JpegKernels &kernels, const Room &room);

}  // namespace hindra::jpeg
