#include "features/differing.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "features/blocks.h"
#include "features/robust-fit.h"

namespace hindra {
namespace {

/** Of the 3x3 cells around one so many must differ: what differs by chance lies alone. */
constexpr int kAroundMin = 5;
/** The same by what differs finely, where no more signs than this differ in the mean of the cells that agree. */
constexpr int kAroundFinelyMin = 4;
constexpr double kNoiseMax = 0.9;
/** Letters are thin and blurred: of an area that is written over so much is their paint, or nearly white or black. */
constexpr double kPaintOfLettersMin = 0.05;
constexpr double kInkMin = 0.08;
/** Ink is so many times as frequent in the area as in all else. */
constexpr double kInkMore = 3;
constexpr int kInkBlackMax = 40;
constexpr int kInkWhiteMin = 215;
/** What is between letters shows no ink, nor its blurred edge, and looks so nearly as the known picture does there. */
constexpr int kBetweenBlackMax = 50;
constexpr int kBetweenWhiteMin = 205;
constexpr double kBetweenApart = 14;
/** Chroma is off by half as much as luma. */
constexpr double kChromaCounts = 2;
/** Of fewer places in a block nothing is said. */
constexpr size_t kBetweenMin = 3;
constexpr size_t kBetweenShare = 8;
/** Of the 3x3 cells around one so many are of the area where the cell is not at its rim. */
constexpr int kInnerMin = 8;
/** Cells around an area that may still be touched by it. */
constexpr int kRim = 2;
/** Paint is this saturated (of 255), or black, or white: skin is less. */
constexpr int kSaturationMin = 130;
constexpr int kBrightMin = 64;
constexpr int kBlackMax = 24;
constexpr int kWhiteMin = 232;
/** How far the luma of one paint lies apart after compression. */
constexpr int kPaintApart = 4;
/** And so near lie most of them, where a shaded surface is as wide as it is let. */
constexpr int kSharpApart = 2;
constexpr double kSharpShare = 0.85;
/** A drawing has few paints, and each covers something of it. */
constexpr int kPaintsMax = 8;
constexpr double kPaintShareMin = 0.03;
/** A paint that is not strong must be the ground of the drawing. */
constexpr double kGroundShareMin = 0.25;
/** Paint that the picture has elsewhere too is the picture's own; what is not strong has it nowhere. */
constexpr double kElsewhereMax = 0.02;
constexpr double kElsewhereMaxWeak = 0.005;
/** So much of a drawing is paint, without what is the picture's own, which is so much of it at most. */
constexpr double kPaintedShare = 0.4;
constexpr double kOwnShareMax = 0.4;
/** An area of one strong paint and nothing else is a bar or a box, whatever else of the picture is as dark. */
constexpr double kSolidShare = 0.95;
/** What hides more than this of a picture leaves too little that could tell whose it is. */
constexpr double kDrawnMax = 0.45;
/** Letters cover no more of it in one place: what is large and white in part is a person. */
constexpr double kWrittenMax = 0.1;

/** Whether this is what drawings are filled with: saturated, black or white. */
bool is_strong(const Colour &colour) {
  const int high = colour.most(), low = colour.least();
  if (high <= kBlackMax || low >= kWhiteMin) return true;
  return high >= kBrightMin && (high - low) * 255 >= kSaturationMin * high;
}

size_t count_near(const std::vector<Colour> &colours, const Colour &paint, int apart) {
  return size_t(std::count_if(colours.begin(), colours.end(),
                              [&](const Colour &colour) { return colour.is_near(paint, apart); }));
}

/** The colour that most others are near, of a few of them: an area has a few hundred. */
struct Commonest {
  Colour colour{0, 0, 0};
  size_t count = 0;
  /** How near the most of those lie to one of them. */
  double sharpness = 0;
};

Commonest commonest_of(const std::vector<Colour> &colours) {
  constexpr size_t tried = 64;
  const size_t step = std::max<size_t>(1, colours.size() / tried);
  Commonest most;
  for (size_t i = 0; i < colours.size(); i += step) {
    const size_t near = count_near(colours, colours[i], kPaintApart);
    if (near > most.count) most = {colours[i], near, 0};
  }
  size_t sharpest = 0;
  for (size_t i = 0; i < colours.size(); i += step) {
    if (!colours[i].is_near(most.colour, kPaintApart)) continue;
    sharpest = std::max(sharpest, count_near(colours, colours[i], kSharpApart));
  }
  most.sharpness = double(sharpest) / double(std::max<size_t>(1, most.count));
  return most;
}

/** How much of an area is of a few flat paints that the picture has nowhere else, and how much is the picture's own. */
struct Painted {
  double painted = 0;
  double own = 0;

  bool is_drawn() const { return own <= kOwnShareMax && painted >= kPaintedShare * (1 - own); }
};

/** Clothes and skin are shaded, a wall that was behind goes on beside the area, and neither is paint. */
Painted painted_of(const std::vector<Colour> &inside, const std::vector<Colour> &outside) {
  if (inside.empty() || outside.empty()) return {};
  const double all = double(inside.size());
  std::vector<Colour> left = inside;
  Painted of;
  for (int paint = 0; paint < kPaintsMax && !left.empty(); paint += 1) {
    const Commonest most = commonest_of(left);
    const double share = double(most.count) / all;
    if (share < kPaintShareMin) break;
    if (is_strong(most.colour) && std::min(share, most.sharpness) >= kSolidShare) return {1, 0};
    const double elsewhere =
        double(count_near(outside, most.colour, kPaintApart)) / double(outside.size());
    const bool strong = is_strong(most.colour);
    if (elsewhere > (strong ? kElsewhereMax : kElsewhereMaxWeak)) of.own += share;
    else if (most.sharpness >= kSharpShare && (strong || share >= kGroundShareMin)) of.painted += share;
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&](const Colour &colour) {
                                return colour.is_near(most.colour, kPaintApart);
                              }),
               left.end());
  }
  return of;
}

/** Cells that differ, and most of whose neighbours do. */
CellMask gathered(const bool *differing, const CellBox &visible, int around_min) {
  const auto differs = [&](int cell) {
    return visible.holds(cell % kCellsASide, cell / kCellsASide) && differing[cell];
  };
  CellMask mask;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    int around = 0;
    for_around(cell, 1, [&](int near) { around += differs(near); });
    mask[size_t(cell)] = differs(cell) && around >= around_min;
  }
  return mask;
}

/** The cells that hang together with this one; they are taken out of `left`. */
CellMask taken(CellMask &left, int cell) {
  CellMask area;
  std::vector<int> next{cell};
  left.reset(size_t(cell));
  while (!next.empty()) {
    const int at = next.back();
    next.pop_back();
    area.set(size_t(at));
    for_around(at, 1, [&](int near) {
      if (!left.test(size_t(near))) return;
      left.reset(size_t(near));
      next.push_back(near);
    });
  }
  return area;
}

/** With all that hangs together with it and differs slightly (hysteresis: Canny, 1986). */
CellMask grown_to(const CellMask &area, const Comparison &comparison, const CellBox &visible) {
  CellMask left = area;
  int first = kTextureCells;
  for (int cell = kTextureCells - 1; cell >= 0; cell -= 1) {
    const bool is_shown = comparison.covered[cell] && visible.holds(cell % kCellsASide, cell / kCellsASide);
    if (area.test(size_t(cell))) first = cell;
    else left[size_t(cell)] = is_shown && comparison.differs_slightly[cell];
  }
  return taken(left, first);
}

CellMask widened(const CellMask &mask) {
  CellMask wide;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (mask.test(size_t(cell))) for_around(cell, kRim, [&](int near) { wide.set(size_t(near)); });
  }
  return wide;
}

/** What lies at the rim of a drawing shows half of what is behind it. */
CellMask without_rim(const CellMask &area) {
  CellMask inner;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (!area.test(size_t(cell))) continue;
    int around = 0;
    for_around(cell, 1, [&](int near) { around += area.test(size_t(near)); });
    inner[size_t(cell)] = around >= kInnerMin;
  }
  return inner.any() ? inner : area;
}

CellBox box_around(const CellMask &area) {
  CellBox box{kCellsASide, kCellsASide, 0, 0};
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (!area.test(size_t(cell))) continue;
    box.left = std::min(box.left, cell % kCellsASide);
    box.top = std::min(box.top, cell / kCellsASide);
    box.right = std::max(box.right, cell % kCellsASide + 1);
    box.bottom = std::max(box.bottom, cell / kCellsASide + 1);
  }
  return box;
}

/** How many cells the other picture shows. */
size_t shown_of(const Comparison &comparison, const CellBox &visible) {
  size_t shown = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    shown += comparison.covered[cell] && visible.holds(cell % kCellsASide, cell / kCellsASide);
  }
  return shown;
}

/** An area of cells has a share of what is shown, and colours: its own, those of all else, and what is paint among its own. */
struct Area {
  const CellMask &cells;
  double share;
  const std::vector<Colour> &inside, &outside;
  Painted painted;

  bool has_paint() const { return painted.painted >= kPaintOfLettersMin; }
};

/** Whether something white or black is on it that is hardly so elsewhere, as letters are. */
bool has_ink(const Area &area) {
  const std::vector<Colour> &inside = area.inside, &outside = area.outside;
  const auto is_more = [&](auto &&is_ink) {
    const double here = double(std::count_if(inside.begin(), inside.end(), is_ink)) * double(outside.size());
    const double there = double(std::count_if(outside.begin(), outside.end(), is_ink)) * double(inside.size());
    return here >= kInkMin * double(inside.size()) * double(outside.size()) && here >= kInkMore * there;
  };
  return is_more([](const Colour &of) { return of.least() >= kInkWhiteMin; }) ||
         is_more([](const Colour &of) { return of.most() <= kInkBlackMax; });
}

/** Whether half of what is between letters looks as the known picture must look there; where nothing tells, not. */
bool shows_between(const Area &area, const Comparison &comparison, const Colours &colours, const Placement &placement) {
  std::vector<double> apart;
  for (int block = 0; block < kBlocks; block += 1) {
    const Expected &expected = comparison.expected[block];
    if (std::isnan(expected.luma)) continue;
    std::vector<Colour> all, between;
    for_cells(block, [&](int cell) {
      if (area.cells.test(size_t(cell))) add_colours(colours, placement, cell, all);
    });
    std::copy_if(all.begin(), all.end(), std::back_inserter(between), [](const Colour &of) {
      return of.least() < kBetweenWhiteMin && of.most() > kBetweenBlackMax;
    });
    if (between.size() < kBetweenMin || between.size() * kBetweenShare < all.size()) continue;
    const Ycc mean = mean_of(between, 0);
    const double luma = std::abs(mean.luma - expected.luma);
    const double chroma = std::hypot(mean.blue - expected.blue, mean.red - expected.red);
    apart.push_back(std::isnan(chroma) ? luma : std::max(luma, kChromaCounts * chroma));
  }
  return !apart.empty() && median_of(apart) <= kBetweenApart;
}

/** Calls `each` with every area of these cells. */
template <typename Each>
void for_areas(CellMask left, const Comparison &comparison, size_t shown, const Colours &colours,
               const Placement &placement, Each each) {
  const CellMask rim = widened(left);
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (!left.test(size_t(cell))) continue;
    const CellMask area = taken(left, cell);
    const CellMask inner = without_rim(area);
    std::vector<Colour> inside, outside;
    for (int at = 0; at < kTextureCells; at += 1) {
      if (inner.test(size_t(at))) add_colours(colours, placement, at, inside);
      if (!rim.test(size_t(at)) && comparison.covered[at]) add_colours(colours, placement, at, outside);
    }
    const double share = double(area.count()) / double(std::max<size_t>(1, shown));
    each(Area{area, share, inside, outside, painted_of(inside, outside)});
  }
}

}  // namespace

Differing differing_of(const Comparison &comparison, const CellBox &visible, const Colours &colours,
                       const Placement &placement) {
  Differing differing;
  const size_t shown = shown_of(comparison, visible);
  const auto is_shown_between = [&](const Area &area) {
    return shows_between(area, comparison, colours, placement);
  };
  const CellMask clearly = gathered(comparison.differs_clearly, visible, kAroundMin);
  for_areas(clearly, comparison, shown, colours, placement, [&](const Area &area) {
    const bool is_written = area.share <= kWrittenMax && (has_ink(area) || area.has_paint()) && is_shown_between(area);
    if (is_written || (area.share <= kDrawnMax && area.painted.is_drawn())) {
      differing.drawn |= area.cells;
      return;
    }
    const CellMask grown = grown_to(area.cells, comparison, visible);
    differing.natural |= grown;
    const double share = double(grown.count()) / double(shown);
    if (share <= differing.largest) return;
    differing.largest = share;
    differing.box = box_around(grown);
  });
  // Chroma tells what texture does not where that is noisy.
  const bool *fine = comparison.noise < kNoiseMax ? comparison.differs_finely : comparison.differs_in_chroma;
  const CellMask finely = gathered(fine, visible, kAroundFinelyMin);
  for_areas(finely, comparison, shown, colours, placement, [&](const Area &area) {
    if (area.share <= differing.fine || (area.cells & differing.drawn).any()) return;
    if (area.painted.is_drawn() || has_ink(area) || (area.has_paint() && is_shown_between(area))) return;
    differing.fine = area.share;
    differing.fine_box = box_around(area.cells);
  });
  return differing;
}

}  // namespace hindra
