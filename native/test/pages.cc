// A picture on a page: what is written beside it is known to be missing where the picture alone is shown, and its features
// are counted apart. Arguments: seed and iterations.

#include <cstdio>
#include <cstdlib>

#include "features/verify.h"
#include "kernels/choose.h"

#include "check.h"
#include "scenes.h"

using namespace hindra;

namespace {

/** The picture at the top of white paper, and below it so many columns of black marks, one in two at random. */
Plane page(std::mt19937 &random, const Plane &picture, int columns) {
  constexpr int side = 8;
  Plane plane(picture.width, picture.height * 2);
  std::fill(plane.data.begin(), plane.data.end(), uint8_t(255));
  std::copy(picture.data.begin(), picture.data.end(), plane.data.begin());
  for (int row = picture.height + side; row + side < plane.height; row += side) {
    for (int column = 1; column <= columns; column += 1) {
      if (random() % 2 == 0) continue;
      for (int y = row; y < row + side; y += 1) std::fill_n(plane.row(y) + column * side, side, uint8_t(0));
    }
  }
  return plane;
}

Evidence looked(const Known &known, const Plane &seen) {
  Verifier verifier(describe_seen(pixels_of(seen), 512, 800, {false, false}), *kernels().hamming);
  return verifier.verify(known, 6).flat;
}

void what_is_written_beside_it_is_missed(std::mt19937 &random) {
  const Plane picture = scene(random, 512, 300);
  const Plane plane = page(random, picture, 50);
  const Known known = describe_known(pixels_of(plane), 512, 360);
  const Evidence alone = looked(known, picture);
  CHECK(alone.inliers >= 6 && alone.agreement.agreeing * 10 >= alone.agreement.compared * 9);
  CHECK(alone.writing_beside > 0.2 && alone.written.inliers * 10 <= alone.inliers);
  const Evidence whole = looked(known, plane);
  CHECK(whole.writing_beside < 0.02 && whole.writing > 0.3);
  CHECK(whole.written.inliers * 10 >= 6 * whole.written.known && whole.written.inliers <= whole.inliers);
  CHECK(whole.written.known > 0 && whole.written.known <= whole.known_features);
  // Of another page with the picture the features of the picture agree, and few of what is written.
  const Evidence other = looked(known, page(random, picture, 50));
  CHECK(other.written.inliers * 2 < other.written.known);
  CHECK(looked(describe_known(pixels_of(picture), 512, 360), picture).writing_beside == 0);
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  for (int i = 0; i < iterations; i += 1) what_is_written_beside_it_is_missed(random);
  std::printf("pages: ok\n");
}
