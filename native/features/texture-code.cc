#include "features/texture-code.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "features/bend.h"
#include "features/brightness.h"

namespace hindra {
namespace {

constexpr int kSigns = 16;
/** The comparisons of a cell reach one sample beyond it. */
constexpr int kMargin = 1;
/** Half a cell, in samples. */
constexpr int kShift = kCellSamples / 2;
constexpr int kBorder = kMargin + kShift;
constexpr int kInner = kCellsASide * kCellSamples;
/** Samples a side of the grid with its border. */
constexpr int kGrid = kInner + 2 * kBorder;
constexpr int kWindow = kCellSamples + 2 * kMargin;
/** Variance of the samples of a cell from which it is textured, in squared grey levels. */
constexpr float kTexturedVariance = 16;
/** The same where a plain cell is contradicted: more than noise, moire and compression add. */
constexpr float kContradictingVariance = 150;
/** Share of 2x2 pixels without contrast from which a neighbourhood is drawn, not photographed. */
constexpr double kGraphicsShare = 0.45;
constexpr int kSignsDifferMax = 4;
/** The same where hardly a sign differs elsewhere. */
constexpr int kSignsDifferFinelyMax = 3;
/** No more differ where both show the same. */
constexpr int kSignsDifferSameMax = 2;

/** A point of the window of a cell, from its top left corner. */
struct Pair {
  uint8_t ax, ay, bx, by;
};

/** Drawn once, small and the same everywhere: they are part of the format. */
struct Pairs {
  Pair of[kSigns];

  Pairs() {
    uint32_t state = 0x2f6e2b1;
    const auto draw = [&state] {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      return uint8_t(state % kWindow);
    };
    for (Pair &pair : of) {
      do pair = {draw(), draw(), draw(), draw()};
      while (std::abs(pair.ax - pair.bx) + std::abs(pair.ay - pair.by) < 2);
    }
  }
};

const Pairs &pairs() {
  static const Pairs drawn;
  return drawn;
}

/** Samples of the coded picture's frame, with what is known of each. */
struct Grid {
  float samples[kGrid][kGrid];
  bool covered[kGrid][kGrid];
};

/** Bilinear; the caller sees to it that it lies inside. */
float sample(const Plane &plane, double x, double y) {
  const double inside_x = std::clamp(x - 0.5, 0.0, double(plane.width - 1));
  const double inside_y = std::clamp(y - 0.5, 0.0, double(plane.height - 1));
  const int left = std::min(int(inside_x), std::max(0, plane.width - 2));
  const int top = std::min(int(inside_y), std::max(0, plane.height - 2));
  const float fx = float(inside_x - left), fy = float(inside_y - top);
  const int right = std::min(left + 1, plane.width - 1);
  const int bottom = std::min(top + 1, plane.height - 1);
  const uint8_t *upper = plane.row(top), *lower = plane.row(bottom);
  const float above = upper[left] + fx * (float(upper[right]) - upper[left]);
  const float below = lower[left] + fx * (float(lower[right]) - lower[left]);
  return above + fy * (below - above);
}

/** Samples the picture over the coded one's frame, smoothed to the distance of the samples. */
void fill(Grid &grid, const Plane *halves, int count, const Placement &placement) {
  const double step = 1.0 / kInner;
  const auto &[map, bend, wider, higher] = placement;
  const double across = std::hypot(map.a * wider, map.d * higher) * step;
  const double down = std::hypot(map.b * wider, map.e * higher) * step;
  // Of the plane that is used a sample is one to two pixels wide.
  double width = std::max(1e-6, std::sqrt(across * down));
  int used = 0;
  while (width >= 2 && used + 1 < count) {
    width /= 2;
    used += 1;
  }
  const double scale = 1.0 / (1 << used);
  const Plane &plane = halves[used];
  const double right = halves[0].width, bottom = halves[0].height;
  for (int y = 0; y < kGrid; y += 1) {
    for (int x = 0; x < kGrid; x += 1) {
      const double u = (x - kBorder + 0.5) * step, v = (y - kBorder + 0.5) * step;
      double px, py;
      placement.apply(u, v, px, py);
      grid.covered[y][x] = px >= 0 && py >= 0 && px <= right && py <= bottom;
      float sum = 0;
      for (int quarter = 0; quarter < 4; quarter += 1) {
        const double du = (quarter & 1 ? 0.25 : -0.25) * step;
        const double dv = (quarter & 2 ? 0.25 : -0.25) * step;
        placement.apply(u + du, v + dv, px, py);
        sum += sample(plane, px * scale, py * scale);
      }
      grid.samples[y][x] = sum / 4;
    }
  }
}

/** Signs of the cell whose first sample lies here, give or take a shift. */
uint16_t signs(const Grid &grid, int cell_x, int cell_y, int shift_x, int shift_y) {
  const int left = kBorder + cell_x * kCellSamples - kMargin + shift_x;
  const int top = kBorder + cell_y * kCellSamples - kMargin + shift_y;
  const Pair *of = pairs().of;
  uint32_t bits = 0;
  for (int sign = 0; sign < kSigns; sign += 1) {
    const Pair &pair = of[sign];
    const float a = grid.samples[top + pair.ay][left + pair.ax];
    const float b = grid.samples[top + pair.by][left + pair.bx];
    bits |= uint32_t(a > b) << sign;
  }
  return uint16_t(bits);
}

float variance(const Grid &grid, int cell_x, int cell_y) {
  float sum = 0, squares = 0;
  constexpr int count = kCellSamples * kCellSamples;
  for (int y = 0; y < kCellSamples; y += 1) {
    for (int x = 0; x < kCellSamples; x += 1) {
      const float level =
          grid.samples[kBorder + cell_y * kCellSamples + y][kBorder + cell_x * kCellSamples + x];
      sum += level;
      squares += level * level;
    }
  }
  const float mean = sum / count;
  return squares / count - mean * mean;
}

bool is_covered(const Grid &grid, int cell_x, int cell_y) {
  const int left = kBorder + cell_x * kCellSamples, top = kBorder + cell_y * kCellSamples;
  const int right = left + kCellSamples - 1, bottom = top + kCellSamples - 1;
  return grid.covered[top][left] && grid.covered[top][right] && grid.covered[bottom][left] &&
         grid.covered[bottom][right];
}

bool bit_at(const uint8_t *mask, int cell) { return (mask[cell >> 3] >> (cell & 7)) & 1; }

void set_bit(uint8_t *mask, int cell) { mask[cell >> 3] |= uint8_t(1 << (cell & 7)); }

/** Which neighbourhoods of 3x3 cells are drawn: interface, writing, flat fills. */
void mark_graphics(const Plane &plane, uint8_t *mask) {
  int flat[kTextureCells] = {}, blocks[kTextureCells] = {};
  for (int y = 0; y + 1 < plane.height; y += 2) {
    const uint8_t *upper = plane.row(y), *lower = plane.row(y + 1);
    const int row = y * kCellsASide / plane.height * kCellsASide;
    for (int x = 0; x + 1 < plane.width; x += 2) {
      const int cell = row + x * kCellsASide / plane.width;
      const int low = std::min(std::min(upper[x], upper[x + 1]), std::min(lower[x], lower[x + 1]));
      const int high = std::max(std::max(upper[x], upper[x + 1]), std::max(lower[x], lower[x + 1]));
      blocks[cell] += 1;
      flat[cell] += high - low <= 1;
    }
  }
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    int some = 0, all = 0;
    for_around(cell, 1, [&](int near) {
      some += flat[near];
      all += blocks[near];
    });
    if (all == 0 || some >= kGraphicsShare * all) set_bit(mask, cell);
  }
}

/** The mean luma of each block. */
void block_means(const Grid &grid, float *means) {
  constexpr int side = kCellsABlock * kCellSamples;
  for (int block = 0; block < kBlocks; block += 1) {
    const int left = kBorder + block % kBlocksASide * side, top = kBorder + block / kBlocksASide * side;
    float sum = 0;
    for (int y = 0; y < side; y += 1) {
      for (int x = 0; x < side; x += 1) sum += grid.samples[top + y][left + x];
    }
    means[block] = sum / (side * side);
  }
}

/** By cell how many signs differ at the shift at which its whole neighbourhood differs least. */
struct Shifted {
  static constexpr int kSpan = 2 * kShift + 1;
  uint8_t differ[kSpan * kSpan][kTextureCells];

  Shifted(const Grid &grid, const uint8_t *code, const bool *wanted) {
    for (int shift = 0; shift < kSpan * kSpan; shift += 1) {
      for (int cell = 0; cell < kTextureCells; cell += 1) {
        if (!wanted[cell]) continue;
        const uint16_t bits = signs(grid, cell % kCellsASide, cell / kCellsASide,
                                    shift % kSpan - kShift, shift / kSpan - kShift);
        differ[shift][cell] = uint8_t(__builtin_popcount(bits ^ code_of_cell(code, cell).signs));
      }
    }
  }

  int least(int cell, const bool *counted) const {
    int best = -1, least = 0;
    for (int shift = 0; shift < kSpan * kSpan; shift += 1) {
      int sum = 0;
      for_around(cell, 1, [&](int near) {
        if (counted[near]) sum += differ[shift][near];
      });
      if (best >= 0 && sum >= least) continue;
      least = sum;
      best = shift;
    }
    return differ[best][cell];
  }
};

}  // namespace

CodeOfCell code_of_cell(const uint8_t *code, int cell) {
  return {is_textured(code, cell) && !is_writing(code, cell),
          uint16_t(code[2 * cell] | code[2 * cell + 1] << 8)};
}

bool is_textured(const uint8_t *code, int cell) { return bit_at(code + kSignBytes, cell); }

bool is_writing(const uint8_t *code, int cell) {
  return is_textured(code, cell) && bit_at(code + kSignBytes + kMaskBytes, cell);
}

double writing_of(const uint8_t *code) {
  int all = 0, writing = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    all += is_textured(code, cell);
    writing += is_writing(code, cell);
  }
  return double(writing) / std::max(1, all);
}

bool are_alike(uint16_t signs, uint16_t others) {
  return __builtin_popcount(uint32_t(signs ^ others)) <= kSignsDifferMax;
}

void Placement::apply(double u, double v, double &to_x, double &to_y) const {
  if (bend != nullptr) bend->apply(u, v, to_x, to_y);
  else map.apply(u, v, to_x, to_y);
  to_x *= across;
  to_y *= down;
}

Affine inverse(const Affine &map) {
  const double area = map.a * map.e - map.b * map.d;
  return {map.e / area,  -map.b / area, (map.b * map.f - map.c * map.e) / area,
          -map.d / area, map.a / area,  (map.c * map.d - map.a * map.f) / area};
}

Affine after(const Affine &outer, const Affine &inner) {
  const auto &[a, b, c, d, e, f] = outer;
  const auto &[g, h, i, j, k, l] = inner;
  return {a * g + b * j, a * h + b * k, a * i + b * l + c,
          d * g + e * j, d * h + e * k, d * i + e * l + f};
}

std::vector<Plane> halves_of(const Plane &plane) {
  std::vector<Plane> halves{plane};
  while (std::min(halves.back().width, halves.back().height) >= 64) {
    halves.push_back(halved(halves.back()));
  }
  return halves;
}

void texture_code(const Plane &plane, uint8_t *code) {
  std::memset(code, 0, kTextureCodeBytes);
  const std::vector<Plane> halves = halves_of(plane);
  Grid grid;
  fill(grid, halves.data(), int(halves.size()),
       {{1, 0, 0, 0, 1, 0}, nullptr, double(plane.width), double(plane.height)});
  uint8_t *textured = code + kSignBytes;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const int x = cell % kCellsASide, y = cell / kCellsASide;
    const uint16_t bits = signs(grid, x, y, 0, 0);
    code[2 * cell] = uint8_t(bits);
    code[2 * cell + 1] = uint8_t(bits >> 8);
    if (variance(grid, x, y) >= kTexturedVariance) set_bit(textured, cell);
  }
  mark_graphics(plane, textured + kMaskBytes);
  float means[kBlocks];
  block_means(grid, means);
  keep_brightness(means, code);
}

Comparison compare_code(const CodeKept &kept, const Plane *halves, int count, const Placement &placement) {
  const uint8_t *code = kept.code;
  Grid grid;
  fill(grid, halves, count, placement);
  Comparison comparison;
  bool compared[kTextureCells];
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const bool covered = is_covered(grid, cell % kCellsASide, cell / kCellsASide);
    comparison.covered[cell] = covered;
    compared[cell] = covered && code_of_cell(code, cell).is_comparable;
    const bool contradicts =
        covered && !bit_at(code + kSignBytes, cell) &&
        variance(grid, cell % kCellsASide, cell / kCellsASide) >= kContradictingVariance;
    if (contradicts) comparison.cells[cell] = CellState::contradicts;
    comparison.differs_clearly[cell] = comparison.differs_finely[cell] = contradicts;
  }
  const Shifted shifted(grid, code, compared);
  int agreeing = 0, noise = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    if (!compared[cell]) continue;
    const int differ = shifted.least(cell, compared);
    const bool agrees = differ <= kSignsDifferMax;
    comparison.cells[cell] = agrees ? CellState::agrees : CellState::differs;
    comparison.differs_clearly[cell] = !agrees;
    comparison.differs_finely[cell] = differ > kSignsDifferFinelyMax;
    comparison.is_same[cell] = differ <= kSignsDifferSameMax;
    agreeing += agrees;
    noise += agrees ? differ : 0;
  }
  comparison.noise = double(noise) / std::max(1, agreeing);
  if (kept.has_brightness) {
    float means[kBlocks];
    block_means(grid, means);
    mark_brightness(kept, means, comparison);
  }
  return comparison;
}

}  // namespace hindra
