#include "features/corners.h"

#include <algorithm>
#include <cstring>

namespace hindra {
namespace {

constexpr int kHarrisRadius = 3;
constexpr float kHarrisK = 0.04f;

/** Offsets of the circle of 16 pixels, clockwise from above. */
constexpr int kCircle[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},   {3, 1},
                                {2, 2},  {1, 3},  {0, 3},  {-1, 3}, {-2, 2},  {-3, 1},
                                {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};

/** Whether 9 of the 16 in a row are set. */
bool has_arc(uint32_t circle) {
  uint32_t run = circle | circle << 16;
  const uint32_t all = run;
  run &= run >> 1;
  run &= run >> 2;
  run &= run >> 4;
  return (run & (all >> 8)) != 0;
}

/** Sixteen pixels at once: GCC and Clang make vector code of it for every processor. */
typedef uint8_t Sixteen __attribute__((vector_size(16)));

Sixteen load(const uint8_t *from) {
  Sixteen pixels;
  std::memcpy(&pixels, from, sizeof pixels);
  return pixels;
}

/**
 * Marks what could be a corner: an arc of 9 holds two neighbours of the four that lie straight across.
 * Writes up to 15 bytes beyond the last pixel.
 */
void mark_candidates(const Plane &plane, int y, int edge, int threshold, uint8_t *marks) {
  const uint8_t *here = plane.row(y);
  const uint8_t *above = plane.row(y - 3);
  const uint8_t *below = plane.row(y + 3);
  const Sixteen step = Sixteen{} + uint8_t(threshold);
  int x = edge;
  for (; x + 16 <= plane.width - 3; x += 16) {
    const Sixteen level = load(here + x);
    Sixteen bright = level + step, dark = level - step;
    bright |= (Sixteen)(bright < level);
    dark &= (Sixteen)(dark <= level);
    const Sixteen n = load(above + x), e = load(here + x + 3), s = load(below + x),
                  w = load(here + x - 3);
    const auto up = ((n > bright) | (s > bright)) & ((e > bright) | (w > bright));
    const auto down = ((n < dark) | (s < dark)) & ((e < dark) | (w < dark));
    const Sixteen both = (Sixteen)(up | down);
    std::memcpy(marks + x, &both, sizeof both);
  }
  for (; x < plane.width - edge; x += 1) {
    const int bright = here[x] + threshold, dark = here[x] - threshold;
    const int n = above[x], e = here[x + 3], s = below[x], w = here[x - 3];
    const int up = ((n > bright) | (s > bright)) & ((e > bright) | (w > bright));
    const int down = ((n < dark) | (s < dark)) & ((e < dark) | (w < dark));
    marks[x] = uint8_t(up | down);
  }
}

/** How far the circle stands out, over all of its pixels; 0 where the pixel is no corner. */
int contrast(const uint8_t *at, const int *circle, int threshold) {
  const int level = *at;
  uint32_t brighter = 0, darker = 0;
  int sum = 0;
  for (int i = 0; i < 16; i += 1) {
    const int difference = at[circle[i]] - level;
    brighter |= uint32_t(difference > threshold) << i;
    darker |= uint32_t(difference < -threshold) << i;
    sum += difference < 0 ? -difference : difference;
  }
  return has_arc(brighter) || has_arc(darker) ? sum : 0;
}

float harris(const uint8_t *at, int stride) {
  int xx = 0, yy = 0, xy = 0;
  for (int y = -kHarrisRadius; y <= kHarrisRadius; y += 1) {
    const uint8_t *row = at + y * stride;
    for (int x = -kHarrisRadius; x <= kHarrisRadius; x += 1) {
      const int dx = row[x + 1] - row[x - 1];
      const int dy = row[x + stride] - row[x - stride];
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const float trace = float(xx) + float(yy);
  return float(xx) * float(yy) - float(xy) * float(xy) - kHarrisK * trace * trace;
}

}  // namespace

std::vector<Corner> find_corners(const Plane &plane, int threshold, int edge) {
  const int width = plane.width;
  const int height = plane.height;
  const int margin = std::max(edge, kHarrisRadius + 1);
  std::vector<Corner> kept;
  if (width <= 2 * margin || height <= 2 * margin) return kept;

  int circle[16];
  for (int i = 0; i < 16; i += 1) circle[i] = kCircle[i][1] * width + kCircle[i][0];
  std::vector<uint8_t> marks(size_t(width) + 16);
  std::vector<uint16_t> contrasts(size_t(width) * height);
  std::vector<Corner> found;
  for (int y = margin; y < height - margin; y += 1) {
    mark_candidates(plane, y, margin, threshold, marks.data());
    const uint8_t *row = plane.row(y);
    for (int x = margin; x < width - margin; x += 1) {
      uint64_t eight;
      std::memcpy(&eight, marks.data() + x, 8);
      if (eight == 0) {
        x += 7;
        continue;
      }
      if (marks[x] == 0) continue;
      const int sum = contrast(row + x, circle, threshold);
      if (sum == 0) continue;
      contrasts[size_t(y) * width + x] = uint16_t(sum);
      found.push_back({int16_t(x), int16_t(y), 0});
    }
  }
  for (Corner &corner : found) {
    const uint16_t *at = contrasts.data() + size_t(corner.y) * width + corner.x;
    // Of equals the first stays.
    const auto before = std::max({at[-width - 1], at[-width], at[-width + 1], at[-1]});
    const auto after = std::max({at[1], at[width - 1], at[width], at[width + 1]});
    if (*at <= before || *at < after) continue;
    corner.response = harris(plane.row(corner.y) + corner.x, width);
    if (corner.response > 0) kept.push_back(corner);
  }
  return kept;
}

}  // namespace hindra
