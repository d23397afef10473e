#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hindra {

/** Of the weights of two samples; so that two of them and a sample fit into 16 bits. */
constexpr int kShareBits = 7;

/** Where the samples of a row lie that it is scaled by: each of the new ones lies between two of the old. */
struct ScaledColumns {
  struct Column {
    uint16_t first;
    uint16_t second;
    /** The weight of the second one, in 128ths. */
    uint8_t share;
  };
  /** For eight new samples at once: the 16 old ones that hold theirs, from where on; -1 where they do not. */
  struct Eight {
    int32_t from;
    /** Of each pair, which of the sixteen. */
    uint8_t places[16];
    uint8_t weights[16];
  };
  std::vector<Column> columns;
  std::vector<Eight> eights;
};

constexpr size_t kScaledSpare = 7;

/** Pixels of a patch: rows of 32, of which 31 are in use. */
constexpr int kPatchRow = 32, kPatchRows = 31;
/** What lies across the middle from the first pixel: places there are counted back from it. */
constexpr int kPatchAcross = kPatchRow * (kPatchRows - 1) + kPatchRows - 1;
/** What holds a patch. */
constexpr int kPatchRoom = kPatchRow * (kPatchRows + 1);

/** The pairs of places of a patch that are compared for one descriptor, one bit each. */
struct PatchPairs {
  static constexpr int kPairs = 256;
  static constexpr int kTogether = 64;
  static constexpr int kPieceBits = 7;
  static constexpr int kPieces = kPatchRoom >> kPieceBits;

  int16_t places[kPairs][2];
  /** Of 64 of them at once, by each end: in which piece of 128 pixels each lies, and where in it. */
  struct Ends {
    uint64_t pieces[kPieces];
    uint8_t within[kTogether];
  };
  Ends ends[kPairs / kTogether][2];

  /** To be called once all `places` are there. */
  void arrange();
};

/** Hot loops over planes of 8-bit luma. All kernels give the same bits. */
struct PlaneKernels {
  /** scalar, avx2, avx512 or neon: what it is compiled for. */
  const char *name;
  /** Luma (Rec. 601) of a row of pixels of 1, 3 or 4 channels. */
  void (*luma)(const uint8_t *pixels, uint32_t channels, size_t width, uint8_t *out);
  /** Adds `weight` times each sample to the sum of its column. */
  void (*add_row)(const uint8_t *row, uint16_t weight, size_t width, uint32_t *sums);
  /** A row scaled, in 128ths; `kScaledSpare` more may be written. */
  void (*scale_row)(const uint8_t *row, const ScaledColumns &to, int16_t *out);
  /** Of two rows in 128ths, as far between them as `share`, in 128ths. */
  void (*between_rows)(const int16_t *upper, const int16_t *lower, int share, size_t width,
                       uint8_t *out);
  /** By seven weights, of which the first is that of the middle: 256ths, which are 256 in all. */
  void (*blur_along)(const uint8_t *row, const uint16_t weights[4], size_t width, uint16_t *out);
  /** The same down: of seven rows of 256ths, `stride` apart, the middle one is `row`. */
  void (*blur_down)(const uint16_t *row, size_t stride, const uint16_t weights[4], size_t width,
                    uint8_t *out);
  /**
   * How far the circles of pixels `from` to `to` of a row stand out, see `corners.cc`; 0 where a pixel is no corner.
   * Rows may be read 35 pixels beyond `to`, and `contrasts` is written 31 beyond.
   */
  void (*contrasts)(const uint8_t *row, const int circle[16], int threshold, int from, int to,
                    int16_t *contrasts);
  /**
   * Writes which of the pixels `from` to `to` stand out of the eight around them, and says how many. Contrasts are read
   * 16 beyond.
   */
  size_t (*outstanding)(const int16_t *above, const int16_t *here, const int16_t *below, int from,
                        int to, int *found);
  /** Response of Harris and Stephens over 7x7. */
  float (*harris)(const uint8_t *pixel, int stride);
  /**
   * Of each pair whether its first pixel is the darker one, and the same of the patch's negative, which is turned by
   * half: so each place lies across the middle, and pixels compare the other way. Null for what is not wanted. A patch
   * has `kPatchRoom`.
   */
  void (*compare)(const uint8_t *patch, const PatchPairs &pairs, uint8_t *plain, uint8_t *inverted);
};

extern const PlaneKernels plane_scalar;
extern const PlaneKernels plane_avx2;
extern const PlaneKernels plane_avx512;
extern const PlaneKernels plane_neon;

}  // namespace hindra
