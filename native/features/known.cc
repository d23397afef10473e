#include "features/known.h"

#include <cstring>
#include <stdexcept>

#include "features/chroma.h"

namespace hindra {
namespace {

constexpr uint8_t kVersion = 2;
/** Its code told texture alone. */
constexpr uint8_t kVersionOfTexture = 1;
constexpr size_t kCodeBytes = kColoursAt;

void put16(uint8_t *to, int value) {
  to[0] = uint8_t(value);
  to[1] = uint8_t(value >> 8);
}

int get16(const uint8_t *from) { return from[0] | from[1] << 8; }

}  // namespace

Known describe_known(const Pixels &pixels, int side, int most) {
  const Plane plane = scaled_luma(pixels, side);
  Known known;
  known.width = plane.width;
  known.height = plane.height;
  known.features = extract_features(plane, most, {}).features;
  known.flat = known.features.size() < size_t(kFeaturesMin);
  texture_code(plane, known.code);
  keep_chroma(pixels, known.code);
  return known;
}

void pack_feature(const Feature &feature, uint8_t *to) {
  std::memcpy(to, feature.descriptor, kDescriptorBytes);
  const uint32_t place = uint32_t(feature.x) | uint32_t(feature.y) << 11 |
                         uint32_t(feature.level) << 22 | uint32_t(feature.angle) << 25;
  for (int byte = 0; byte < 4; byte += 1) to[kDescriptorBytes + byte] = uint8_t(place >> 8 * byte);
}

Feature unpack_feature(const uint8_t *from) {
  Feature feature;
  std::memcpy(feature.descriptor, from, kDescriptorBytes);
  uint32_t place = 0;
  for (int byte = 0; byte < 4; byte += 1) {
    place |= uint32_t(from[kDescriptorBytes + byte]) << 8 * byte;
  }
  feature.x = uint16_t(place & 2047);
  feature.y = uint16_t(place >> 11 & 2047);
  feature.level = uint8_t(place >> 22 & 7);
  feature.angle = uint8_t(place >> 25);
  return feature;
}

std::vector<uint8_t> packed(const Known &known) {
  const size_t colours = known.has_colours ? kColoursBytes : 0;
  std::vector<uint8_t> bytes(kKnownHeaderBytes + kCodeBytes + known.features.size() * kFeatureBytes + colours);
  bytes[0] = kVersion;
  bytes[1] = known.flat;
  put16(&bytes[2], known.width);
  put16(&bytes[4], known.height);
  put16(&bytes[6], int(known.features.size()));
  uint8_t *to = bytes.data() + kKnownHeaderBytes;
  std::memcpy(to, known.code, kCodeBytes);
  to += kCodeBytes;
  for (const Feature &feature : known.features) {
    pack_feature(feature, to);
    to += kFeatureBytes;
  }
  std::memcpy(to, known.code + kCodeBytes, colours);
  return bytes;
}

Known unpacked(const uint8_t *bytes, size_t count) {
  const bool has_brightness = count > 0 && bytes[0] == kVersion;
  const size_t code = has_brightness ? kCodeBytes : kTextureBytes;
  const size_t least = kKnownHeaderBytes + code;
  if (count < least || (!has_brightness && bytes[0] != kVersionOfTexture)) {
    throw std::invalid_argument("the features are of another version or cut off");
  }
  Known known;
  known.has_brightness = has_brightness;
  known.flat = bytes[1] != 0;
  known.width = get16(bytes + 2);
  known.height = get16(bytes + 4);
  const size_t features = size_t(get16(bytes + 6));
  const size_t without_colours = least + features * kFeatureBytes;
  known.has_colours = has_brightness && count == without_colours + kColoursBytes;
  if (known.width == 0 || known.height == 0 || (count != without_colours && !known.has_colours)) {
    throw std::invalid_argument("the features are not as many as they say");
  }
  std::memcpy(known.code, bytes + kKnownHeaderBytes, code);
  if (known.has_colours) std::memcpy(known.code + kCodeBytes, bytes + without_colours, kColoursBytes);
  known.features.reserve(features);
  for (size_t i = 0; i < features; i += 1) {
    known.features.push_back(unpack_feature(bytes + least + i * kFeatureBytes));
  }
  return known;
}

}  // namespace hindra
