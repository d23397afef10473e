// Local features against what must hold whatever they are: a turned, mirrored, negative, cut or enlarged
// copy is found where it lies, other pictures are not, damaged bytes are refused, no size is too small.
// Corners and areas are those of plain code that looks at one pixel after the other.
// Arguments: seed and iterations.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <stdexcept>

#include "features/corners.h"
#include "features/shared-ground.h"
#include "kernels/choose.h"

#include "check.h"
#include "scenes.h"

using namespace hindra;

namespace {

template <typename At>
Plane made(int width, int height, At at) {
  Plane plane(width, height);
  for (int y = 0; y < height; y += 1) {
    for (int x = 0; x < width; x += 1) plane.row(y)[x] = at(x, y);
  }
  return plane;
}

Evidence look(const Plane &known, const Plane &seen, const HammingKernels &kernels, bool inverted) {
  const Known kept = describe_known(pixels_of(known), 512, 360);
  const auto bytes = packed(kept);
  CHECK(bytes.size() <= 15000);
  const Known read = unpacked(bytes.data(), bytes.size());
  CHECK(read.features.size() == kept.features.size());
  const auto seen_bytes = packed(describe_seen(pixels_of(seen), 512, 800, {true, inverted}));
  Verifier verifier(unpacked_seen(seen_bytes.data(), seen_bytes.size()), kernels);
  return verifier.verify(read, 8).flat;
}

bool is_near(const Evidence &evidence, Affine expected) {
  const Affine &map = evidence.map;
  for (double u : {0.1, 0.9}) {
    for (double v : {0.1, 0.9}) {
      double x, y, wanted_x, wanted_y;
      map.apply(u, v, x, y);
      expected.apply(u, v, wanted_x, wanted_y);
      if (std::abs(x - wanted_x) > 0.03 || std::abs(y - wanted_y) > 0.03) return false;
    }
  }
  return true;
}

bool agrees(const Evidence &evidence) {
  const Agreement &found = evidence.agreement;
  return evidence.inliers >= 10 && found.compared >= 24 &&
         found.agreeing >= 0.8 * (found.compared + found.contradicting);
}

void copies_are_found(std::mt19937 &random, const HammingKernels &kernels) {
  const int width = 420, height = 300;
  const Plane plane = scene(random, width, height);
  const auto at = [&](int x, int y) { return plane.row(y)[x]; };

  const Evidence same = look(plane, plane, kernels, false);
  CHECK(agrees(same) && is_near(same, {1, 0, 0, 0, 1, 0}) && !same.mirrored);
  CHECK(same.agreement.agreeing == same.agreement.compared);

  const Plane turned = made(height, width, [&](int x, int y) { return at(y, height - 1 - x); });
  const Evidence quarter = look(plane, turned, kernels, false);
  CHECK(agrees(quarter) && is_near(quarter, {0, -1, 1, 1, 0, 0}));

  const Plane flipped = made(width, height, [&](int x, int y) { return at(width - 1 - x, y); });
  const Evidence mirrored = look(plane, flipped, kernels, false);
  CHECK(agrees(mirrored) && mirrored.mirrored && is_near(mirrored, {-1, 0, 1, 0, 1, 0}));

  const Plane dark = made(width, height, [&](int x, int y) { return uint8_t(255 - at(x, y)); });
  const Evidence negative = look(plane, dark, kernels, true);
  CHECK(agrees(negative) && negative.inverted);
  CHECK(!agrees(look(plane, dark, kernels, false)));

  const Plane cut = made(280, 200, [&](int x, int y) { return at(x + 100, y + 60); });
  const Evidence part = look(plane, cut, kernels, false);
  CHECK(agrees(part));
  CHECK(is_near(part, {420.0 / 280, 0, -100.0 / 280, 0, 300.0 / 200, -60.0 / 200}));

  const Plane other = scene(random, width, height);
  CHECK(!agrees(look(plane, other, kernels, true)));

  // A tile of a collage shows 320 of its 420 columns, and 210 of its 300 rows.
  const Plane beside = made(64, 42, [&](int, int) { return uint8_t(random()); });
  const Plane collage = made(640, 420, [&](int x, int y) {
    return x < 320 && y < 210 ? at(x + 50, y + 60) : beside.row(y / 10)[x / 10];
  });
  const Evidence tile = look(plane, collage, kernels, false);
  CHECK(tile.inliers >= 10 && tile.known_features > 0 && tile.seen_features > 0);
}

void strips_along_sides_are_cut_off() {
  const auto cells_with = [](auto &&differs) {
    Comparison comparison;
    for (int cell = 0; cell < kTextureCells; cell += 1) {
      const bool other = differs(cell % kCellsASide, cell / kCellsASide);
      comparison.cells[cell] = other ? CellState::differs : CellState::agrees;
      comparison.differs_clearly[cell] = other;
    }
    return comparison;
  };
  const Comparison left = cells_with([](int x, int) { return x < 5; });
  CHECK(visible_part(left).left == 5 && visible_part(left).right == kCellsASide);
  CHECK(counted(left.cells, visible_part(left)).agreeing == 19 * kCellsASide);
  const Comparison corner = cells_with([](int x, int y) { return x < 3 || y >= 20; });
  CHECK(visible_part(corner).left == 3 && visible_part(corner).bottom == 20);
  // What stands before a shared background does not reach along a side.
  const Comparison thing = cells_with([](int x, int y) { return x < 5 && y > 9; });
  CHECK(visible_part(thing).left == 0);
  // More than a quarter is never cut off, and what cannot be told is no reason to.
  const Comparison half = cells_with([](int x, int) { return x < 12; });
  CHECK(visible_part(half).left == 6);
  const Comparison untold;
  CHECK(visible_part(untold).left == 0 && visible_part(untold).bottom == kCellsASide);
}

/** The plane in grey, and a square of it filled by `paint`, which gives each place in it a colour. */
template <typename Paint>
std::vector<uint8_t> painted(const Plane &plane, int left, int top, int side, Paint paint) {
  std::vector<uint8_t> data(size_t(plane.width) * size_t(plane.height) * 3);
  for (int y = 0; y < plane.height; y += 1) {
    for (int x = 0; x < plane.width; x += 1) {
      uint8_t *to = &data[(size_t(y) * size_t(plane.width) + size_t(x)) * 3];
      std::fill(to, to + 3, plane.row(y)[x]);
      if (x >= left && x < left + side && y >= top && y < top + side) paint(x - left, y - top, to);
    }
  }
  return data;
}

void another_thing_in_one_place_is_told_from_paint(std::mt19937 &random,
                                                   const HammingKernels &kernels) {
  const Plane plane = scene(random, 640, 480);
  const Known known = describe_known(pixels_of(plane), 512, 360);
  constexpr int side = 180, left = 220, top = 150;
  const auto look_at = [&](auto &&paint) {
    const std::vector<uint8_t> data = painted(plane, left, top, side, paint);
    const Pixels pixels{data.data(), uint32_t(plane.width), uint32_t(plane.height), 3,
                        size_t(plane.width) * 3};
    Verifier verifier(describe_seen(pixels, 512, 800, {true, false}), kernels);
    return verifier.verify(known, 8).flat;
  };
  CHECK(look_at([](int, int, uint8_t *) {}).differing.largest == 0);
  // A shaded thing has no texture, and is no paint.
  const Evidence other = look_at([](int x, int y, uint8_t *to) {
    to[0] = uint8_t(215 + x * 40 / side);
    to[1] = uint8_t(195 + y * 50 / side);
    to[2] = uint8_t(185 + (x + y) * 30 / side);
  });
  CHECK(other.differing.largest > 0.03 && other.differing.drawn.none());
  CHECK(other.differing.box.left >= 6 && other.differing.box.right <= 17);
  // A sticker of three paints over the same place.
  const Evidence stuck = look_at([](int x, int y, uint8_t *to) {
    const uint8_t paints[3][3] = {{20, 200, 40}, {230, 20, 20}, {30, 30, 220}};
    std::copy_n(paints[x < 60 ? 0 : y < 60 ? 1 : 2], 3, to);
  });
  CHECK(stuck.differing.drawn.any() && stuck.differing.largest < 0.03);
  CHECK(stuck.undrawn.compared < stuck.agreement.compared);
  CHECK(stuck.undrawn.agreeing * 10 >= stuck.undrawn.compared * 9);
}

void letters_are_told_from_another_thing(std::mt19937 &random, const HammingKernels &kernels) {
  const Plane strong = scene(random, 640, 480);
  const Plane plane = made(640, 480, [&](int x, int y) { return uint8_t(80 + strong.row(y)[x] / 4); });
  const Known known = describe_known(pixels_of(plane), 512, 360);
  constexpr int side = 150;
  const auto look_at = [&](auto &&between) {
    const std::vector<uint8_t> data = painted(plane, 220, 150, side, [&](int x, int y, uint8_t *to) {
      const bool is_ink = x % 30 < 10 && y % 50 < 40;
      if (is_ink) std::fill(to, to + 3, uint8_t(255));
      else between(x, y, to);
    });
    const Pixels pixels{data.data(), uint32_t(plane.width), uint32_t(plane.height), 3, size_t(plane.width) * 3};
    Verifier verifier(describe_seen(pixels, 512, 800, {true, false}), kernels);
    return verifier.verify(known, 8).flat.differing;
  };
  // What was there is seen between letters.
  const Differing written = look_at([](int, int, uint8_t *) {});
  CHECK(written.drawn.any() && written.largest < 0.03 && written.fine < 0.014);
  // Another thing is not, whatever is written on it.
  const Differing other = look_at([](int x, int y, uint8_t *to) {
    for (int i = 0; i < 3; i += 1) to[i] = uint8_t(130 + (x + y) * 60 / (2 * side) - 10 * i);
  });
  CHECK(other.drawn.none() && other.largest > 0.03);
}

void light_that_falls_off_is_no_other_thing(std::mt19937 &random, const HammingKernels &kernels) {
  const Plane plane = scene(random, 640, 480);
  const Plane lit = made(plane.width, plane.height, [&](int x, int y) {
    return uint8_t(plane.row(y)[x] * (x + 400) / 1100 + 20);
  });
  const Known known = describe_known(pixels_of(plane), 512, 360);
  Verifier verifier(describe_seen(pixels_of(lit), 512, 800, {true, false}), kernels);
  CHECK(verifier.verify(known, 8).flat.differing.largest < 0.03);
}

/** Sum of the differences to the circle where 9 of its pixels in a row stand out to one side; else 0. */
int plain_contrast(const Plane &plane, int x, int y, int threshold) {
  constexpr int circle[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},   {3, 1},
                                 {2, 2},  {1, 3},  {0, 3},  {-1, 3}, {-2, 2},  {-3, 1},
                                 {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};
  int sum = 0, brighter = 0, darker = 0;
  bool corner = false;
  for (int i = 0; i < 16 + 8; i += 1) {
    const int difference =
        plane.row(y + circle[i % 16][1])[x + circle[i % 16][0]] - plane.row(y)[x];
    brighter = difference > threshold ? brighter + 1 : 0;
    darker = difference < -threshold ? darker + 1 : 0;
    corner = corner || brighter >= 9 || darker >= 9;
    if (i < 16) sum += std::abs(difference);
  }
  return corner ? sum : 0;
}

float plain_harris(const Plane &plane, int x, int y) {
  int xx = 0, yy = 0, xy = 0;
  for (int v = y - 3; v <= y + 3; v += 1) {
    for (int u = x - 3; u <= x + 3; u += 1) {
      const int across = plane.row(v)[u + 1] - plane.row(v)[u - 1];
      const int down = plane.row(v + 1)[u] - plane.row(v - 1)[u];
      xx += across * across;
      yy += down * down;
      xy += across * down;
    }
  }
  const float trace = float(xx) + float(yy);
  return float(xx) * float(yy) - float(xy) * float(xy) - 0.04f * trace * trace;
}

std::vector<Corner> plain_corners(const Plane &plane, int threshold, int edge) {
  std::vector<int> contrasts(plane.data.size());
  const int right = plane.width - edge, bottom = plane.height - edge;
  for (int y = edge; y < bottom; y += 1) {
    for (int x = edge; x < right; x += 1) {
      contrasts[size_t(y) * plane.width + x] = plain_contrast(plane, x, y, threshold);
    }
  }
  std::vector<Corner> corners;
  for (int y = edge; y < bottom; y += 1) {
    for (int x = edge; x < right; x += 1) {
      const auto at = [&](int dx, int dy) {
        return contrasts[size_t(y + dy) * plane.width + x + dx];
      };
      bool stands_out = at(0, 0) > 0;
      for (int place = 0; place < 9; place += 1) {
        const int other = at(place % 3 - 1, place / 3 - 1);
        if (place < 4) stands_out = stands_out && at(0, 0) > other;
        if (place > 4) stands_out = stands_out && at(0, 0) >= other;
      }
      if (!stands_out) continue;
      const float response = plain_harris(plane, x, y);
      if (response > 0) corners.push_back({int16_t(x), int16_t(y), response});
    }
  }
  return corners;
}

void corners_are_those_of_plain_code(std::mt19937 &random) {
  const auto draw = [&](int most) { return int(random() % uint32_t(most)); };
  for (int trial = 0; trial < 12; trial += 1) {
    const int width = 20 + draw(120), height = 20 + draw(80), threshold = draw(60);
    Plane plane = scene(random, width, height);
    // Also noise, and levels from which the threshold leads beyond what a byte holds.
    if (trial % 3 == 0) {
      for (uint8_t &level : plane.data) level = uint8_t(draw(3) == 0 ? draw(256) : 255 * draw(2));
    }
    const auto found = find_corners(plane, threshold, kFeatureEdge);
    const auto expected = plain_corners(plane, threshold, kFeatureEdge);
    CHECK(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); i += 1) {
      CHECK(found[i].x == expected[i].x && found[i].y == expected[i].y);
      CHECK(found[i].response == expected[i].response);
    }
  }
}

void areas_are_those_of_plain_code(std::mt19937 &random) {
  const auto draw = [&](int most) { return int(random() % uint32_t(most)); };
  for (int trial = 0; trial < 12; trial += 1) {
    const int width = 60 + draw(300), height = 1 + draw(300);
    const Plane plane = made(width, height, [&](int, int) { return uint8_t(random()); });
    const Plane small = scaled_luma(pixels_of(plane), 30 + draw(30));
    const double across = double(width) / small.width, down = double(height) / small.height;
    for (int y = 0; y < small.height; y += 1) {
      for (int x = 0; x < small.width; x += 1) {
        double sum = 0;
        for (int v = 0; v < height; v += 1) {
          const double tall = std::min(v + 1.0, (y + 1) * down) - std::max(double(v), y * down);
          for (int u = 0; tall > 0 && u < width; u += 1) {
            const double wide = std::min(u + 1.0, (x + 1) * across) - std::max(double(u), x * across);
            if (wide > 0) sum += wide * tall * plane.row(v)[u];
          }
        }
        CHECK(std::abs(small.row(y)[x] - sum / (across * down)) < 0.51);
      }
    }
  }
}

void ground_is_known_by_several(std::mt19937 &random) {
  // All cells have texture; both agree around the middle, and there they show different things.
  Known first, second;
  std::memset(first.code, 0xff, size_t(kSignBytes + kMaskBytes));
  Evidence one;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const int x = cell % kCellsASide, y = cell / kCellsASide;
    const bool middle = x >= 6 && x < 18 && y >= 6 && y < 18;
    one.cells[cell] = middle ? CellState::differs : CellState::agrees;
    for (int byte = 0; byte < 2; byte += 1) first.code[2 * cell + byte] = uint8_t(random());
  }
  second = first;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (one.cells[cell] == CellState::agrees) continue;
    for (int byte = 0; byte < 2; byte += 1) second.code[2 * cell + byte] = uint8_t(random());
  }
  const CellMask shared = shared_ground({first, one}, {second, one});
  CHECK(shared.count() == size_t(kTextureCells - 12 * 12));
  // A copy of the picture shows the same where neither agrees: what hides both is no other thing.
  CHECK(shared_ground({first, one}, {first, one}).none());
  Evidence other = one;
  other.map.c += 0.1;
  CHECK(shared_ground({first, one}, {second, other}).none());
  other.map = {0, 0, 0, 0, 0, 0};
  CHECK(shared_ground({first, one}, {second, other}).none());
  other = one;
  other.mirrored = true;
  CHECK(shared_ground({first, one}, {second, other}).none());
}

void any_size_will_do(std::mt19937 &random) {
  for (const auto &[width, height] :
       {std::pair(1, 1), {1, 700}, {3, 2}, {40, 39}, {900, 5}, {513, 512}, {2000, 60}}) {
    const Plane plane = made(width, height, [&](int, int) { return uint8_t(random()); });
    const Known known = describe_known(pixels_of(plane), 512, 360);
    for (const Feature &feature : known.features) {
      CHECK(feature.x <= kPlaceSteps && feature.y <= kPlaceSteps && feature.angle < kAngles);
    }
    const Plane plain = made(width, height, [](int, int) { return uint8_t(120); });
    CHECK(describe_known(pixels_of(plain), 512, 360).flat);
  }
}

void damage_is_refused(std::mt19937 &random) {
  const Plane plane = scene(random, 200, 150);
  auto known = packed(describe_known(pixels_of(plane), 512, 100));
  const Seen described = describe_seen(pixels_of(plane), 256, 100, {true, true});
  const Seen smaller = describe_smaller(described, 1 + int(random() % 300), 50);
  CHECK(unpacked_seen(packed(smaller).data(), packed(smaller).size()).plane.width == smaller.plane.width);
  auto seen = packed(described);
  for (int trial = 0; trial < 60; trial += 1) {
    auto bytes = trial % 2 == 0 ? known : seen;
    const size_t at = random() % 8;
    bytes[at] = uint8_t(random());
    if (trial % 3 == 0) bytes.resize(random() % bytes.size());
    try {
      if (trial % 2 == 0) unpacked(bytes.data(), bytes.size());
      else unpacked_seen(bytes.data(), bytes.size());
    } catch (const std::invalid_argument &) {
    }
  }
  // Features may say anything, and are compared all the same.
  for (size_t at = kKnownHeaderBytes; at < known.size(); at += 1) known[at] = uint8_t(random());
  Verifier verifier(unpacked_seen(seen.data(), seen.size()), *kernels().hamming);
  verifier.verify(unpacked(known.data(), known.size()), 1);
  const double wild = 1e5;
  verifier.agree(unpacked(known.data(), known.size()), {wild, -wild, 3, 0, 1e-9, -wild}, true);
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  for (int i = 0; i < iterations; i += 1) {
    int count = 0;
    const KernelSet *sets = supported_kernels(&count);
    for (int set = 0; set < count; set += 1) copies_are_found(random, *sets[set].hamming);
    another_thing_in_one_place_is_told_from_paint(random, *sets[0].hamming);
    letters_are_told_from_another_thing(random, *sets[0].hamming);
    light_that_falls_off_is_no_other_thing(random, *sets[0].hamming);
    ground_is_known_by_several(random);
    strips_along_sides_are_cut_off();
    corners_are_those_of_plain_code(random);
    areas_are_those_of_plain_code(random);
    any_size_will_do(random);
    damage_is_refused(random);
  }
  std::printf("features: ok\n");
}
