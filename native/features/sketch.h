#pragma once

#include <array>
#include <cstdint>

namespace hindra {

constexpr int kSketchTables = 2;
constexpr int kSketchKeyBits = 20;

/** 100 bits of a descriptor, as one table sees them: 20 to file it under and the 80 others. */
struct Sketch {
  uint32_t key;
  uint16_t narrow;
  uint64_t wide;
};

using Sketches = std::array<Sketch, kSketchTables>;

/** For each table. Bits of a steered descriptor lean to one side and repeat each other; these tell the most. */
Sketches sketches_of(const uint8_t *descriptor);

}  // namespace hindra
