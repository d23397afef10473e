#include "features/describe.h"

#include <array>
#include <cmath>

namespace hindra {
namespace {

constexpr int kPairs = 256;
constexpr int kSide = 2 * kPatchRadius + 1;
/** A patch is copied to rows of this length, so that offsets do not depend on the picture. */
constexpr int kStride = 32;

/** Half the width of the disc at each row from its middle. */
const std::array<int, kPatchRadius + 1> &disc() {
  static const auto widths = [] {
    std::array<int, kPatchRadius + 1> all{};
    for (int y = 0; y <= kPatchRadius; y += 1) {
      all[y] = int(std::floor(std::sqrt(double(kPatchRadius * kPatchRadius - y * y))));
    }
    return all;
  }();
  return widths;
}

/** Small and the same everywhere (xorshift32): a pattern is part of the format. */
class Draws {
 public:
  double next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return double(state_) / 4294967296.0;
  }
  /** Of deviation 1, from twelve uniform ones. */
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; i += 1) sum += next();
    return sum;
  }

 private:
  uint32_t state_ = 0x51ed270b;
};

struct Point {
  double x;
  double y;
};

Point draw_point(Draws &draws) {
  constexpr double deviation = kSide / 5.0;
  constexpr double reach = kPatchRadius - 1;
  for (;;) {
    const Point point{draws.normal() * deviation, draws.normal() * deviation};
    if (point.x * point.x + point.y * point.y <= reach * reach) return point;
  }
}

/** For each angle the offsets of the two points of each pair. */
struct Pattern {
  int16_t offsets[kAngles][kPairs][2];

  Pattern() {
    Draws draws;
    for (int pair = 0; pair < kPairs; pair += 1) {
      const Point ends[2] = {draw_point(draws), draw_point(draws)};
      for (int angle = 0; angle < kAngles; angle += 1) {
        const double turn = radians(angle);
        const double c = std::cos(turn), s = std::sin(turn);
        for (int end = 0; end < 2; end += 1) {
          const int x = int(std::lround(c * ends[end].x - s * ends[end].y)) + kPatchRadius;
          const int y = int(std::lround(s * ends[end].x + c * ends[end].y)) + kPatchRadius;
          offsets[angle][pair][end] = int16_t(y * kStride + x);
        }
      }
    }
  }
};

const Pattern &pattern() {
  static const Pattern drawn;
  return drawn;
}

}  // namespace

int angle_of(const Plane &plane, int x, int y) {
  const auto &widths = disc();
  int across = 0, down = 0;
  for (int dy = -kPatchRadius; dy <= kPatchRadius; dy += 1) {
    const uint8_t *row = plane.row(y + dy) + x;
    const int width = widths[dy < 0 ? -dy : dy];
    int sum = 0;
    for (int dx = -width; dx <= width; dx += 1) {
      sum += row[dx];
      across += dx * row[dx];
    }
    down += dy * sum;
  }
  const double turn = std::atan2(double(down), double(across)) / (2 * kPi);
  return (int(std::lround(turn * kAngles)) + kAngles) % kAngles;
}

void describe(const Plane &blurred, int x, int y, int angle, bool mirrored, uint8_t *descriptor) {
  uint8_t patch[kSide * kStride];
  for (int dy = 0; dy < kSide; dy += 1) {
    const uint8_t *from = blurred.row(y + dy - kPatchRadius) + x - kPatchRadius;
    uint8_t *to = patch + dy * kStride;
    if (mirrored) {
      for (int dx = 0; dx < kSide; dx += 1) to[dx] = from[kSide - 1 - dx];
    } else {
      for (int dx = 0; dx < kSide; dx += 1) to[dx] = from[dx];
    }
  }
  const auto &pairs = pattern().offsets[angle];
  for (int byte = 0; byte < kDescriptorBytes; byte += 1) {
    int bits = 0;
    for (int bit = 0; bit < 8; bit += 1) {
      const int16_t *pair = pairs[byte * 8 + bit];
      bits |= int(patch[pair[0]] < patch[pair[1]]) << bit;
    }
    descriptor[byte] = uint8_t(bits);
  }
}

}  // namespace hindra
