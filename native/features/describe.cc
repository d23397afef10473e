#include "features/describe.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "features/sketch.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr int kPairs = PatchPairs::kPairs;
constexpr int kSide = kPatchRows;
/** A patch is copied to rows of this length, so that offsets do not depend on the picture. */
constexpr int kStride = kPatchRow;

/** By row of a patch: all ones where a pixel lies in the disc that gives the angle. */
struct Disc {
  int16_t rows[kSide][kStride];

  Disc() {
    for (int y = 0; y < kSide; y += 1) {
      for (int x = 0; x < kStride; x += 1) {
        const int dx = x - kPatchRadius, dy = y - kPatchRadius;
        const bool is_in = dx * dx + dy * dy <= kPatchRadius * kPatchRadius;
        rows[y][x] = is_in ? int16_t(-1) : int16_t(0);
      }
    }
  }
};

const Disc &disc() {
  static const Disc drawn;
  return drawn;
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

/** For each angle where the two points of each pair are in a patch, and where they are in a mirrored one. */
struct Pattern {
  PatchPairs plain[kAngles];
  PatchPairs mirrored[kAngles];

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
          plain[angle].places[pair][end] = int16_t(y * kStride + x);
          mirrored[angle].places[pair][end] = int16_t(y * kStride + kSide - 1 - x);
        }
      }
    }
    for (int angle = 0; angle < kAngles; angle += 1) {
      plain[angle].arrange();
      mirrored[angle].arrange();
    }
  }
};

const Pattern &pattern() {
  static const Pattern drawn;
  return drawn;
}

/** The bits of the key whose two pixels are the most alike: what is done to a copy turns those first. */
template <typename PixelAt>
void name_unsure(const PatchPairs &pairs, PixelAt pixel_at, uint8_t *unsure) {
  int least[kUnsureBits];
  int count = 0;
  for (int bit = 0; bit < kSketchKeyBits; bit += 1) {
    const int16_t *pair = pairs.places[descriptor_bit(bit)];
    const int apart = std::abs(int(pixel_at(pair[0])) - int(pixel_at(pair[1]))) * 32 + bit;
    if (count == kUnsureBits && apart > least[count - 1]) continue;
    if (count < kUnsureBits) count += 1;
    int at = count - 1;
    for (; at > 0 && least[at - 1] > apart; at -= 1) least[at] = least[at - 1];
    least[at] = apart;
  }
  for (int i = 0; i < kUnsureBits; i += 1) unsure[i] = uint8_t(least[i] % 32);
}

}  // namespace

void PatchPairs::arrange() {
  for (int group = 0; group < kPairs / kTogether; group += 1) {
    for (int end = 0; end < 2; end += 1) {
      Ends &of = ends[group][end];
      of = {};
      for (int pair = 0; pair < kTogether; pair += 1) {
        const int place = places[group * kTogether + pair][end];
        of.pieces[place >> kPieceBits] |= uint64_t{1} << pair;
        of.within[pair] = uint8_t(place & ((1 << kPieceBits) - 1));
      }
    }
  }
}

int angle_of(const Plane &plane, int x, int y) {
  const Disc &in = disc();
  // Of each column what lies in it, and the same times the row: 120 times 255 at most, either way.
  int16_t sums[kStride] = {}, weighed[kStride] = {};
  for (int row = 0; row < kSide; row += 1) {
    const int16_t dy = int16_t(row - kPatchRadius);
    const uint8_t *from = plane.row(y + dy) + x - kPatchRadius;
    for (int at = 0; at < kStride; at += 1) {
      const int16_t level = int16_t(from[at] & in.rows[row][at]);
      sums[at] = int16_t(sums[at] + level);
      weighed[at] = int16_t(weighed[at] + dy * level);
    }
  }
  int across = 0, down = 0;
  for (int at = 0; at < kStride; at += 1) {
    across += (at - kPatchRadius) * sums[at];
    down += weighed[at];
  }
  const double turn = std::atan2(double(down), double(across)) / (2 * kPi);
  return (int(std::lround(turn * kAngles)) + kAngles) % kAngles;
}

void describe(const Plane &blurred, int x, int y, int angle, const DescribedVariants &to) {
  uint8_t patch[kPatchRoom] = {};
  for (int dy = 0; dy < kSide; dy += 1) {
    // One more than the patch has, which lies in the row: a feature is not at its edge.
    std::memcpy(patch + dy * kStride, blurred.row(y + dy - kPatchRadius) + x - kPatchRadius, kStride);
  }
  const PlaneKernels &kernel = *kernels().plane;
  const auto write = [&](const PatchPairs &pairs, const Described &plain, const Described &inverted) {
    kernel.compare(patch, pairs, plain.descriptor, inverted.descriptor);
    name_unsure(pairs, [&](int place) { return patch[place]; }, plain.unsure);
    if (inverted.unsure == nullptr) return;
    name_unsure(pairs, [&](int place) { return patch[kPatchAcross - place]; }, inverted.unsure);
  };
  const Pattern &of = pattern();
  write(of.plain[angle], to.plain, to.inverted);
  if (to.mirrored.descriptor == nullptr) return;
  write(of.mirrored[mirrored_angle(angle)], to.mirrored, to.mirrored_inverted);
}

}  // namespace hindra
