#include "features/colours.h"

#include <algorithm>
#include <cstdlib>

namespace hindra {
namespace {

/** Samples a side of each part: `sampled_colours` names their rows. */
constexpr int kSamples = 3;
constexpr int kHueApart = 12;
/** Places a side of a cell that are looked at for its colours. */
constexpr int kPlaces = 4;
/** Flat colours are counted in steps of 4: paper lies in one of them, or beside it. */
constexpr int kStepBits = 2;
constexpr int kStepsASide = 256 >> kStepBits;

/** The middle of each of `kSamples` equal pieces of each of so many parts. */
std::vector<size_t> sample_places(int parts, size_t length) {
  const size_t pieces = size_t(parts) * kSamples;
  std::vector<size_t> places(pieces);
  for (size_t at = 0; at < pieces; at += 1) places[at] = (2 * at + 1) * length / (2 * pieces);
  return places;
}

}  // namespace

Colours sampled_colours(const Pixels &pixels, int width, int height) {
  Colours colours(width, height);
  const std::vector<size_t> columns = sample_places(width, pixels.width);
  const std::vector<size_t> rows = sample_places(height, pixels.height);
  const size_t green = pixels.channels == 1 ? 0 : 1, blue = 2 * green;
  const size_t row_bytes = size_t(pixels.width) * pixels.channels;
  std::vector<uint16_t> sums(row_bytes);
  uint8_t *to = colours.data.data();
  for (int y = 0; y < height; y += 1) {
    // Rows first, which is vector code.
    const size_t *three = &rows[size_t(y) * kSamples];
    const uint8_t *upper = pixels.at(0, three[0]), *middle = pixels.at(0, three[1]), *lower = pixels.at(0, three[2]);
    uint16_t *__restrict sum = sums.data();
    for (size_t at = 0; at < row_bytes; at += 1) sum[at] = uint16_t(upper[at] + middle[at] + lower[at]);
    for (size_t at = 0; at < columns.size(); at += kSamples) {
      unsigned of[3] = {};
      for (size_t column = at; column < at + kSamples; column += 1) {
        const uint16_t *from = sum + columns[column] * pixels.channels;
        of[0] += from[0];
        of[1] += from[green];
        of[2] += from[blue];
      }
      for (const unsigned each : of) *to++ = uint8_t(each / (kSamples * kSamples));
    }
  }
  return colours;
}

Ycc ycc_of(double red, double green, double blue) {
  const double luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return {luma, kGrey + 0.564 * (blue - luma), kGrey + 0.713 * (red - luma)};
}

Ycc mean_of(const std::vector<Colour> &colours, size_t from) {
  double red = 0, green = 0, blue = 0;
  for (size_t i = from; i < colours.size(); i += 1) {
    red += colours[i].red;
    green += colours[i].green;
    blue += colours[i].blue;
  }
  const double count = double(colours.size() - from);
  return ycc_of(red / count, green / count, blue / count);
}

bool Colour::is_near(const Colour &other, int apart) const {
  const int lighter = luma() - other.luma();
  return std::abs(lighter) <= apart && std::abs(red - other.red - lighter) <= kHueApart &&
         std::abs(blue - other.blue - lighter) <= kHueApart;
}

void add_colours(const Colours &colours, const Placement &placement, int cell, std::vector<Colour> &to) {
  for (int place = 0; place < kPlaces * kPlaces; place += 1) {
    const double u = (cell % kCellsASide + (place % kPlaces + 0.5) / kPlaces) / kCellsASide;
    const double v = (cell / kCellsASide + (place / kPlaces + 0.5) / kPlaces) / kCellsASide;
    double x, y;
    placement.apply(u, v, x, y);
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) continue;
    const uint8_t *at = colours.at(std::min(int(x * colours.width), colours.width - 1),
                                   std::min(int(y * colours.height), colours.height - 1));
    to.push_back({at[0], at[1], at[2]});
  }
}

double paper_share(const Comparison &comparison, const CellBox &visible, const Colours &colours,
                   const Placement &placement) {
  std::vector<Colour> all;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const bool is_visible = visible.holds(cell % kCellsASide, cell / kCellsASide);
    if (is_visible && comparison.covered[cell]) add_colours(colours, placement, cell, all);
  }
  if (all.empty()) return 0;
  std::vector<int> counts(size_t(kStepsASide) * kStepsASide * kStepsASide);
  int most = 0;
  for (const auto &[red, green, blue] : all) {
    const int at = ((red >> kStepBits) * kStepsASide + (green >> kStepBits)) * kStepsASide;
    int &count = counts[size_t(at + (blue >> kStepBits))];
    count += 1;
    most = std::max(most, count);
  }
  return double(most) / double(all.size());
}

}  // namespace hindra
