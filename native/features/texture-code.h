#pragma once

#include <cstdint>

#include "features/plane.h"

namespace hindra {

/** The picture is cut into so many cells a side, whatever its shape. */
constexpr int kCellsASide = 24;
constexpr int kTextureCells = kCellsASide * kCellsASide;
/** Samples a side of a cell. */
constexpr int kCellSamples = 4;
constexpr int kSignBytes = kTextureCells * 2;
constexpr int kMaskBytes = kTextureCells / 8;
/** Signs of all cells (16 bits each), then which are textured, then which are graphics. */
constexpr int kTextureCodeBytes = kSignBytes + 2 * kMaskBytes;
static_assert(kTextureCodeBytes == 1296);

/** Writes the code of a picture: enough to check an aligned copy against, too little to see it. */
void texture_code(const Plane &plane, uint8_t *code);

/** A row-major affine map: x' = a x + b y + c, y' = d x + e y + f. */
struct Affine {
  double a, b, c, d, e, f;

  void apply(double x, double y, double &to_x, double &to_y) const {
    to_x = a * x + b * y + c;
    to_y = d * x + e * y + f;
  }
};

/** What the code of a known picture says of one cell. */
struct CodeOfCell {
  /** It has texture and is no graphics. */
  bool is_comparable;
  uint16_t signs;
};

CodeOfCell code_of_cell(const uint8_t *code, int cell);

/** Whether so few signs differ that two cells count as showing the same. */
bool are_alike(uint16_t signs, uint16_t others);

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

struct Agreement {
  /** Of the compared cells, how many agree. */
  int agreeing = 0;
  /** Textured cells, not of graphics, that the other picture covers. */
  int compared = 0;
  int contradicting = 0;
};

/**
 * How far the picture whose half-sized planes these are (the first as it is) agrees with the code, cell
 * by cell (`kTextureCells` of them), where `map` takes places in the coded picture (0 to 1 on both axes)
 * to its pixels. Each cell and its neighbours may lie up to half a cell aside.
 */
void compare_texture(const uint8_t *code, const Plane *halves, int count, const Affine &map,
                     CellState *cells);

/** The plane and its halves, down to 64 pixels. */
std::vector<Plane> halves_of(const Plane &plane);

}  // namespace hindra
