#include "features/plane.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "kernels/choose.h"

namespace hindra {
namespace {

/** Weights of a Gaussian of deviation 2, in 256ths. */
constexpr uint16_t kBlur[4] = {52, 46, 34, 22};
static_assert(kBlur[0] + 2 * (kBlur[1] + kBlur[2] + kBlur[3]) == 256);

void luma_row(const Pixels &pixels, size_t y, uint8_t *out) {
  kernels().plane->luma(pixels.at(0, y), pixels.channels, pixels.width, out);
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

/** Of a picture that was shrunk to be looked at, which is less than twice as large. */
using TapsOfShrunk = std::integral_constant<size_t, 3>;

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

/** A row of means of a row of sums. Where `taps` is a constant, no loop is needed for them. */
template <typename Taps>
void mean_columns(const uint16_t *narrow, const Covers &columns, Taps taps, uint8_t *to) {
  const uint16_t *weights = columns.weights.data();
  for (const size_t first : columns.firsts) {
    uint32_t mean = kWhole << kFraction >> 1;
    for (size_t tap = 0; tap < taps; tap += 1) mean += uint32_t(weights[tap]) * narrow[first + tap];
    weights += taps;
    *to++ = uint8_t(mean / (kWhole << kFraction));
  }
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
      kernels().plane->add_row(luma.data(), weight, sums.size(), sums.data());
    }
    for (size_t x = 0; x < sums.size(); x += 1) narrow[x] = uint16_t(sums[x] / (2 * half));
    if (columns.taps == TapsOfShrunk::value) {
      mean_columns(narrow.data(), columns, TapsOfShrunk{}, out.row(y));
    } else {
      mean_columns(narrow.data(), columns, columns.taps, out.row(y));
    }
  }
  return out;
}

}  // namespace

ScaledColumns scaled_columns(int from, int to) {
  constexpr int whole = 1 << kShareBits;
  ScaledColumns all;
  for (int i = 0; i < to; i += 1) {
    const double at = std::max(0.0, (i + 0.5) * from / to - 0.5);
    const int first = std::min(int(at), from - 1), second = std::min(first + 1, from - 1);
    all.columns.push_back({uint16_t(first), uint16_t(second), uint8_t((at - first) * whole + 0.5)});
  }
  constexpr int eight = 8, sixteen = 16;
  for (int i = 0; i < to; i += eight) {
    ScaledColumns::Eight block{-1, {}, {}};
    const int start = std::min<int>(all.columns[size_t(i)].first, from - sixteen);
    const int last = std::min(i + eight, to) - 1;
    if (start >= 0 && all.columns[size_t(last)].second - start < sixteen) block.from = start;
    for (int at = i; at <= last && block.from >= 0; at += 1) {
      const auto &[first, second, share] = all.columns[size_t(at)];
      const int pair = 2 * (at - i);
      block.places[pair] = uint8_t(first - start);
      block.places[pair + 1] = uint8_t(second - start);
      block.weights[pair] = uint8_t(whole - share);
      block.weights[pair + 1] = share;
    }
    all.eights.push_back(block);
  }
  return all;
}

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
  const PlaneKernels &kernel = *kernels().plane;
  const ScaledColumns columns = scaled_columns(plane.width, width);
  const ScaledColumns rows = scaled_columns(plane.height, height);
  std::vector<int16_t> upper(size_t(width) + kScaledSpare), lower(size_t(width) + kScaledSpare);
  int upper_row = -1, lower_row = -1;
  for (int y = 0; y < height; y += 1) {
    const auto &[first, second, share] = rows.columns[size_t(y)];
    if (first != upper_row) {
      if (first == lower_row) {
        upper.swap(lower);
        std::swap(upper_row, lower_row);
      } else {
        kernel.scale_row(plane.row(first), columns, upper.data());
        upper_row = first;
      }
    }
    if (second != lower_row) {
      kernel.scale_row(plane.row(second), columns, lower.data());
      lower_row = second;
    }
    kernel.between_rows(upper.data(), lower.data(), share, size_t(width), out.row(y));
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
  const size_t width = size_t(plane.width), height = size_t(plane.height);
  if (width < 7 || height < 7) return;
  const PlaneKernels &kernel = *kernels().plane;
  const size_t within = width - 6;
  std::vector<uint16_t> along(within * height);
  for (size_t y = 0; y < height; y += 1) {
    kernel.blur_along(plane.row(int(y)) + 3, kBlur, within, &along[y * within]);
  }
  for (size_t y = 3; y + 3 < height; y += 1) {
    kernel.blur_down(&along[y * within], within, kBlur, within, out.row(int(y)) + 3);
  }
}

}  // namespace hindra
