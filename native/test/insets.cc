// Pictures that are shown small on paint: each is found where it lies, none where there is none, and no plane is
// too small or too odd.
// Arguments: seed and iterations.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "features/insets.h"
#include "features/repeats.h"

#include "check.h"

using namespace hindra;

namespace {

constexpr size_t kMost = 64;
/** How far an edge may be off, in pixels. */
constexpr int kOff = 8;

int drawn(std::mt19937 &random, int low, int high) {
  return low + int(random() % uint32_t(high - low + 1));
}

/** Patches of many levels: something is to be seen everywhere. */
void show(std::mt19937 &random, Plane &plane, const Inset &box, int patch = 3) {
  for (int top = box.top; top < box.bottom; top += patch) {
    for (int left = box.left; left < box.right; left += patch) {
      const int level = drawn(random, 20, 235);
      for (int y = top; y < std::min(top + patch, box.bottom); y += 1) {
        for (int x = left; x < std::min(left + patch, box.right); x += 1) {
          plane.row(y)[x] = uint8_t(level + drawn(random, -6, 6));
        }
      }
    }
  }
}

Plane painted(std::mt19937 &random, int width, int height) {
  Plane plane(width, height);
  const int level = drawn(random, 0, 253);
  // As compression leaves it.
  for (uint8_t &pixel : plane.data) pixel = uint8_t(level + drawn(random, 0, 2));
  return plane;
}

bool is_near(const Inset &a, const Inset &b) {
  return std::abs(a.left - b.left) <= kOff && std::abs(a.top - b.top) <= kOff &&
         std::abs(a.right - b.right) <= kOff && std::abs(a.bottom - b.bottom) <= kOff;
}

void check_found(std::mt19937 &random) {
  const int width = drawn(random, 240, 512), height = drawn(random, 240, 512);
  Plane plane = painted(random, width, height);
  CHECK(find_insets(plane, kMost).empty());
  const int wide = drawn(random, 40, width / 2), high = drawn(random, 40, height / 2);
  const int left = drawn(random, 8, width - wide - 8), top = drawn(random, 8, height - high - 8);
  const Inset shown{left, top, left + wide, top + high};
  show(random, plane, shown);
  const std::vector<Inset> found = find_insets(plane, kMost);
  CHECK(found.size() == 1 && is_near(found[0], shown));
  CHECK(find_insets(plane, 0).empty());
  show(random, plane, {0, 0, width, height});
  CHECK(find_insets(plane, kMost).empty());
}

void check_sheet(std::mt19937 &random) {
  const int rows = drawn(random, 2, 5), columns = drawn(random, 2, 5), gap = drawn(random, 2, 9);
  const int wide = drawn(random, 44, 80), high = drawn(random, 44, 80);
  Plane plane = painted(random, gap + columns * (wide + gap), gap + rows * (high + gap));
  std::vector<Inset> cells;
  for (int row = 0; row < rows; row += 1) {
    for (int column = 0; column < columns; column += 1) {
      const int left = gap + column * (wide + gap), top = gap + row * (high + gap);
      cells.push_back({left, top, left + wide, top + high});
      show(random, plane, cells.back());
    }
  }
  const std::vector<Inset> found = find_insets(plane, kMost);
  CHECK(found.size() == cells.size());
  for (const Inset &cell : cells) {
    CHECK(std::any_of(found.begin(), found.end(),
                      [&](const Inset &one) { return is_near(one, cell); }));
  }
}

/** A screenshot in a frame on paint: what it shows small is found behind the frame. */
void check_frames(std::mt19937 &random) {
  Plane plane = painted(random, drawn(random, 300, 512), drawn(random, 300, 512));
  Inset box{0, 0, plane.width, plane.height};
  for (int frame = drawn(random, 1, 3); frame > 0; frame -= 1) {
    const int edge = drawn(random, 10, 20);
    box = {box.left + edge, box.top + edge, box.right - edge, box.bottom - edge};
    const int level = plane.row(box.top - 2)[box.left - 2] + drawn(random, 60, 190);
    for (int y = box.top; y < box.bottom; y += 1) {
      // Round corners, so that no painted line goes through between the frame and what is outside of it.
      const int corner = std::max(0, 6 - std::min(y - box.top, box.bottom - 1 - y));
      for (int x = box.left + corner; x < box.right - corner; x += 1) plane.row(y)[x] = uint8_t(level);
    }
  }
  const int wide = drawn(random, 44, 90), high = drawn(random, 44, 90);
  const int left = box.left + drawn(random, 16, box.right - box.left - wide - 16);
  const int top = box.top + drawn(random, 16, box.bottom - box.top - high - 16);
  const Inset shown{left, top, left + wide, top + high};
  show(random, plane, shown);
  const std::vector<Inset> found = find_insets(plane, kMost);
  CHECK(std::any_of(found.begin(), found.end(),
                    [&](const Inset &one) { return is_near(one, shown); }));
}

/** One picture over and over: the first is found; a picture that repeats in one direction alone is none of those. */
void check_repeated(std::mt19937 &random) {
  const int wide = drawn(random, 40, 90), high = drawn(random, 40, 90);
  const int columns = drawn(random, 2, 6), rows = drawn(random, 2, 6);
  Plane tile(wide, high);
  show(random, tile, {0, 0, wide, high}, 14);
  Plane plane(wide * columns, high * rows);
  for (int y = 0; y < plane.height; y += 1) {
    for (int x = 0; x < plane.width; x += 1) plane.row(y)[x] = tile.row(y % high)[x % wide];
  }
  const auto found = find_repeated(plane);
  CHECK(found.has_value() == (columns * rows >= 6));
  if (found) CHECK(is_near(*found, {0, 0, wide, high}));
  show(random, plane, {0, 0, plane.width, plane.height}, 14);
  CHECK(!find_repeated(plane));
}

/** Whatever there is to be seen: none reaches beyond the plane, and no more are found than asked for. */
void check_any(std::mt19937 &random) {
  Plane plane(drawn(random, 1, 200), drawn(random, 1, 200));
  const int kind = drawn(random, 0, 3);
  for (int y = 0; y < plane.height; y += 1) {
    for (int x = 0; x < plane.width; x += 1) {
      const int noise = drawn(random, 0, 255);
      const int levels[] = {noise, (x / 7 + y / 5) % 2 * 255, x * 255 / plane.width, noise & 8};
      plane.row(y)[x] = uint8_t(levels[kind]);
    }
  }
  for (int boxes = drawn(random, 0, 4); boxes > 0; boxes -= 1) {
    const int left = drawn(random, 0, plane.width - 1), top = drawn(random, 0, plane.height - 1);
    const int right = drawn(random, left, plane.width - 1), bottom = drawn(random, top, plane.height - 1);
    for (int y = top; y < bottom; y += 1) std::fill(plane.row(y) + left, plane.row(y) + right, uint8_t(128));
  }
  const std::vector<Inset> found = find_insets(plane, 3);
  CHECK(found.size() <= 3);
  for (const auto &[left, top, right, bottom] : found) {
    CHECK(0 <= left && left < right && right <= plane.width);
    CHECK(0 <= top && top < bottom && bottom <= plane.height);
  }
}

}  // namespace

int main(int argc, char **argv) {
  const uint32_t seed = argc > 1 ? uint32_t(std::atoi(argv[1])) : 1;
  const int iterations = 20 * (argc > 2 ? std::atoi(argv[2]) : 1);
  std::mt19937 random(seed);
  for (int iteration = 0; iteration < iterations; iteration += 1) {
    check_found(random);
    check_sheet(random);
    check_frames(random);
    check_repeated(random);
    check_any(random);
  }
  std::printf("insets: %d iterations\n", iterations);
}
