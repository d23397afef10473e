#pragma once

// The inverse transform of a JPEG, written once for any number of lanes: a block is a lane, so that nothing has to be
// turned between its two passes. Each kernel file includes this and says how many lanes fit (`kLanes`); everything is in
// an unnamed namespace, so that no set's code can be linked into another. All of it is whole numbers.

#include <cstring>

#include "kernels/jpeg.h"

namespace hindra {
namespace {

typedef int16_t Stored __attribute__((vector_size(2 * kLanes)));
typedef int32_t Lanes __attribute__((vector_size(4 * kLanes)));

constexpr int kSide = 8;
/** Bits behind the point of a factor, and those that the first pass leaves behind the point of what it gives. */
constexpr int kFactorBits = 13, kPassBits = 2;
/** A block's coefficients are 8 times as large as its levels. */
constexpr int kSideBits = 3;

constexpr int32_t factor(double of) { return int32_t(of * (1 << kFactorBits) + 0.5); }

inline Lanes rounded(const Lanes &value, int bits) { return (value + (1 << (bits - 1))) >> bits; }

/**
 * One axis of the transform to eight samples (Loeffler, Ligtenberg and Moschytz, 1989), in `kFactorBits`. The order of
 * sums does not matter, for nothing is rounded before their end; each is within 32 bits up to `kAmountMax`.
 */
inline void eight_samples(const Lanes *in, Lanes *out) {
  const Lanes turned = (in[2] + in[6]) * factor(0.541196100);
  const Lanes two = turned + in[2] * factor(0.765366865);
  const Lanes six = turned - in[6] * factor(1.847759065);
  const Lanes zero = (in[0] + in[4]) << kFactorBits;
  const Lanes four = (in[0] - in[4]) << kFactorBits;
  const Lanes even[4] = {zero + two, four + six, four - six, zero - two};

  const Lanes outer = (in[7] + in[1]) * -factor(0.899976223);
  const Lanes inner = (in[5] + in[3]) * -factor(2.562915447);
  const Lanes both = (in[7] + in[3] + in[5] + in[1]) * factor(1.175875602);
  const Lanes later = both - (in[7] + in[3]) * factor(1.961570560);
  const Lanes sooner = both - (in[5] + in[1]) * factor(0.390180644);
  const Lanes odd[4] = {in[1] * factor(1.501321110) + outer + sooner,
                        in[3] * factor(3.072711026) + inner + later,
                        in[5] * factor(2.053119869) + inner + sooner,
                        in[7] * factor(0.298631336) + outer + later};
  for (int at = 0; at < 4; at += 1) {
    out[at] = even[at] + odd[at];
    out[7 - at] = even[at] - odd[at];
  }
}

/** The means of each two of these, doubled. The fifth coefficient has none. */
inline void four_samples(const Lanes *in, Lanes *out) {
  const Lanes zero = in[0] << (kFactorBits + 1);
  const Lanes two = in[2] * factor(1.847759065) - in[6] * factor(0.765366865);
  const Lanes near = in[1] * factor(1.061594337) - in[3] * factor(2.172734803) +
                     in[5] * factor(1.451774981) - in[7] * factor(0.211164243);
  const Lanes far = in[1] * factor(2.562915447) + in[3] * factor(0.899976223) -
                    in[5] * factor(0.601344887) - in[7] * factor(0.509795579);
  out[0] = zero + two + far;
  out[1] = zero - two + near;
  out[2] = zero - two - near;
  out[3] = zero + two - far;
}

/** The means of each four of them, four times. */
inline void two_samples(const Lanes *in, Lanes *out) {
  const Lanes zero = in[0] << (kFactorBits + 2);
  const Lanes odd = in[1] * factor(3.624509785) - in[3] * factor(1.272758580) +
                    in[5] * factor(0.850430095) - in[7] * factor(0.720959822);
  out[0] = zero + odd;
  out[1] = zero - odd;
}

template <int side>
inline void samples(const Lanes *in, Lanes *out) {
  if constexpr (side == 8) eight_samples(in, out);
  if constexpr (side == 4) four_samples(in, out);
  if constexpr (side == 2) two_samples(in, out);
}

/** How often a sum of samples holds a mean, in bits. */
constexpr int mean_bits(int side) { return side == 8 ? 0 : side == 4 ? 1 : 2; }

/** Whether the coefficients of this row or column go into so many samples. */
constexpr bool counts(int side, int at) {
  return side == 8 || (side == 4 && at != 4) || at == 0 || at % 2 == 1;
}

/** Levels of one row of each block, as bytes side by side. */
template <int side>
inline void put_row(const Lanes *levels, uint8_t *out) {
  typedef uint8_t Bytes __attribute__((vector_size(kLanes)));
  typedef uint16_t Pairs __attribute__((vector_size(2 * kLanes)));
  typedef uint32_t Words __attribute__((vector_size(4 * kLanes)));
  typedef uint64_t Longs __attribute__((vector_size(8 * kLanes)));
  const auto put = [out](const auto &lanes) { std::memcpy(out, &lanes, sizeof lanes); };
  const auto four = [levels](int at) {
    return (Words)(levels[at] | levels[at + 1] << 8 | levels[at + 2] << 16 | levels[at + 3] << 24);
  };
  if constexpr (side == 1) put(__builtin_convertvector(levels[0], Bytes));
  if constexpr (side == 2) put(__builtin_convertvector(levels[0] | levels[1] << 8, Pairs));
  if constexpr (side == 4) put(four(0));
  if constexpr (side == 8) {
    put(__builtin_convertvector(four(0), Longs) | __builtin_convertvector(four(4), Longs) << 32);
  }
}

/** Levels about 0 to bytes; `stray` gets bits where one is none that a picture has. */
inline Lanes level_of(const Lanes &value, Lanes &stray) {
  constexpr int centre = 128, range = 1024;
  stray |= (value + range / 2) & ~(range - 1);
  const Lanes level = value + centre;
  const Lanes positive = level & (level > 0);
  return positive > 255 ? Lanes{} + 255 : positive;
}

template <int side, int coefficients>
inline Lanes transform_lanes(const int16_t *from, uint8_t *out, size_t stride) {
  constexpr int second_bits = kPassBits + kSideBits;
  const auto stored = [from](int place) {
    Stored lanes;
    std::memcpy(&lanes, from + place * kBlocksTogether, sizeof lanes);
    return __builtin_convertvector(lanes, Lanes);
  };
  Lanes stray{};
  if constexpr (side == 1) {
    const Lanes level = level_of(rounded(stored(0), kSideBits), stray);
    put_row<1>(&level, out);
  } else {
    Lanes columns[side][coefficients];
    for (int column = 0; column < coefficients; column += 1) {
      if (!counts(side, column)) continue;
      Lanes in[kSide] = {}, down[side];
      for (int row = 0; row < coefficients; row += 1) in[row] = stored(row * kSide + column);
      samples<side>(in, down);
      for (int y = 0; y < side; y += 1) {
        columns[y][column] = rounded(down[y], kFactorBits + mean_bits(side) - kPassBits);
      }
    }
    for (int y = 0; y < side; y += 1) {
      Lanes in[kSide] = {}, across[side];
      for (int column = 0; column < coefficients; column += 1) {
        if (counts(side, column)) in[column] = columns[y][column];
      }
      samples<side>(in, across);
      for (Lanes &value : across) {
        value = level_of(rounded(value, kFactorBits + mean_bits(side) + second_bits), stray);
      }
      put_row<side>(across, out + size_t(y) * stride);
    }
  }
  return stray;
}

template <int side>
bool transform(const int16_t *coefficients, bool is_low, uint8_t *out, size_t stride) {
  Lanes stray{};
  for (int block = 0; block < kBlocksTogether; block += kLanes) {
    const int16_t *from = coefficients + block;
    uint8_t *to = out + block * side;
    stray |= is_low ? transform_lanes<side, kSide / 2>(from, to, stride)
                    : transform_lanes<side, kSide>(from, to, stride);
  }
  int32_t any = 0;
  for (int lane = 0; lane < kLanes; lane += 1) any |= stray[lane];
  return any == 0;
}

void rgb(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, size_t width, uint8_t *out) {
  constexpr int bits = 16, half = 1 << (bits - 1), centre = 128;
  constexpr auto share = [](double of) { return int32_t(of * (1 << bits) + 0.5); };
  constexpr int32_t red_of_red = share(1.402), green_of_red = share(0.71414);
  constexpr int32_t blue_of_blue = share(1.772), green_of_blue = share(0.34414);
  const auto level = [](int32_t value) { return uint8_t(value < 0 ? 0 : value > 255 ? 255 : value); };
  for (size_t x = 0; x < width; x += 1) {
    const int32_t y = luma[x], b = blue[x] - centre, r = red[x] - centre;
    out[3 * x] = level(y + ((red_of_red * r + half) >> bits));
    out[3 * x + 1] = level(y + ((half - green_of_blue * b - green_of_red * r) >> bits));
    out[3 * x + 2] = level(y + ((blue_of_blue * b + half) >> bits));
  }
}

}  // namespace
}  // namespace hindra
