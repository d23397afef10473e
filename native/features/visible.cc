#include "features/visible.h"

#include <algorithm>

namespace hindra {
namespace {

constexpr int kSideMost = kCellsASide / 4;
/** Of a strip that is cut off so much can be told at least, and agrees at most: chance is a tenth. */
constexpr double kToldShare = 0.25;
constexpr double kAgreeingShare = 0.3;
/** The same in each third of its length. */
constexpr double kThirdShare = 0.4;
constexpr int kThirds = 3;

/** What a cell that does not agree takes away from a piece: as much as so many that do bring. */
constexpr int kDiffering = 4;
/** Less is no piece. */
constexpr int kPieceMin = 24;

struct Told {
  int agreeing = 0;
  int cells = 0;

  bool hardly_agrees(double share) const { return agreeing <= share * cells; }
};

Told told_of(const Comparison &comparison, const CellBox &box) {
  Told told;
  for (int y = box.top; y < box.bottom; y += 1) {
    for (int x = box.left; x < box.right; x += 1) {
      const CellState state = comparison.cells[y * kCellsASide + x];
      const bool differs = comparison.differs_clearly[y * kCellsASide + x];
      told.agreeing += state == CellState::agrees && !differs;
      told.cells += state != CellState::untold || differs;
    }
  }
  return told;
}

/** From end to end, so that next to nothing agrees in any third of it either. */
bool is_cut_off(const Comparison &comparison, const CellBox &strip, bool is_upright) {
  for (int third = 0; third < kThirds; third += 1) {
    CellBox part = strip;
    const auto shorten = [third](int &from, int &to) {
      const int length = to - from;
      to = from + length * (third + 1) / kThirds;
      from += length * third / kThirds;
    };
    if (is_upright) shorten(part.top, part.bottom);
    else shorten(part.left, part.right);
    if (!told_of(comparison, part).hardly_agrees(kThirdShare)) return false;
  }
  const Told all = told_of(comparison, strip);
  const int area = (strip.right - strip.left) * (strip.bottom - strip.top);
  return all.cells >= kToldShare * area && all.hardly_agrees(kAgreeingShare);
}

/** How deep a strip along one side is cut off; `between` gives what lies between two depths of it. */
template <typename Between>
int cut_depth(const Comparison &comparison, int most, bool is_upright, Between between) {
  for (int depth = most; depth > 0; depth -= 1) {
    // The last line of it must not be one that agrees already.
    const Told last = told_of(comparison, between(depth - 1, depth));
    if (last.hardly_agrees(kThirdShare) && is_cut_off(comparison, between(0, depth), is_upright)) {
      return depth;
    }
  }
  return 0;
}

/** The box without what says nothing at its sides. */
CellBox tight(const CellState *cells, const CellBox &box) {
  CellBox told{box.right, box.bottom, box.left, box.top};
  for (int y = box.top; y < box.bottom; y += 1) {
    for (int x = box.left; x < box.right; x += 1) {
      if (cells[y * kCellsASide + x] == CellState::untold) continue;
      told = {std::min(told.left, x), std::min(told.top, y), std::max(told.right, x + 1), std::max(told.bottom, y + 1)};
    }
  }
  return told;
}

}  // namespace

CellBox visible_part(const Comparison &comparison) {
  CellBox box;
  const int far = kCellsASide - kSideMost;
  // Twice: what is cut off at one side no longer hides that another is.
  for (int round = 0; round < 2; round += 1) {
    box.left += cut_depth(comparison, kSideMost - box.left, true, [&](int from, int to) {
      return CellBox{box.left + from, box.top, box.left + to, box.bottom};
    });
    box.right -= cut_depth(comparison, box.right - far, true, [&](int from, int to) {
      return CellBox{box.right - to, box.top, box.right - from, box.bottom};
    });
    box.top += cut_depth(comparison, kSideMost - box.top, false, [&](int from, int to) {
      return CellBox{box.left, box.top + from, box.right, box.top + to};
    });
    box.bottom -= cut_depth(comparison, box.bottom - far, false, [&](int from, int to) {
      return CellBox{box.left, box.bottom - to, box.right, box.bottom - from};
    });
  }
  return box;
}

std::optional<CellBox> agreeing_part(const CellState *cells, const CellBox &within) {
  const auto worth = [&](int x, int y) {
    const CellState state = cells[y * kCellsASide + x];
    return state == CellState::untold ? 0 : state == CellState::agrees ? 1 : -kDiffering;
  };
  int most = kPieceMin - 1;
  std::optional<CellBox> best;
  // Of each band of rows the best run of columns (Kadane's algorithm; Bentley, 1984).
  for (int top = within.top; top < within.bottom; top += 1) {
    int columns[kCellsASide] = {};
    for (int bottom = top; bottom < within.bottom; bottom += 1) {
      int sum = 0, left = within.left;
      for (int x = within.left; x < within.right; x += 1) {
        columns[x] += worth(x, bottom);
        sum += columns[x];
        if (sum > most) {
          most = sum;
          best = CellBox{left, top, x + 1, bottom + 1};
        }
        if (sum > 0) continue;
        sum = 0;
        left = x + 1;
      }
    }
  }
  return best ? std::optional(tight(cells, *best)) : std::nullopt;
}

Agreement counted(const CellState *cells, const CellBox &box) {
  Agreement result;
  for (int y = box.top; y < box.bottom; y += 1) {
    for (int x = box.left; x < box.right; x += 1) {
      const CellState state = cells[y * kCellsASide + x];
      result.agreeing += state == CellState::agrees;
      result.compared += state == CellState::agrees || state == CellState::differs;
      result.contradicting += state == CellState::contradicts;
    }
  }
  return result;
}

}  // namespace hindra
