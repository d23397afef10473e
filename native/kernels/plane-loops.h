#pragma once

// Loops over planes, written once for any number of lanes: compilers make vector code of them. Each kernel file
// includes this behind `plane-lanes.h` and what that leaves to it; everything is in an unnamed namespace, so that no
// set's code can be linked into another. All of it is whole numbers, or floats that each set rounds alike.

#include <cstring>

#include "kernels/plane-lanes.h"

namespace hindra {
namespace {

void luma(const uint8_t *pixels, uint32_t channels, size_t width, uint8_t *out) {
  const auto level = [](const uint8_t *at) {
    return uint8_t((77 * at[0] + 150 * at[1] + 29 * at[2]) >> 8);
  };
  if (channels == 1) {
    std::memcpy(out, pixels, width);
  } else if (channels == 3) {
    for (size_t x = 0; x < width; x += 1) out[x] = level(pixels + 3 * x);
  } else {
    for (size_t x = 0; x < width; x += 1) out[x] = level(pixels + 4 * x);
  }
}

void add_row(const uint8_t *row, uint16_t weight, size_t width, uint32_t *sums) {
  for (size_t x = 0; x < width; x += 1) sums[x] += uint32_t(weight) * row[x];
}

/** The columns `from` to `to` of a scaled row. */
inline void scale_columns(const uint8_t *row, const ScaledColumns &scaled, size_t from, size_t to,
                          int16_t *out) {
  for (size_t x = from; x < to; x += 1) {
    const auto &[first, second, share] = scaled.columns[x];
    out[x] = int16_t(row[first] * ((1 << kShareBits) - share) + row[second] * share);
  }
}

void between_rows(const int16_t *upper, const int16_t *lower, int share, size_t width,
                  uint8_t *out) {
  const int16_t below = int16_t(share), above = int16_t((1 << kShareBits) - share);
  for (size_t x = 0; x < width; x += 1) {
    out[x] = uint8_t((int32_t(upper[x]) * above + int32_t(lower[x]) * below + 8192) >> 14);
  }
}

void blur_along(const uint8_t *row, const uint16_t weights[4], size_t width, uint16_t *out) {
  const uint16_t a = weights[0], b = weights[1], c = weights[2], d = weights[3];
  for (size_t x = 0; x < width; x += 1) {
    out[x] = uint16_t(a * row[x] + b * (row[x - 1] + row[x + 1]) + c * (row[x - 2] + row[x + 2]) +
                      d * (row[x - 3] + row[x + 3]));
  }
}

void blur_down(const uint16_t *row, size_t stride, const uint16_t weights[4], size_t width,
               uint8_t *out) {
  const uint16_t a = weights[0], b = weights[1], c = weights[2], d = weights[3];
  const uint16_t *up[3] = {row - stride, row - 2 * stride, row - 3 * stride};
  const uint16_t *down[3] = {row + stride, row + 2 * stride, row + 3 * stride};
  // Each product by itself: two factors of 16 bits are one step, where their sum has 17.
  for (size_t x = 0; x < width; x += 1) {
    const uint32_t sum = uint32_t(a) * row[x] + uint32_t(b) * up[0][x] + uint32_t(b) * down[0][x] +
                         uint32_t(c) * up[1][x] + uint32_t(c) * down[1][x] +
                         uint32_t(d) * up[2][x] + uint32_t(d) * down[2][x];
    out[x] = uint8_t((sum + 32768) >> 16);
  }
}

/** In which lanes 9 of the 16 in a row are set; each is all ones or zeros. */
inline Levels has_arc(const Levels *circle) {
  Levels two[8], four[8];
  for (int i = 0; i < 8; i += 1) two[i] = circle[2 * i] & circle[2 * i + 1];
  for (int i = 0; i < 8; i += 1) four[i] = two[i] & two[(i + 1) % 8];
  Levels found{};
  for (int i = 0; i < 8; i += 1) {
    // Eight from an even one on, and the neighbour at either end.
    const Levels eight = four[i] & four[(i + 2) % 8];
    found |= eight & (circle[(2 * i + 15) % 16] | circle[(2 * i + 8) % 16]);
  }
  return found;
}

/** `kBytes` pixels at once. */
inline void contrasts_at(const uint8_t *at, const int *circle, int threshold, int16_t *contrasts) {
  const Levels step = Levels{} + uint8_t(threshold);
  const Levels level = load(at);
  const Levels brightest = Levels{} + uint8_t(255) - step;
  const Levels bright = smaller(level, brightest) + step, dark = larger(level, step) - step;
  // An arc of 9 holds two neighbours of the four that lie straight across.
  const Levels n = load(at + circle[0]), e = load(at + circle[4]), s = load(at + circle[8]),
               w = load(at + circle[12]);
  const Levels up = larger(n, s), right = larger(e, w), down = smaller(n, s), left = smaller(e, w);
  if (!is_any((Levels)((smaller(up, right) > bright) | (larger(down, left) < dark)))) return;

  Levels brighter[16], darker[16];
  for (int i = 0; i < 16; i += 1) {
    const Levels pixel = load(at + circle[i]);
    brighter[i] = (Levels)(pixel > bright);
    darker[i] = (Levels)(pixel < dark);
  }
  const Levels corners = has_arc(brighter) | has_arc(darker);
  if (!is_any(corners)) return;
  Sums evens{}, odds{};
  for (int i = 0; i < 16; i += 1) {
    const Levels pixel = load(at + circle[i]);
    const Levels difference = larger(pixel, level) - smaller(pixel, level);
    evens += even(difference);
    odds += odd(difference);
  }
  // As they lie in the row, and 0 where there is no corner: a byte of ones or zeros becomes two.
  evens &= (Sums)corners << 8 >> 8;
  odds &= (Sums)corners >> 8;
  int16_t in_turn[kBytes];
  for (int lane = 0; lane < kShorts; lane += 1) {
    in_turn[2 * lane] = evens[lane];
    in_turn[2 * lane + 1] = odds[lane];
  }
  std::memcpy(contrasts, in_turn, sizeof in_turn);
}

void contrasts(const uint8_t *row, const int circle[16], int threshold, int from, int to,
               int16_t *contrasts) {
  for (int x = from; x < to; x += kBytes) contrasts_at(row + x, circle, threshold, contrasts + x);
}

/** Of equals the first stands out. */
size_t outstanding(const int16_t *above, const int16_t *here, const int16_t *below, int from,
                   int to, int *found) {
  size_t count = 0;
  for (int x = from; x < to; x += kShorts) {
    const Sums level = load(here + x);
    if (!is_any((Levels)level)) continue;
    const Sums before = larger(larger(load(above + x - 1), load(above + x)),
                               larger(load(above + x + 1), load(here + x - 1)));
    const Sums after = larger(larger(load(here + x + 1), load(below + x - 1)),
                              larger(load(below + x), load(below + x + 1)));
    const Sums stands = (Sums)(level > before) & (Sums)(level >= after);
    if (!is_any((Levels)stands)) continue;
    for (uint32_t bits = set_lanes(stands); bits != 0; bits &= bits - 1) {
      const int at = x + __builtin_ctz(bits) / 2;
      if (at < to) found[count++] = at;
    }
  }
  return count;
}

constexpr int kHarrisRadius = 3;
constexpr float kHarrisK = 0.04f;

float harris(const uint8_t *pixel, int stride) {
  constexpr int side = 2 * kHarrisRadius + 1;
  typedef uint8_t Pixels __attribute__((vector_size(8)));
  const auto pixels = [](const uint8_t *at) {
    Pixels row;
    std::memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, Shorts);
  };
  // Rows of eight, of which the last is not looked at.
  const Shorts in = {-1, -1, -1, -1, -1, -1, -1, 0};
  Sums32 sums_xx{}, sums_yy{}, sums_xy{};
  for (int y = 0; y < side; y += 1) {
    const uint8_t *row = pixel + (y - kHarrisRadius) * stride - kHarrisRadius;
    const Shorts across = (pixels(row + 1) - pixels(row - 1)) & in;
    const Shorts down = (pixels(row + stride) - pixels(row - stride)) & in;
    sums_xx += pair_products(across, across);
    sums_yy += pair_products(down, down);
    sums_xy += pair_products(across, down);
  }
  const auto sum = [](const Sums32 &of) { return float(of[0] + of[1] + of[2] + of[3]); };
  const float xx = sum(sums_xx), yy = sum(sums_yy), xy = sum(sums_xy);
  const float trace = xx + yy;
  return xx * yy - xy * xy - kHarrisK * trace * trace;
}

/** One pair after the other. */
inline void compare_in_turn(const uint8_t *patch, const PatchPairs &pairs, uint8_t *plain, uint8_t *inverted) {
  const uint8_t *across = patch + kPatchAcross;
  for (int byte = 0; byte < PatchPairs::kPairs / 8; byte += 1) {
    unsigned bits = 0, inverted_bits = 0;
    for (int bit = 7; bit >= 0; bit -= 1) {
      const int16_t *pair = pairs.places[byte * 8 + bit];
      bits = bits << 1 | unsigned(patch[pair[0]] < patch[pair[1]]);
      inverted_bits = inverted_bits << 1 | unsigned(across[-pair[0]] >= across[-pair[1]]);
    }
    plain[byte] = uint8_t(bits);
    if (inverted != nullptr) inverted[byte] = uint8_t(inverted_bits);
  }
}

}  // namespace
}  // namespace hindra
