#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "features/plane.h"

namespace hindra {

struct Bend;

/** The picture is cut into so many cells a side, whatever its shape. */
constexpr int kCellsASide = 24;
constexpr int kTextureCells = kCellsASide * kCellsASide;
/** Samples a side of a cell. */
constexpr int kCellSamples = 4;
constexpr int kSignBytes = kTextureCells * 2;
constexpr int kMaskBytes = kTextureCells / 8;
/** The picture is cut into so many blocks a side, of whole cells, whose mean luma and chroma are kept. */
constexpr int kBlocksASide = 12;
constexpr int kBlocks = kBlocksASide * kBlocksASide;
constexpr int kCellsABlock = kCellsASide / kBlocksASide;
constexpr int kLumaBits = 3;
/** Of the luma so many further bits are kept beside its chroma, for what earlier versions kept had none. */
constexpr int kLumaFinerBits = 2;
constexpr int kChromaBits = 4;
/** Signs of all cells (16 bits each), then which are textured, then which are graphics. */
constexpr int kTextureBytes = kSignBytes + 2 * kMaskBytes;
static_assert(kTextureBytes == 1296);
/** Of the blocks the least and the most of something, then its levels between these ends. */
constexpr int kEndsBytes = 2;
constexpr int kLevelsBytes(int bits) { return kEndsBytes + kBlocks * bits / 8; }
constexpr int kBrightnessBytes = kLevelsBytes(kLumaBits);
constexpr int kChromaBytes = 2 * kLevelsBytes(kChromaBits);
constexpr int kLumaFinerBytes = kBlocks * kLumaFinerBits / 8;
/** The chroma of blocks, then the further bits of their luma. */
constexpr int kColoursBytes = kChromaBytes + kLumaFinerBytes;
/** Texture, then brightness, then colours. */
constexpr int kBrightnessAt = kTextureBytes;
constexpr int kColoursAt = kBrightnessAt + kBrightnessBytes;
constexpr int kLumaFinerAt = kColoursAt + kChromaBytes;
constexpr int kTextureCodeBytes = kColoursAt + kColoursBytes;
static_assert(kTextureCodeBytes == 1536);

/**
 * Writes the code of a picture, to check an aligned copy against. It is too little to show the picture as
 * it was and enough to recognise what it shows: see SECURITY.md.
 */
void texture_code(const Plane &plane, uint8_t *code);

/** A row-major affine map: x' = a x + b y + c, y' = d x + e y + f. */
struct Affine {
  double a, b, c, d, e, f;

  void apply(double x, double y, double &to_x, double &to_y) const {
    to_x = a * x + b * y + c;
    to_y = d * x + e * y + f;
  }
};

/** Calls `each` with every cell that lies this far from one at most, itself included, row by row. */
template <typename Each>
void for_around(int cell, int reach, Each each) {
  const int column = cell % kCellsASide, row = cell / kCellsASide;
  for (int y = std::max(0, row - reach); y <= std::min(kCellsASide - 1, row + reach); y += 1) {
    for (int x = std::max(0, column - reach); x <= std::min(kCellsASide - 1, column + reach); x += 1) {
      each(y * kCellsASide + x);
    }
  }
}

/** The code of a known picture, and what it tells beside texture. */
struct CodeKept {
  const uint8_t *code;
  /** That of version 1 told texture alone. */
  bool has_brightness;
  /** Earlier versions kept none. */
  bool has_colours;
};

/** What the code of a known picture says of one cell. */
struct CodeOfCell {
  /** It has texture and is no graphics. */
  bool is_comparable;
  uint16_t signs;
};

CodeOfCell code_of_cell(const uint8_t *code, int cell);

/** Whether a cell of the known picture has texture at all, and whether that is graphics: writing and ruled lines. */
bool is_textured(const uint8_t *code, int cell);
bool is_writing(const uint8_t *code, int cell);

/** Of the textured cells of the known picture, how many are graphics: writing and ruled lines. */
double writing_of(const uint8_t *code);

/** Whether so few signs differ that two cells count as showing the same. */
bool are_alike(uint16_t signs, uint16_t others);

/** The way a known picture lies in another one: its places go there by an affine map or a bent one, and are scaled then. */
struct Placement {
  Affine map;
  const Bend *bend = nullptr;
  double across = 1;
  double down = 1;

  void apply(double u, double v, double &to_x, double &to_y) const;
};

Affine inverse(const Affine &map);

/** First the inner one, then the outer one. */
Affine after(const Affine &outer, const Affine &inner);

/** What comparing a cell of the known picture with the other one told. */
enum class CellState : uint8_t {
  /** It has no texture, is graphics, or is not covered by the other picture. */
  untold,
  agrees,
  differs,
  /** Plain or drawn in the known picture and strongly textured in the other one. */
  contradicts,
};

/** What a block must look like in the other picture by what became of all others; NaN where these do not tell. */
struct Expected {
  double luma = NAN;
  double blue = NAN;
  double red = NAN;
};

/** How a known picture and another one compare, cell by cell. */
struct Comparison {
  CellState cells[kTextureCells] = {};
  /** The other picture reaches there. */
  bool covered[kTextureCells] = {};
  /** More differs than a copy's compression, size or tone explain, in texture or in brightness. */
  bool differs_clearly[kTextureCells] = {};
  /** More than they explain where nearly every sign agrees elsewhere. */
  bool differs_finely[kTextureCells] = {};
  /** Less than that, in luma or chroma: it tells another thing beside what differs clearly. */
  bool differs_slightly[kTextureCells] = {};
  /** In chroma by more than anything explains. */
  bool differs_in_chroma[kTextureCells] = {};
  /** Hardly a sign differs: it shows the same, however bright. */
  bool is_same[kTextureCells] = {};
  /** How many signs of a cell that agrees differ all the same, in the mean. */
  double noise = 0;
  Expected expected[kBlocks] = {};
};

struct Agreement {
  /** Of the compared cells, how many agree. */
  int agreeing = 0;
  /** Textured cells, not of graphics, that the other picture covers. */
  int compared = 0;
  int contradicting = 0;
};

/**
 * How far the picture whose half-sized planes these are (the first as it is) agrees with the code, cell
 * by cell, where `placement` takes places in the coded picture (0 to 1 on both axes) to its pixels. Each cell and
 * its neighbours may lie up to half a cell aside. Chroma is compared where that is looked at (`chroma.h`).
 */
Comparison compare_code(const CodeKept &kept, const Plane *halves, int count, const Placement &placement);

/** The plane and its halves, down to 64 pixels. */
std::vector<Plane> halves_of(const Plane &plane);

}  // namespace hindra
