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

/** What the weights of one mean are in all. */
constexpr uint32_t kWhole = 1 << 14;
/** Bits behind the point between rows and columns: with those before it 16. */
constexpr int kFraction = 8;

/** The samples that make up each: `taps` from its first one on, with weights that are `kWhole` in all. */
struct Covers {
  size_t taps;
  std::vector<size_t> firsts;
  std::vector<uint16_t> weights;
};

/** Each of `to` parts of `from` samples, of which there are no fewer. */
Covers covers(size_t from, size_t to) {
  const double step = double(from) / double(to);
  Covers all{size_t(std::ceil(step)) + 1, std::vector<size_t>(to), {}};
  all.weights.resize(to * all.taps);
  for (size_t i = 0; i < to; i += 1) {
    const double start = double(i) * step;
    all.firsts[i] = std::min(size_t(start), from - 1);
    long before = 0;
    for (size_t tap = 0; tap < all.taps; tap += 1) {
      const double share = (double(all.firsts[i] + tap + 1) - start) / step;
      const long up_to = std::lround(double(kWhole) * std::min(1.0, share));
      all.weights[i * all.taps + tap] = uint16_t(up_to - before);
      before = up_to;
    }
  }
  return all;
}

/** Rows first, which is vector code, then columns. */
Plane area_mean(const Pixels &pixels, int width, int height) {
  Plane out(width, height);
  const Covers columns = covers(pixels.width, size_t(width));
  const Covers rows = covers(pixels.height, size_t(height));
  constexpr uint32_t half = kWhole >> kFraction >> 1;
  std::vector<uint8_t> luma(pixels.width);
  std::vector<uint32_t> sums(pixels.width);
  std::vector<uint16_t> narrow(pixels.width + columns.taps);
  size_t have = pixels.height;
  for (int y = 0; y < height; y += 1) {
    std::fill(sums.begin(), sums.end(), half);
    for (size_t tap = 0; tap < rows.taps; tap += 1) {
      const size_t from = rows.firsts[size_t(y)] + tap;
      const uint16_t weight = rows.weights[size_t(y) * rows.taps + tap];
      if (weight == 0) continue;
      if (from != have) luma_row(pixels, from, luma.data());
      have = from;
      for (size_t x = 0; x < sums.size(); x += 1) sums[x] += uint32_t(weight) * luma[x];
    }
    for (size_t x = 0; x < sums.size(); x += 1) narrow[x] = uint16_t(sums[x] / (2 * half));
    uint8_t *to = out.row(y);
    const uint16_t *weights = columns.weights.data();
    for (const size_t first : columns.firsts) {
      uint32_t mean = kWhole << kFraction >> 1;
      for (size_t tap = 0; tap < columns.taps; tap += 1) {
        mean += uint32_t(*weights++) * narrow[first + tap];
      }
      *to++ = uint8_t(mean / (kWhole << kFraction));
    }
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
