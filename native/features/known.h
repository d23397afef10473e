#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "features/features.h"
#include "features/texture-code.h"

namespace hindra {

/**
 * What is kept of a known picture, little-endian: version (1), flat (1), sides of the plane (2 + 2),
 * count of features (2), texture and brightness of the code (1352; texture alone, 1296, in version 1), then 36 bytes a
 * feature, the most telling first: descriptor (32), and x (11 bits), y (11), level (3) and angle (7) in 4 bytes. Then the
 * colours of the code (184), where they are kept: they stand last, to be stored beside what servers of before read.
 */
struct Known {
  bool flat = false;
  int width = 0;
  int height = 0;
  bool has_brightness = true;
  bool has_colours = true;
  uint8_t code[kTextureCodeBytes] = {};
  std::vector<Feature> features;

  CodeKept kept() const { return {code, has_brightness, has_colours}; }
};

constexpr size_t kKnownHeaderBytes = 8;
constexpr size_t kFeatureBytes = kDescriptorBytes + 4;

/** Fewer features than this say nothing of a picture. */
constexpr int kFeaturesMin = 20;

Known describe_known(const Pixels &pixels, int side, int most);

std::vector<uint8_t> packed(const Known &known);

/** Throws std::invalid_argument where the bytes are not those of `packed`. */
Known unpacked(const uint8_t *bytes, size_t count);

void pack_feature(const Feature &feature, uint8_t *to);
Feature unpack_feature(const uint8_t *from);

}  // namespace hindra
