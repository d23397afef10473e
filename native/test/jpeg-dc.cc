// The reader of first coefficients, against files that are written here. Then what is damaged of them is read, for the
// sanitizers. Arguments: seed and iterations.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <variant>

#include "jpeg/dc.h"

#include "check.h"
#include "jpeg-writer.h"

using namespace hindra::jpeg;
using namespace hindra::test;

namespace {

void is_read_as_it_was_written(const Bytes &file, Picture &picture) {
  const auto found = read_dc(file.data(), file.size(), {1, UINT64_MAX});
  CHECK(std::holds_alternative<DcRaster>(found));
  const auto &[width, height, levels] = std::get<DcRaster>(found);
  CHECK(int(width) == picture.width && int(height) == picture.height);
  CHECK(levels.size() == size_t(width / 8) * (height / 8));
  for (int y = 0; y < picture.height / 8; y += 1) {
    for (int x = 0; x < picture.width / 8; x += 1) {
      const int eighths = picture.planes[0].at(x, y) * picture.step + 8 * 128 + 4;
      const int level = std::clamp(eighths < 0 ? 0 : eighths / 8, 0, 255);
      CHECK(levels[size_t(y * (picture.width / 8) + x)] == level);
    }
  }
}

void limits_come_first(const Bytes &file, const Picture &picture) {
  const uint32_t side = uint32_t(std::min(picture.width, picture.height));
  const uint64_t pixels = uint64_t(picture.width) * uint64_t(picture.height);
  const auto small = read_dc(file.data(), file.size(), {side + 1, UINT64_MAX});
  CHECK(std::get<Reason>(small) == Reason::size);
  const auto large = read_dc(file.data(), file.size(), {1, pixels - 1});
  CHECK(std::get<Reason>(large) == Reason::size);
  const auto right = read_dc(file.data(), file.size(), {side, pixels});
  CHECK(std::holds_alternative<DcRaster>(right));
}

void is_no_picture_without_its_end(const Bytes &file) {
  const auto cut = read_dc(file.data(), file.size() - 1, {1, UINT64_MAX});
  CHECK(std::get<Reason>(cut) == Reason::cut_off);
}

}  // namespace

int main(int argc, char **argv) {
  Random random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  for (int k = 0; k < iterations * kFilesAnIteration; k += 1) {
    Picture picture = draw(random);
    const Bytes file = written(picture, random);
    is_read_as_it_was_written(file, picture);
    limits_come_first(file, picture);
    is_no_picture_without_its_end(file);
    for (int times = 0; times < kDamagedOfEach; times += 1) {
      const Bytes bytes = damaged(file, random);
      read_dc(bytes.data(), bytes.size(), {1, 1 << 20});
    }
  }
  std::printf("jpeg-dc: ok\n");
}
