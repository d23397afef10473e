#include "features/plane.h"

#include <algorithm>
#include <cmath>

namespace hindra {
namespace {

/** Weights of a Gaussian of deviation 2, in 256ths. */
constexpr int kBlur[4] = {52, 46, 34, 22};
static_assert(kBlur[0] + 2 * (kBlur[1] + kBlur[2] + kBlur[3]) == 256);

void luma_row(const Pixels &pixels, size_t y, uint8_t *out) {
  const uint8_t *at = pixels.at(0, y);
  if (pixels.channels == 1) {
    std::copy(at, at + pixels.width, out);
    return;
  }
  for (size_t x = 0; x < pixels.width; x += 1, at += pixels.channels) {
    out[x] = uint8_t((77 * at[0] + 150 * at[1] + 29 * at[2]) >> 8);
  }
}

/** Which samples make up one, and with what weight the first and the last count. */
struct Cover {
  int first;
  /** The first of those between the two, which count in full. */
  int inner;
  int last;
  float first_weight;
  float last_weight;
};

std::vector<Cover> covers(int from, int to) {
  std::vector<Cover> all(to);
  const double step = double(from) / to;
  for (int i = 0; i < to; i += 1) {
    const double start = i * step;
    const double end = std::min<double>((i + 1) * step, from);
    Cover &cover = all[i];
    cover.first = std::min(int(start), from - 1);
    cover.last = std::min(std::max(int(std::ceil(end)) - 1, cover.first), from - 1);
    cover.first_weight = float(cover.first + 1 - start);
    cover.last_weight = float(end - cover.last);
    cover.inner = std::min(cover.first + 1, cover.last);
    if (cover.first == cover.last) {
      cover.first_weight = float(end - start);
      cover.last_weight = 0;
    }
  }
  return all;
}

Plane area_mean(const Pixels &pixels, int width, int height) {
  Plane out(width, height);
  const auto columns = covers(int(pixels.width), width);
  const auto rows = covers(int(pixels.height), height);
  std::vector<uint8_t> luma(pixels.width);
  /** Sums of the row from its beginning up to each pixel. */
  std::vector<int> before(pixels.width + 1);
  std::vector<float> narrow(width), sum(width);
  int have = -1;
  const float norm = float(double(width) * height / (double(pixels.width) * pixels.height));
  for (int y = 0; y < height; y += 1) {
    std::fill(sum.begin(), sum.end(), 0.f);
    for (int from = rows[y].first; from <= rows[y].last; from += 1) {
      if (from != have) {
        luma_row(pixels, from, luma.data());
        for (size_t x = 0; x < pixels.width; x += 1) before[x + 1] = before[x] + luma[x];
        for (int x = 0; x < width; x += 1) {
          const Cover &cover = columns[x];
          const int inner = before[cover.last] - before[cover.inner];
          narrow[x] = cover.first_weight * luma[cover.first] +
                      (float(inner) + cover.last_weight * luma[cover.last]);
        }
        have = from;
      }
      const float weight = from == rows[y].first  ? rows[y].first_weight
                           : from == rows[y].last ? rows[y].last_weight
                                                  : 1.f;
      for (int x = 0; x < width; x += 1) sum[x] += weight * narrow[x];
    }
    uint8_t *to = out.row(y);
    for (int x = 0; x < width; x += 1) to[x] = uint8_t(std::min(255.f, sum[x] * norm + 0.5f));
  }
  return out;
}

}  // namespace

Plane scaled_luma(const Pixels &pixels, int side) {
  const uint32_t longer = std::max(pixels.width, pixels.height);
  const auto scaled = [&](uint32_t length) {
    return std::max(1, int(std::lround(double(length) * side / longer)));
  };
  const int width = scaled(pixels.width);
  const int height = scaled(pixels.height);
  if (longer >= uint32_t(side)) return area_mean(pixels, width, height);
  Plane whole(int(pixels.width), int(pixels.height));
  for (int y = 0; y < whole.height; y += 1) luma_row(pixels, y, whole.row(y));
  return resized(whole, width, height);
}

Plane resized(const Plane &plane, int width, int height) {
  Plane out(width, height);
  struct Tap {
    int first;
    int second;
    int share;
  };
  // Shares in 128ths, so that two of them and a sample fit into 32 bits with ease.
  const auto taps = [](int from, int to) {
    std::vector<Tap> all(to);
    for (int i = 0; i < to; i += 1) {
      const double at = std::max(0.0, (i + 0.5) * from / to - 0.5);
      const int first = std::min(int(at), from - 1);
      all[i] = {first, std::min(first + 1, from - 1), int((at - first) * 128 + 0.5)};
    }
    return all;
  };
  const auto columns = taps(plane.width, width);
  const auto rows = taps(plane.height, height);
  std::vector<int> upper(width), lower(width);
  int upper_row = -1, lower_row = -1;
  const auto across = [&](int y, std::vector<int> &line) {
    const uint8_t *from = plane.row(y);
    for (int x = 0; x < width; x += 1) {
      const Tap &tap = columns[x];
      line[x] = from[tap.first] * (128 - tap.share) + from[tap.second] * tap.share;
    }
  };
  for (int y = 0; y < height; y += 1) {
    const Tap &tap = rows[y];
    if (tap.first != upper_row) {
      if (tap.first == lower_row) {
        upper.swap(lower);
        std::swap(upper_row, lower_row);
      } else {
        across(tap.first, upper);
        upper_row = tap.first;
      }
    }
    if (tap.second != lower_row) {
      across(tap.second, lower);
      lower_row = tap.second;
    }
    uint8_t *to = out.row(y);
    const int share = tap.share;
    for (int x = 0; x < width; x += 1) {
      to[x] = uint8_t((upper[x] * (128 - share) + lower[x] * share + 8192) >> 14);
    }
  }
  return out;
}

Plane halved(const Plane &plane) {
  Plane out(std::max(1, plane.width / 2), std::max(1, plane.height / 2));
  const int right = plane.width > 1 ? 1 : 0;
  for (int y = 0; y < out.height; y += 1) {
    const uint8_t *upper = plane.row(std::min(2 * y, plane.height - 1));
    const uint8_t *lower = plane.row(std::min(2 * y + 1, plane.height - 1));
    uint8_t *to = out.row(y);
    for (int x = 0; x < out.width; x += 1) {
      const int at = 2 * x;
      to[x] = uint8_t((upper[at] + upper[at + right] + lower[at] + lower[at + right] + 2) >> 2);
    }
  }
  return out;
}

void blur(const Plane &plane, Plane &out) {
  out = plane;
  const int width = plane.width;
  const int height = plane.height;
  if (width < 7 || height < 7) return;
  std::vector<uint16_t> across(size_t(width) * height);
  for (int y = 0; y < height; y += 1) {
    const uint8_t *from = plane.row(y);
    uint16_t *to = across.data() + size_t(y) * width;
    for (int x = 0; x < width; x += 1) to[x] = uint16_t(from[x] << 8);
    for (int x = 3; x < width - 3; x += 1) {
      to[x] = uint16_t(kBlur[0] * from[x] + kBlur[1] * (from[x - 1] + from[x + 1]) +
                       kBlur[2] * (from[x - 2] + from[x + 2]) +
                       kBlur[3] * (from[x - 3] + from[x + 3]));
    }
  }
  for (int y = 3; y < height - 3; y += 1) {
    const uint16_t *from = across.data() + size_t(y) * width;
    const auto at = [&](int offset, int x) { return uint32_t(from[offset * width + x]); };
    uint8_t *to = out.row(y);
    for (int x = 3; x < width - 3; x += 1) {
      const uint32_t sum = kBlur[0] * at(0, x) + kBlur[1] * (at(-1, x) + at(1, x)) +
                           kBlur[2] * (at(-2, x) + at(2, x)) + kBlur[3] * (at(-3, x) + at(3, x));
      to[x] = uint8_t((sum + 32768) >> 16);
    }
  }
}

}  // namespace hindra
