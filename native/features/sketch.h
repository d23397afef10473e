#pragma once

#include <cstdint>

namespace hindra {

constexpr int kSketchKeyBits = 20;
constexpr int kSketchFurtherBits = 48;

/** 68 bits of a descriptor: those to file it under, and others that tell how near two are. */
struct Sketch {
  uint32_t key;
  uint64_t further;
};

/** Bits of a steered descriptor lean to one side and repeat each other; these tell the most. */
Sketch sketch_of(const uint8_t *descriptor);

/** Which bit of the descriptor this one of the key is, 0 the lowest. */
int descriptor_bit(int key_bit);

}  // namespace hindra
