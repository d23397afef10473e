#include "features/shared-ground.h"

#include <algorithm>
#include <cmath>

namespace hindra {
namespace {

/** How far apart the frames of the two may lie, in cells. */
constexpr double kApart = 0.5;
/** Fewer cells in common are no ground, and fewer cells do not tell whether two pictures differ. */
constexpr int kCellsMin = 16;
/** Of the cells so many are alike where both show different things: chance is a tenth. */
constexpr double kAlikeShare = 0.25;
/** What differs by chance lies alone: of nine cells so many may agree where nothing does. */
constexpr int kAroundMost = 3;

bool lie_alike(const Evidence &one, const Evidence &other) {
  if (one.mirrored != other.mirrored || one.inverted != other.inverted) return false;
  const Affine between = after(inverse(other.map), one.map);
  for (const double u : {0.0, 1.0}) {
    for (const double v : {0.0, 1.0}) {
      double x, y;
      between.apply(u, v, x, y);
      // Not a number where a proposed map is degenerate.
      const double apart = std::max(std::abs(x - u), std::abs(y - v));
      if (!(apart <= kApart / kCellsASide)) return false;
    }
  }
  return true;
}

bool agrees_nowhere_near(const CellState *cells, int cell) {
  int agreeing = 0;
  for_around(cell, 1, [&](int near) { agreeing += cells[near] == CellState::agrees; });
  return agreeing <= kAroundMost;
}

}  // namespace

CellMask shared_ground(const Laid &one, const Laid &other) {
  CellMask shared;
  const CellState *mine = one.evidence.cells, *theirs = other.evidence.cells;
  if (!lie_alike(one.evidence, other.evidence)) return shared;
  int told = 0, alike = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const bool is_visible = one.evidence.visible.holds(cell % kCellsASide, cell / kCellsASide);
    const bool agree = mine[cell] == CellState::agrees && theirs[cell] == CellState::agrees;
    shared[size_t(cell)] = is_visible && agree;
    if (!agrees_nowhere_near(mine, cell) || !agrees_nowhere_near(theirs, cell)) continue;
    const CodeOfCell a = code_of_cell(one.known.code, cell);
    const CodeOfCell b = code_of_cell(other.known.code, cell);
    if (!a.is_comparable && !b.is_comparable) continue;
    told += 1;
    alike += a.is_comparable && b.is_comparable && are_alike(a.signs, b.signs);
  }
  const bool is_ground = int(shared.count()) >= kCellsMin && told >= kCellsMin &&
                         alike <= kAlikeShare * told;
  return is_ground ? shared : CellMask();
}

}  // namespace hindra
