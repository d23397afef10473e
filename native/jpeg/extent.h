#pragma once

#include <cstddef>
#include <cstdint>

#include "jpeg/headers.h"

namespace hindra::jpeg {

/** How many blocks a component has. */
struct Extent {
  Extent(const Frame &frame, size_t place);

  /** In a unit of a scan of several components: as many as the component has samples to one of the others. */
  uint32_t unit_across, unit_down;
  /** Units of such a scan. */
  uint32_t units_across, units_down;
  /** In a scan of it alone: as many as it takes to cover the picture. */
  uint32_t across, down;

  /** Those included that only fill the last units. */
  uint32_t width() const { return units_across * unit_across; }
  uint32_t height() const { return units_down * unit_down; }
};

}  // namespace hindra::jpeg
