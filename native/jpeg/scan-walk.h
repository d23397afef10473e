#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "jpeg/bits.h"
#include "jpeg/declined.h"
#include "jpeg/extent.h"
#include "jpeg/file.h"
#include "jpeg/headers.h"

namespace hindra::jpeg {

/**
 * Goes through the blocks of a scan from `at` on, and returns where the marker behind it is. `blocks` is told of each
 * restart by `restart()`, and reads each block by `read(bits, part, column, row)`, the part being its component's place
 * in the scan: before it, bits are refilled, and known to be there. Throws `damaged` and `cut_off`.
 */
template <typename Blocks>
size_t walk_scan(const File &file, size_t at, const Frame &frame, const Scan &scan, uint32_t restart_interval,
                 Blocks &blocks) {
  struct Part {
    uint32_t across, down;
  };
  std::array<Part, kComponentsMax> parts{};
  const Extent first(frame, scan.components[0].place);
  const bool is_alone = scan.component_count == 1;
  const uint32_t units_across = is_alone ? first.across : first.units_across;
  const uint32_t units_down = is_alone ? first.down : first.units_down;
  for (size_t part = 0; part < scan.component_count; part += 1) {
    const Extent extent(frame, scan.components[part].place);
    parts[part] = is_alone ? Part{1, 1} : Part{extent.unit_across, extent.unit_down};
  }
  const uint64_t units = uint64_t(units_across) * units_down;
  const uint64_t interval = restart_interval == 0 ? units : restart_interval;
  // Of one restart interval; what is written is never more than what is read.
  const std::unique_ptr<uint8_t[]> data(new uint8_t[file.size() - at + Bits::kPadding]);
  uint8_t restart = marker::kRestartFirst;
  uint32_t x = 0, y = 0;
  for (uint64_t unit = 0; unit < units;) {
    if (unit > 0) {
      require(file.marker_at(at) == restart, Reason::damaged);
      restart = restart == marker::kRestartLast ? marker::kRestartFirst : uint8_t(restart + 1);
    }
    const size_t count = file.unstuffed(at, data.get());
    std::fill_n(data.get() + count, Bits::kPadding, uint8_t(0));
    Bits bits(data.get(), count);
    blocks.restart();
    for (const uint64_t end = std::min(units, unit + interval); unit < end; unit += 1) {
      for (size_t part = 0; part < scan.component_count; part += 1) {
        const auto [across, down] = parts[part];
        for (uint32_t row = y * down; row < (y + 1) * down; row += 1) {
          for (uint32_t column = x * across; column < (x + 1) * across; column += 1) {
            require(!bits.is_over(), Reason::damaged);
            bits.refill();
            blocks.read(bits, part, column, row);
          }
        }
      }
      x += 1;
      if (x < units_across) continue;
      x = 0;
      y += 1;
    }
    require(bits.is_at_end(), Reason::damaged);
  }
  return at;
}

}  // namespace hindra::jpeg
