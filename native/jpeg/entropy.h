#pragma once

#include <cstdint>
#include <vector>

#include "jpeg/file.h"
#include "jpeg/headers.h"

namespace hindra::jpeg {

/** The first coefficient of each block of luma, those included that only fill the last units of a scan. */
class Blocks {
 public:
  explicit Blocks(const Frame &frame);

  int16_t *row(uint32_t y) { return values_.data() + size_t(y) * stride_; }
  const int16_t *row(uint32_t y) const { return values_.data() + size_t(y) * stride_; }
  /** Those of a scan of luma alone. */
  uint32_t across() const { return across_; }
  uint32_t down() const { return down_; }
  /** Units of a scan of several components: each has as many blocks of luma as it has samples to one of chroma. */
  uint32_t units_across() const { return units_across_; }
  uint32_t units_down() const { return units_down_; }

 private:
  uint32_t across_, down_, units_across_, units_down_;
  size_t stride_;
  std::vector<int16_t> values_;
};

/**
 * Reads the scan, which has luma and its first coefficients, from `at` on, and returns where the marker behind it is.
 * Its tables are there. Throws `damaged` and `cut_off`.
 */
size_t read_first_coefficients(const File &file, size_t at, const Frame &frame, const Scan &scan,
                               const Tables &tables, Blocks &blocks);

}  // namespace hindra::jpeg
