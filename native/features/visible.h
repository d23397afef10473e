#pragma once

#include <optional>

#include "features/texture-code.h"

namespace hindra {

/** Cells of the known picture, the far ends excluded. */
struct CellBox {
  int left = 0;
  int top = 0;
  int right = kCellsASide;
  int bottom = kCellsASide;

  bool holds(int x, int y) const { return x >= left && x < right && y >= top && y < bottom; }
};

/**
 * The part of the known picture that the other one shows, where a copy is cut off within the other
 * picture: a tile of a collage, the window of an app. Strips along whole sides are left out, up to a
 * quarter of the side each, where next to nothing agrees from end to end. A thing that hides a part of
 * a copy, or stands before the same background, does not reach along a side and stays in.
 */
CellBox visible_part(const Comparison &comparison);

/**
 * The smallest rectangle within another one in which most cells agree and hardly any does not: what is there of a picture
 * that was cut into pieces. Nothing where too little agrees to be looked at.
 */
std::optional<CellBox> agreeing_part(const CellState *cells, const CellBox &within);

/** The figures of the cells inside. */
Agreement counted(const CellState *cells, const CellBox &box);

}  // namespace hindra
