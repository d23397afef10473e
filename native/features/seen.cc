#include "features/seen.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "features/known.h"
#include "features/sketch.h"

namespace hindra {
namespace {

constexpr uint8_t kVersion = 3;
/** That of servers which are not upgraded yet, and ask those that are. */
constexpr uint8_t kVersionOfBefore = 2;
constexpr size_t kHeaderBytes = 8;
constexpr size_t kCountBytes = 4;

int half_of(int side) { return std::max(1, side / 2); }


}  // namespace

Seen describe_seen(const Pixels &pixels, int side, int most, Variants variants) {
  Seen seen;
  seen.plane = scaled_luma(pixels, side);
  seen.colours = sampled_colours(pixels, half_of(seen.plane.width), half_of(seen.plane.height));
  seen.variants = variants;
  seen.extraction = extract_features(seen.plane, most, variants);
  return seen;
}

Seen describe_smaller(const Seen &seen, int side, int most) {
  const double scale = std::min(1.0, double(side) / std::max(seen.plane.width, seen.plane.height));
  const int width = std::max(1, int(std::lround(seen.plane.width * scale)));
  const int height = std::max(1, int(std::lround(seen.plane.height * scale)));
  Seen smaller;
  smaller.plane = seen.plane;
  while (smaller.plane.width >= 2 * width && smaller.plane.height >= 2 * height) {
    smaller.plane = halved(smaller.plane);
  }
  smaller.plane = resized(smaller.plane, width, height);
  smaller.colours = Colours(half_of(width), half_of(height));
  const auto &[wide, high, from] = seen.colours;
  for (int y = 0; y < smaller.colours.height; y += 1) {
    for (int x = 0; x < smaller.colours.width; x += 1) {
      const uint8_t *colour = seen.colours.at(x * wide / smaller.colours.width, y * high / smaller.colours.height);
      std::copy_n(colour, 3, &smaller.colours.data[(size_t(y) * smaller.colours.width + x) * 3]);
    }
  }
  smaller.variants = {seen.variants.mirrored, false};
  smaller.extraction = extract_features(smaller.plane, most, smaller.variants);
  return smaller;
}

std::vector<uint8_t> packed(const Seen &seen) {
  const auto &[features, mirrored, inverted, both, unsure] = seen.extraction;
  std::vector<uint8_t> bytes(kHeaderBytes + features.size() * kFeatureBytes);
  bytes[0] = kVersion;
  bytes[1] = uint8_t((seen.variants.mirrored ? 1 : 0) | (seen.variants.inverted ? 2 : 0));
  const int numbers[3] = {seen.plane.width, seen.plane.height, int(features.size())};
  for (int i = 0; i < 3; i += 1) {
    bytes[2 + 2 * i] = uint8_t(numbers[i]);
    bytes[3 + 2 * i] = uint8_t(numbers[i] >> 8);
  }
  uint8_t *to = bytes.data() + kHeaderBytes;
  for (const Feature &feature : features) {
    pack_feature(feature, to);
    to += kFeatureBytes;
  }
  for (const auto *part : {&mirrored, &inverted, &both, &seen.plane.data, &seen.colours.data}) {
    bytes.insert(bytes.end(), part->begin(), part->end());
  }
  bytes.insert(bytes.end(), unsure.begin(), unsure.end());
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(uint8_t(unsure.size() >> shift));
  return bytes;
}

Seen unpacked_features(const uint8_t *bytes, size_t count, const uint8_t **pixels) {
  const bool is_whole = count > 0 && bytes[0] == kVersion;
  if (count < kHeaderBytes || (!is_whole && bytes[0] != kVersionOfBefore) || bytes[1] > 3) {
    throw std::invalid_argument("the features are of another version or cut off");
  }
  Seen seen;
  seen.variants = {(bytes[1] & 1) != 0, (bytes[1] & 2) != 0};
  const auto number = [&](size_t at) { return size_t(bytes[at] | bytes[at + 1] << 8); };
  const size_t width = number(2), height = number(4), features = number(6);
  const size_t descriptors = features * kDescriptorBytes;
  const size_t further = further_variants(seen.variants);
  const size_t picture = width * height + size_t(half_of(int(width))) * size_t(half_of(int(height))) * 3;
  const size_t unsure = is_whole ? (1 + further) * features * kUnsureBits : 0;
  const size_t expected = kHeaderBytes + features * kFeatureBytes + further * descriptors + picture +
                          (is_whole ? unsure + kCountBytes : 0);
  if (width == 0 || height == 0 || count != expected) {
    throw std::invalid_argument("the features are not as many as they say");
  }
  const uint8_t *at = bytes + kHeaderBytes;
  auto &[all, mirrored, inverted, both, its_unsure] = seen.extraction;
  all.reserve(features);
  for (size_t i = 0; i < features; i += 1, at += kFeatureBytes) all.push_back(unpack_feature(at));
  const auto take = [&](bool has, std::vector<uint8_t> &to) {
    if (!has) return;
    to.assign(at, at + descriptors);
    at += descriptors;
  };
  take(seen.variants.mirrored, mirrored);
  take(seen.variants.inverted, inverted);
  take(seen.variants.mirrored && seen.variants.inverted, both);
  its_unsure.assign(at + picture, at + picture + unsure);
  if (std::any_of(its_unsure.begin(), its_unsure.end(), [](uint8_t bit) { return bit >= kSketchKeyBits; })) {
    throw std::invalid_argument("a key has no such bit");
  }
  seen.plane.width = int(width);
  seen.plane.height = int(height);
  if (pixels != nullptr) *pixels = at;
  return seen;
}

Seen unpacked_seen(const uint8_t *bytes, size_t count) {
  const uint8_t *pixels;
  Seen seen = unpacked_features(bytes, count, &pixels);
  const uint8_t *colours = pixels + size_t(seen.plane.width) * size_t(seen.plane.height);
  seen.plane.data.assign(pixels, colours);
  seen.colours = Colours(half_of(seen.plane.width), half_of(seen.plane.height));
  std::copy_n(colours, seen.colours.data.size(), seen.colours.data.begin());
  return seen;
}

}  // namespace hindra
