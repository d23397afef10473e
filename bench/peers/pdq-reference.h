#pragma once

// PDQ as Meta's C++ reference computes it, one scalar step after the other, written from the facts of
// the algorithm: the peer that the native core is measured against, and the oracle of its tests.
// Source: Davis and Rosen, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
// algorithm", Facebook, 2019. Compile without contraction of multiply and add.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace pdq_reference {

struct Hash {
  uint8_t bytes[32];
};

struct Result {
  /** whole, rot90, rot180, rot270, flipx, flipy, flipp, flipm. */
  Hash hashes[8];
  int quality;
};

inline void luma(const uint8_t *pixels, int width, int height, int channels, float *out) {
  for (int i = 0; i < width * height; i += 1) {
    const uint8_t *p = pixels + size_t(i) * size_t(channels);
    out[i] = channels == 1 ? float(p[0]) : 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
  }
}

/** One line of `length` samples, `step` apart. */
inline void box_line(const float *in, float *out, int length, int step, int window) {
  const int half = (window + 2) / 2;
  int right = 0, left = 0, to = 0, count = 0;
  float sum = 0;
  for (int i = 0; i < half - 1; i += 1, right += step) {
    sum += in[right];
    count += 1;
  }
  for (int i = 0; i < window - half + 1; i += 1, right += step, to += step) {
    sum += in[right];
    count += 1;
    out[to] = sum / count;
  }
  for (int i = 0; i < length - window; i += 1, right += step, left += step, to += step) {
    sum += in[right];
    sum -= in[left];
    out[to] = sum / count;
  }
  for (int i = 0; i < half - 1; i += 1, left += step, to += step) {
    sum -= in[left];
    count -= 1;
    out[to] = sum / count;
  }
}

inline void filter(float *image, float *other, int width, int height) {
  const int across = (width + 127) / 128, down = (height + 127) / 128;
  for (int pass = 0; pass < 2; pass += 1) {
    for (int y = 0; y < height; y += 1) {
      box_line(image + y * width, other + y * width, width, 1, across);
    }
    for (int x = 0; x < width; x += 1) box_line(other + x, image + x, height, width, down);
  }
}

inline void decimate(const float *image, int width, int height, float *grid) {
  for (int i = 0; i < 64; i += 1) {
    const int y = int((i + 0.5) * height / 64);
    for (int j = 0; j < 64; j += 1) {
      const int x = int((j + 0.5) * width / 64);
      grid[i * 64 + j] = image[y * width + x];
    }
  }
}

inline int quality(const float *grid) {
  int total = 0;
  for (int i = 0; i < 63; i += 1) {
    for (int j = 0; j < 64; j += 1) {
      total += std::abs(int((grid[i * 64 + j] - grid[(i + 1) * 64 + j]) * 100 / 255));
    }
  }
  for (int i = 0; i < 64; i += 1) {
    for (int j = 0; j < 63; j += 1) {
      total += std::abs(int((grid[i * 64 + j] - grid[i * 64 + j + 1]) * 100 / 255));
    }
  }
  return std::min(100, total / 90);
}

inline void transform(const float *grid, float *coefficients) {
  static const std::vector<float> basis = [] {
    std::vector<float> waves(16 * 64);
    for (int i = 0; i < 16; i += 1) {
      for (int j = 0; j < 64; j += 1) {
        waves[size_t(i * 64 + j)] =
            float(double(float(std::sqrt(2.0 / 64))) * std::cos(M_PI / 128 * (i + 1) * (2 * j + 1)));
      }
    }
    return waves;
  }();
  float half[16 * 64];
  for (int i = 0; i < 16; i += 1) {
    for (int j = 0; j < 64; j += 1) {
      float sum = 0;
      for (int k = 0; k < 64; k += 1) sum += basis[size_t(i * 64 + k)] * grid[k * 64 + j];
      half[i * 64 + j] = sum;
    }
  }
  for (int i = 0; i < 16; i += 1) {
    for (int j = 0; j < 16; j += 1) {
      float sum = 0;
      for (int k = 0; k < 64; k += 1) sum += half[i * 64 + k] * basis[size_t(j * 64 + k)];
      coefficients[i * 16 + j] = sum;
    }
  }
}

inline Hash bits(const float *coefficients) {
  std::vector<float> sorted(coefficients, coefficients + 256);
  std::nth_element(sorted.begin(), sorted.begin() + 127, sorted.end());
  const float median = sorted[127];
  Hash hash = {};
  for (int k = 0; k < 256; k += 1) {
    if (coefficients[k] > median) hash.bytes[31 - k / 8] |= uint8_t(1 << k % 8);
  }
  return hash;
}

/** The coefficients of the picture turned or mirrored, by the place in `Result::hashes`. */
inline void turn(const float *from, int which, float *to) {
  static const bool transposed[8] = {false, true, false, true, false, false, true, true};
  for (int i = 0; i < 16; i += 1) {
    for (int j = 0; j < 16; j += 1) {
      const float value = transposed[which] ? from[j * 16 + i] : from[i * 16 + j];
      const bool even_row = i % 2 == 0, even_column = j % 2 == 0, odd_sum = (i + j) % 2 == 1;
      const bool negated[8] = {false,    even_row,    odd_sum, even_column,
                               even_row, even_column, false,   odd_sum};
      to[i * 16 + j] = negated[which] ? -value : value;
    }
  }
}

/** The filtered 64x64 grid. */
inline void grid_of(const uint8_t *pixels, int width, int height, int channels, float *grid) {
  // Kept from call to call: the memory's first touch is not what is measured.
  static thread_local std::vector<float> image, other;
  if (image.size() < size_t(width) * size_t(height)) {
    image.resize(size_t(width) * size_t(height));
    other.resize(image.size());
  }
  luma(pixels, width, height, channels, image.data());
  filter(image.data(), other.data(), width, height);
  decimate(image.data(), width, height, grid);
}

/** At full resolution; `dihedrals` is 1 or 8. */
inline Result hash(const uint8_t *pixels, int width, int height, int channels, int dihedrals) {
  Result result = {};
  if (width < 5 || height < 5) return result;
  float grid[64 * 64], coefficients[256], turned[256];
  if (dihedrals > 1 || width != 64 || height != 64) {
    grid_of(pixels, width, height, channels, grid);
    result.quality = quality(grid);
    transform(grid, coefficients);
    for (int which = 0; which < dihedrals; which += 1) {
      turn(coefficients, which, turned);
      result.hashes[which] = bits(turned);
    }
  }
  if (width == 64 && height == 64) {
    luma(pixels, width, height, channels, grid);
    result.quality = quality(grid);
    transform(grid, coefficients);
    result.hashes[0] = bits(coefficients);
  }
  return result;
}

}  // namespace pdq_reference
