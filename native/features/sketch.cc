#include "features/sketch.h"

namespace hindra {
namespace {

/**
 * Chosen one after the other by how evenly a bit falls, how little it follows those before it and how
 * seldom it flips in a copy, over 25,664 features of photographs and 30,265 pairs.
 */
constexpr uint8_t kTelling[kSketchKeyBits + kSketchFurtherBits] = {
    197, 170, 28, 186, 43, 115, 96, 87, 164, 202, 3, 168, 78, 91, 190, 34, 207, 134, 133, 12, 50,
    236, 150, 156, 203, 83, 230, 252, 71, 228, 139, 135, 239, 30, 110, 238, 160, 200, 114, 152, 234,
    38, 23, 216, 233, 241, 98, 58, 36, 254, 147, 174, 198, 108, 11, 81, 1, 46, 182, 16, 171, 149,
    237, 227, 76, 14, 35, 45};

uint64_t gathered(const uint8_t *descriptor, int from, int count) {
  uint64_t bits = 0;
  for (int i = from; i < from + count; i += 1) {
    const int bit = kTelling[i];
    bits = bits << 1 | (descriptor[bit / 8] >> bit % 8 & 1);
  }
  return bits;
}

}  // namespace

Sketch sketch_of(const uint8_t *descriptor) {
  return {uint32_t(gathered(descriptor, 0, kSketchKeyBits)),
          gathered(descriptor, kSketchKeyBits, kSketchFurtherBits)};
}

int descriptor_bit(int key_bit) { return kTelling[kSketchKeyBits - 1 - key_bit]; }

}  // namespace hindra
