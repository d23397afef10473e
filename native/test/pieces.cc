// Pieces of a picture that agree: the rectangle that brings most, against every one of them, and what is there of a
// picture that was cut into strips; what another one shares with it is none. Arguments: seed and iterations.

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "features/verify.h"
#include "kernels/choose.h"

#include "check.h"
#include "scenes.h"

using namespace hindra;

namespace {

int drawn(std::mt19937 &random, int low, int high) {
  return low + int(random() % uint32_t(high - low + 1));
}

int worth(const CellState *cells, const CellBox &box) {
  int sum = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (!box.holds(cell % kCellsASide, cell / kCellsASide) || cells[cell] == CellState::untold) continue;
    sum += cells[cell] == CellState::agrees ? 1 : -4;
  }
  return sum;
}

void the_best_rectangle_is_found(std::mt19937 &random) {
  CellState cells[kTextureCells];
  for (CellState &cell : cells) cell = CellState(drawn(random, 0, 3));
  // A part of it agrees, more or less; in every third picture none does.
  const int x = drawn(random, 0, 12), y = drawn(random, 0, 12), side = drawn(random, 3, 11);
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const CellBox part{x, y, x + side, y + side};
    const bool is_in = part.holds(cell % kCellsASide, cell / kCellsASide);
    if (is_in && random() % 12 != 0) cells[cell] = CellState::agrees;
  }
  const CellBox within{drawn(random, 0, 4), drawn(random, 0, 4), drawn(random, 15, 24), drawn(random, 15, 24)};
  int most = 0;
  for (int left = within.left; left < within.right; left += 1) {
    for (int right = left + 1; right <= within.right; right += 1) {
      for (int top = within.top; top < within.bottom; top += 1) {
        for (int bottom = top + 1; bottom <= within.bottom; bottom += 1) {
          most = std::max(most, worth(cells, {left, top, right, bottom}));
        }
      }
    }
  }
  const auto found = agreeing_part(cells, within);
  CHECK(found.has_value() == (most >= 24));
  if (found) CHECK(worth(cells, *found) == most);
}

/** Overlapping squares: in every strip corners enough. */
Plane squares(std::mt19937 &random, int width, int height) {
  Plane plane(width, height);
  for (int shape = 0; shape < 400; shape += 1) {
    const int left = drawn(random, -20, width), top = drawn(random, -20, height);
    const int side = drawn(random, 6, 40), level = drawn(random, 0, 220);
    for (int y = std::max(0, top); y < std::min(height, top + side); y += 1) {
      for (int x = std::max(0, left); x < std::min(width, left + side); x += 1) {
        plane.row(y)[x] = uint8_t(level + drawn(random, 0, 20));
      }
    }
  }
  return plane;
}

/** The rows of the picture in strips, the last one first. */
Plane in_strips(const Plane &plane, int count) {
  Plane cut(plane.width, plane.height);
  const int step = plane.height / count;
  for (int y = 0; y < step * count; y += 1) {
    const int from = (count - 1 - y / step) * step + y % step;
    std::copy_n(plane.row(from), plane.width, cut.row(y));
  }
  return cut;
}

Verified looked(const Plane &known, const Plane &seen) {
  Verifier verifier(describe_seen(pixels_of(seen), 512, 800, {false, false}), *kernels().hamming);
  return verifier.verify(describe_known(pixels_of(known), 512, 360), 6);
}

void strips_are_found(std::mt19937 &random) {
  constexpr int pictures = 8;
  int found = 0;
  for (int picture = 0; picture < pictures; picture += 1) {
    const Plane plane = squares(random, 512, 384);
    CHECK(looked(plane, plane).pieces.empty());
    const int count = drawn(random, 4, 6);
    const Verified verified = looked(plane, in_strips(plane, count));
    found += !verified.pieces.empty();
    int before = INT_MAX;
    for (const Evidence &piece : verified.pieces) {
      // One strip, or what of it is not at its edges.
      CHECK(piece.visible.bottom - piece.visible.top <= kCellsASide / count + 2);
      CHECK(piece.agreement.agreeing >= 0.8 * piece.agreement.compared);
      CHECK(piece.inliers >= 6 && piece.inliers <= before);
      CHECK(piece.inliers <= std::min(piece.known_features, piece.seen_features));
      before = piece.inliers;
    }
    CHECK(verified.pieces.size() != 1);
  }
  CHECK(4 * found >= 3 * pictures);
}

void what_two_pictures_share_is_no_piece(std::mt19937 &random) {
  const Plane plane = squares(random, 512, 384);
  Plane other = squares(random, 512, 384);
  CHECK(looked(plane, other).pieces.empty());
  // A ground: the same at the top, where it is in both.
  std::copy_n(plane.row(0), plane.width * 128, other.row(0));
  CHECK(looked(plane, other).flat.inliers >= 6 && looked(plane, other).pieces.empty());
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  for (int i = 0; i < iterations; i += 1) {
    for (int trial = 0; trial < 30; trial += 1) the_best_rectangle_is_found(random);
    strips_are_found(random);
    what_two_pictures_share_is_no_piece(random);
  }
  std::printf("pieces: ok\n");
}
