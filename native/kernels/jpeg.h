#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra {

/** So many blocks that lie side by side are transformed at once. */
constexpr int kBlocksTogether = 16;
/** Places of the coefficients of a block, row by row. */
constexpr int kBlockPlaces = 64;

/**
 * What the coefficients of one block may come to, each by its amount. Whatever 8-bit samples a block had, its
 * coefficients come to 8,192 at most, and those of photographs to half of this. Up to here nothing in the transforms of
 * libjpeg-turbo goes beyond 16 bits: behind the first of two passes a sample is at most 4 * 1.387 times all
 * coefficients.
 */
constexpr uint64_t kAmountMax = 5'900;

/** See `JpegKernels::transform`. */
using Transform = bool(const int16_t *coefficients, bool is_low, uint8_t *out, size_t stride);

/** Hot loops of the reader of JPEG. All kernels give the same bits. */
struct JpegKernels {
  /** scalar, avx2 or avx512: what it is compiled for. */
  const char *name;
  /**
   * The inverse transform of blocks to 1, 2, 4 or 8 pixels a side, which is the place here: the mean of each square of
   * their pixels, rounded as libjpeg-turbo does (jidctint.c, jidctred.c). Coefficients lie by place, then by block; rows
   * of pixels `stride` apart. `is_low` says that they are all 0 but for the first four rows and columns.
   *
   * False where a level is so far off that no picture has it, and decoders differ in what they make of it.
   */
  Transform *transform[4];
  /** Luma and chroma to red, green and blue, rounded as libjpeg-turbo does (jdcolor.c). */
  void (*rgb)(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, size_t width, uint8_t *out);
};

extern const JpegKernels jpeg_scalar;
extern const JpegKernels jpeg_avx2;
extern const JpegKernels jpeg_avx512;

}  // namespace hindra
