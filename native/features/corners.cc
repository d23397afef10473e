#include "features/corners.h"

#include <algorithm>
#include <cstring>

namespace hindra {
namespace {

/** Pixels that are looked at together, and how far they may reach beyond those that are asked for. */
constexpr int kLanes = 16;
constexpr int kEdgeMin = kLanes + 3;
constexpr int kHarrisRadius = 3;
constexpr float kHarrisK = 0.04f;

/** Offsets of the circle of 16 pixels, clockwise from above. */
constexpr int kCircle[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},   {3, 1},
                                {2, 2},  {1, 3},  {0, 3},  {-1, 3}, {-2, 2},  {-3, 1},
                                {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};

/** Sixteen pixels at once: GCC and Clang make vector code of it for every processor. */
typedef uint8_t Sixteen __attribute__((vector_size(kLanes)));
typedef int16_t Eight __attribute__((vector_size(kLanes)));
typedef uint64_t Two __attribute__((vector_size(kLanes)));

Sixteen load(const uint8_t *from) {
  Sixteen pixels;
  std::memcpy(&pixels, from, sizeof pixels);
  return pixels;
}

Eight load(const int16_t *from) {
  Eight values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

/** The bytes at even places, and those at odd ones. */
Eight even(const Sixteen &bytes) { return (Eight)bytes & 0xff; }
Eight odd(const Sixteen &bytes) { return ((Eight)bytes >> 8) & 0xff; }

template <typename Lanes>
bool any(const Lanes &lanes) {
  const Two halves = (Two)lanes;
  return (halves[0] | halves[1]) != 0;
}

template <typename Lanes>
Lanes larger(const Lanes &a, const Lanes &b) {
  return a > b ? a : b;
}

template <typename Lanes>
Lanes smaller(const Lanes &a, const Lanes &b) {
  return a < b ? a : b;
}

/** In which lanes 9 of the 16 in a row are set; each is all ones or zeros. */
Sixteen has_arc(const Sixteen *circle) {
  Sixteen two[8], four[8];
  for (int i = 0; i < 8; i += 1) two[i] = circle[2 * i] & circle[2 * i + 1];
  for (int i = 0; i < 8; i += 1) four[i] = two[i] & two[(i + 1) % 8];
  Sixteen found{};
  for (int i = 0; i < 8; i += 1) {
    // Eight from an even one on, and the neighbour at either end.
    const Sixteen eight = four[i] & four[(i + 2) % 8];
    found |= eight & (circle[(2 * i + 15) % 16] | circle[(2 * i + 8) % 16]);
  }
  return found;
}

/** Writes how far the circle of each of 16 pixels stands out in all; 0 where the pixel is no corner. */
void contrasts_of(const uint8_t *at, const int *circle, int threshold, int16_t *contrasts) {
  const Sixteen step = Sixteen{} + uint8_t(threshold);
  const Sixteen level = load(at);
  const Sixteen brightest = Sixteen{} + uint8_t(255) - step;
  const Sixteen bright = smaller(level, brightest) + step, dark = larger(level, step) - step;
  // An arc of 9 holds two neighbours of the four that lie straight across.
  const Sixteen n = load(at + circle[0]), e = load(at + circle[4]), s = load(at + circle[8]),
                w = load(at + circle[12]);
  const Sixteen up = larger(n, s), right = larger(e, w), down = smaller(n, s), left = smaller(e, w);
  if (!any((Sixteen)((smaller(up, right) > bright) | (larger(down, left) < dark)))) return;

  Sixteen brighter[16], darker[16];
  for (int i = 0; i < 16; i += 1) {
    const Sixteen pixel = load(at + circle[i]);
    brighter[i] = (Sixteen)(pixel > bright);
    darker[i] = (Sixteen)(pixel < dark);
  }
  const Sixteen corners = has_arc(brighter) | has_arc(darker);
  if (!any(corners)) return;
  Eight evens{}, odds{};
  for (int i = 0; i < 16; i += 1) {
    const Sixteen pixel = load(at + circle[i]);
    const Sixteen difference = larger(pixel, level) - smaller(pixel, level);
    evens += even(difference);
    odds += odd(difference);
  }
  for (int lane = 0; lane < kLanes; lane += 1) {
    const int16_t sum = lane % 2 == 0 ? evens[lane / 2] : odds[lane / 2];
    contrasts[lane] = corners[lane] == 0 ? int16_t(0) : sum;
  }
}

/** Which of eight contrasts stand out of the eight around them; of equals the first does. */
Eight outstanding(const int16_t *above, const int16_t *here, const int16_t *below) {
  const Eight level = load(here);
  const Eight before = larger(larger(load(above - 1), load(above)),
                              larger(load(above + 1), load(here - 1)));
  const Eight after = larger(larger(load(here + 1), load(below - 1)),
                             larger(load(below), load(below + 1)));
  return (Eight)(level > before) & (Eight)(level >= after);
}

float harris(const uint8_t *at, int stride) {
  // Rows of eight, of which the last is not looked at, for the sake of vectors.
  constexpr int side = 2 * kHarrisRadius + 1, row_length = side + 1;
  int16_t across[side * row_length], down[side * row_length];
  for (int y = 0; y < side; y += 1) {
    const uint8_t *row = at + (y - kHarrisRadius) * stride - kHarrisRadius;
    for (int x = 0; x < row_length; x += 1) {
      across[y * row_length + x] = int16_t(row[x + 1] - row[x - 1]);
      down[y * row_length + x] = int16_t(row[x + stride] - row[x - stride]);
    }
    across[y * row_length + side] = down[y * row_length + side] = 0;
  }
  int xx = 0, yy = 0, xy = 0;
  for (int i = 0; i < side * row_length; i += 1) {
    xx += across[i] * across[i];
    yy += down[i] * down[i];
    xy += across[i] * down[i];
  }
  const float trace = float(xx) + float(yy);
  return float(xx) * float(yy) - float(xy) * float(xy) - kHarrisK * trace * trace;
}

}  // namespace

std::vector<Corner> find_corners(const Plane &plane, int threshold, int edge) {
  const int width = plane.width;
  const int height = plane.height;
  const int margin = std::max(edge, kEdgeMin);
  std::vector<Corner> kept;
  if (width <= 2 * margin || height <= 2 * margin) return kept;

  int circle[16];
  for (int i = 0; i < 16; i += 1) circle[i] = kCircle[i][1] * width + kCircle[i][0];
  // Contrasts of the row that is looked at, with those of the rows around it.
  std::vector<int16_t> contrasts(3 * size_t(width));
  int16_t *above = contrasts.data(), *here = above + width, *below = here + width;
  const int right = width - margin, bottom = height - margin;
  for (int y = margin - 1; y < bottom; y += 1) {
    std::fill(below, below + width, int16_t(0));
    if (y + 1 < bottom) {
      for (int x = margin; x < right; x += kLanes) {
        contrasts_of(plane.row(y + 1) + x, circle, threshold, below + x);
      }
      std::fill(below + right, below + width, int16_t(0));
    }
    for (int x = margin; x < right; x += kLanes / 2) {
      const Eight found = outstanding(above + x, here + x, below + x);
      if (!any(found)) continue;
      for (int lane = 0; lane < kLanes / 2; lane += 1) {
        if (found[lane] == 0) continue;
        const float response = harris(plane.row(y) + x + lane, width);
        if (response > 0) kept.push_back({int16_t(x + lane), int16_t(y), response});
      }
    }
    std::swap(above, here);
    std::swap(here, below);
  }
  return kept;
}

}  // namespace hindra
