#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "jpeg/declined.h"
#include "jpeg/segments.h"

namespace hindra::jpeg {

/** Luma of a JPEG at an eighth of its sides; what is left over at the right and lower edge is dropped. */
struct DcRaster {
  uint32_t full_width;
  uint32_t full_height;
  /** A byte a pixel, row by row: full_width / 8 of them, full_height / 8 rows. */
  std::vector<uint8_t> levels;
};

/**
 * Reads the first coefficient of each block of luma and nothing else: 8-bit JPEG in Huffman coding (baseline, extended,
 * progressive), grey or luma and chroma. Level by level what libjpeg-turbo gives as grey at 1/8. What `README.md` lists
 * is declined. Takes at most two bytes a block, and those of the largest scan once more.
 */
std::variant<DcRaster, Reason> read_dc(const uint8_t *file, size_t size, const Limits &limits);

}  // namespace hindra::jpeg
