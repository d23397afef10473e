#include "features/insets.h"

#include <algorithm>
#include <array>

namespace hindra {
namespace {

/** Pixels of a block's side: `grid_of` goes through them one by one. */
constexpr int kBlock = 4;
/** Grey levels within which a block is paint, after compression. */
constexpr int kPaintRange = 8;
/** Grey levels within which a line is. */
constexpr int kLineRange = 12;
/** A narrower picture shows too little to be told by its features. */
constexpr int kSideMin = 36;
/** One that takes more is found at the size of the whole. */
constexpr double kShareMax = 0.5;
/** Shares of its blocks, and of those along an edge, that show something; a sky may leave one edge plain. */
constexpr double kFillMin = 0.5;
constexpr double kEdgeMin = 0.6;
constexpr int kEdgesMin = 3;
/** Share of its pixels about one level: a bubble of letters is mostly paint. */
constexpr double kPaintMax = 0.5;
/** Pixels of a frame that are left out to look within it, and how many frames may lie one in the other. */
constexpr int kFrame = 2 * kBlock;
constexpr int kFramesMax = 3;
constexpr double kPaintOfPhotograph = 0.25;
/** Share of the blocks of a box in which paint parts nothing: a ring around what is shown takes more. */
constexpr double kFull = 0.98;
/** Levels of one paint, to either side. */
constexpr int kPaintNear = 4;

/** Blocks of a part of a plane in which something is to be seen. */
struct Grid {
  Inset part;
  int width;
  int height;
  std::vector<uint8_t> shown;

  bool at(int x, int y) const { return shown[size_t(y) * size_t(width) + size_t(x)] != 0; }
};

/** Whether the pixels of a rectangle are of one paint. */
bool is_paint(const Plane &plane, const Inset &box, int range) {
  int low = 255, high = 0;
  for (int y = box.top; y < box.bottom; y += 1) {
    const uint8_t *row = plane.row(y);
    for (int x = box.left; x < box.right; x += 1) {
      low = std::min<int>(low, row[x]);
      high = std::max<int>(high, row[x]);
      if (high - low > range) return false;
    }
  }
  return true;
}

Grid grid_of(const Plane &plane, const Inset &part) {
  Grid grid{part, (part.right - part.left) / kBlock, (part.bottom - part.top) / kBlock, {}};
  grid.shown.resize(size_t(grid.width) * size_t(grid.height));
  const size_t columns = size_t(grid.width) * kBlock;
  std::vector<uint8_t> lowest(columns), highest(columns);
  for (int y = 0; y < grid.height; y += 1) {
    const uint8_t *row = plane.row(part.top + y * kBlock) + part.left;
    const uint8_t *second = row + plane.width, *third = second + plane.width, *fourth = third + plane.width;
    // By column first, which is vector code where the compiler knows that nothing overlaps.
    uint8_t *__restrict low = lowest.data(), *__restrict high = highest.data();
    for (size_t x = 0; x < columns; x += 1) {
      low[x] = std::min(std::min(row[x], second[x]), std::min(third[x], fourth[x]));
      high[x] = std::max(std::max(row[x], second[x]), std::max(third[x], fourth[x]));
    }
    uint8_t *to = &grid.shown[size_t(y) * size_t(grid.width)];
    for (size_t x = 0; x < columns; x += kBlock) {
      const int most = std::max(std::max(high[x], high[x + 1]), std::max(high[x + 2], high[x + 3]));
      const int least = std::min(std::min(low[x], low[x + 1]), std::min(low[x + 2], low[x + 3]));
      *to++ = most - least > kPaintRange;
    }
  }
  return grid;
}

/** The parts that painted lines across all of it leave, from one edge to the other. */
std::vector<Inset> cut(const Plane &plane, const Inset &part, bool is_across) {
  std::vector<Inset> parts;
  const auto &[left, top, right, bottom] = part;
  const int from = is_across ? top : left, to = is_across ? bottom : right;
  int start = -1;
  for (int at = from; at <= to; at += 1) {
    const bool is_line =
        at == to || is_paint(plane, is_across ? Inset{left, at, right, at + 1}
                                              : Inset{at, top, at + 1, bottom}, kLineRange);
    if (!is_line) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      parts.push_back(is_across ? Inset{left, start, right, at} : Inset{start, top, at, bottom});
      start = -1;
    }
  }
  return parts;
}

double area_of(const Inset &box) {
  return double(box.right - box.left) * (box.bottom - box.top);
}

bool is_same(const Inset &a, const Inset &b) {
  return a.left == b.left && a.top == b.top && a.right == b.right && a.bottom == b.bottom;
}

bool is_large(const Inset &box) {
  return std::min(box.right - box.left, box.bottom - box.top) >= kSideMin;
}

/** The parts of a part of a plane through which no painted line goes. */
std::vector<Inset> parts_of(const Plane &plane, const Inset &all) {
  std::vector<Inset> parts;
  std::vector<Inset> waiting{all};
  while (!waiting.empty()) {
    const Inset part = waiting.back();
    waiting.pop_back();
    std::vector<Inset> smaller;
    for (const Inset &row : cut(plane, part, true)) {
      for (const Inset &each : cut(plane, row, false)) smaller.push_back(each);
    }
    const bool is_whole = smaller.size() == 1 && is_same(smaller[0], part);
    for (const Inset &each : smaller) {
      if (is_large(each)) (is_whole ? parts : waiting).push_back(each);
    }
  }
  return parts;
}

/** Blocks that hang together, as the box around them. */
struct Cluster {
  Inset box;
  /** Whether all of the box is shown, or nearly: paint that lies in it could part nothing. */
  bool is_full;
};

/** Each of its blocks is taken out of the grid, a run of a row at a time. */
Cluster taken_out(Grid &left, int x, int y) {
  Inset box{x, y, x + 1, y + 1};
  size_t count = 0;
  std::vector<std::array<int, 2>> waiting{{x, y}};
  while (!waiting.empty()) {
    const auto [at, row] = waiting.back();
    waiting.pop_back();
    uint8_t *shown = &left.shown[size_t(row) * size_t(left.width)];
    if (shown[at] == 0) continue;
    int first = at, end = at + 1;
    while (first > 0 && shown[first - 1] != 0) first -= 1;
    while (end < left.width && shown[end] != 0) end += 1;
    std::fill(shown + first, shown + end, uint8_t(0));
    count += size_t(end - first);
    box = {std::min(box.left, first), std::min(box.top, row), std::max(box.right, end),
           std::max(box.bottom, row + 1)};
    // Blocks that touch by a corner hang together as well.
    const int from = std::max(0, first - 1), to = std::min(left.width, end + 1);
    for (const int other : {row - 1, row + 1}) {
      if (other < 0 || other >= left.height) continue;
      for (int run = from; run < to; run += 1) {
        const bool is_start = run == from || !left.at(run - 1, other);
        if (is_start && left.at(run, other)) waiting.push_back({run, other});
      }
    }
  }
  const auto &[part_left, part_top, part_right, part_bottom] = left.part;
  const Inset around{part_left + kBlock * box.left, part_top + kBlock * box.top,
                     part_left + kBlock * box.right, part_top + kBlock * box.bottom};
  return {around, double(count) >= kFull * area_of(box)};
}

/** The share of the blocks in a box, counted in blocks, that show something. */
double share_shown(const Grid &grid, const Inset &blocks) {
  int shown = 0;
  for (int y = blocks.top; y < blocks.bottom; y += 1) {
    for (int x = blocks.left; x < blocks.right; x += 1) shown += grid.at(x, y) ? 1 : 0;
  }
  return double(shown) / ((blocks.right - blocks.left) * (blocks.bottom - blocks.top));
}

/** Whether something is to be seen along its edges: it ends in straight lines. */
bool is_rectangle(const Grid &grid) {
  // The outermost row of blocks may hold a sliver of it: the next one counts as well.
  const auto is_edge = [&](const Inset &outer, const Inset &inner) {
    return std::max(share_shown(grid, outer), share_shown(grid, inner)) >= kEdgeMin;
  };
  const int right = grid.width, bottom = grid.height;
  const int edges = is_edge({0, 0, right, 1}, {0, 1, right, 2}) +
                    is_edge({0, bottom - 1, right, bottom}, {0, bottom - 2, right, bottom - 1}) +
                    is_edge({0, 0, 1, bottom}, {1, 0, 2, bottom}) +
                    is_edge({right - 1, 0, right, bottom}, {right - 2, 0, right - 1, bottom});
  return edges >= kEdgesMin;
}

/** The largest share of the pixels that are about one level. */
double paint_of(const Plane &plane, const Inset &box) {
  std::array<int, 256> counts{};
  for (int y = box.top; y < box.bottom; y += 1) {
    const uint8_t *row = plane.row(y);
    for (int x = box.left; x < box.right; x += 1) counts[row[x]] += 1;
  }
  int most = 0;
  for (int level = 0; level < 256; level += 1) {
    int near = 0;
    for (int at = std::max(0, level - kPaintNear); at <= std::min(255, level + kPaintNear); at += 1) {
      near += counts[size_t(at)];
    }
    most = std::max(most, near);
  }
  return double(most) / ((box.right - box.left) * (box.bottom - box.top));
}

/** How much is to be seen in it; 0 where it is none. */
double told_by(const Plane &plane, const Inset &box) {
  const double area = area_of(box);
  if (!is_large(box) || area > kShareMax * plane.width * plane.height) return 0;
  const Grid grid = grid_of(plane, box);
  if (share_shown(grid, {0, 0, grid.width, grid.height}) < kFillMin || !is_rectangle(grid)) return 0;
  const double paint = paint_of(plane, box);
  return paint > kPaintMax ? 0 : area * (1 - paint);
}

struct Told {
  Inset box;
  double by;
};

/** What lies within a frame: a card, a bubble with round corners, a screenshot in another one. */
Inset without_frame(const Inset &box) {
  return {box.left + kFrame, box.top + kFrame, box.right - kFrame, box.bottom - kFrame};
}

/** Adds what a part of a plane shows small, and what is shown in frames there, one in the other. */
void find_in(const Plane &plane, const Inset &all, int frames, std::vector<Told> &found) {
  // Whether it is a photograph, in which no more are shown small; a screenshot is half paint.
  const auto look = [&](const Inset &box) {
    const double by = told_by(plane, box);
    if (by > 0) found.push_back({box, by});
    return by > (1 - kPaintOfPhotograph) * area_of(box);
  };
  for (const Inset &part : parts_of(plane, all)) {
    if (look(part)) continue;
    // Where bubbles or a rounded corner touch no line goes through: what hangs together in blocks is looked at.
    Grid left = grid_of(plane, part);
    for (int y = 0; y < left.height; y += 1) {
      for (int x = 0; x < left.width; x += 1) {
        if (!left.at(x, y)) continue;
        const auto [box, is_full] = taken_out(left, x, y);
        if (look(box) || is_full || frames == 0) continue;
        const Inset inner = without_frame(box);
        if (is_large(inner)) find_in(plane, inner, frames - 1, found);
      }
    }
  }
}

}  // namespace

std::vector<Inset> find_insets(const Plane &plane, size_t most) {
  std::vector<Told> found;
  find_in(plane, {0, 0, plane.width, plane.height}, kFramesMax, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Told &a, const Told &b) { return a.by > b.by; });
  if (found.size() > most) found.resize(most);
  std::vector<Inset> insets;
  for (const Told &told : found) insets.push_back(told.box);
  return insets;
}

}  // namespace hindra
