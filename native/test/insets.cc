// Pictures that are shown small on paint: each is found where it lies, none where there is none, and no plane is
// too small or too odd.
// Arguments: seed and iterations.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "features/insets.h"

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
void show(std::mt19937 &random, Plane &plane, const Inset &box) {
  for (int top = box.top; top < box.bottom; top += 3) {
    for (int left = box.left; left < box.right; left += 3) {
      const int level = drawn(random, 20, 235);
      for (int y = top; y < std::min(top + 3, box.bottom); y += 1) {
        for (int x = left; x < std::min(left + 3, box.right); x += 1) {
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
    check_any(random);
  }
  std::printf("insets: %d iterations\n", iterations);
}
