#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "features/visible.h"
#include "pdq/pixels.h"

namespace hindra {

/** Colours of a picture on a coarse raster: red, green, blue, rows top to bottom without gaps. */
struct Colours {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> data;

  Colours() = default;
  Colours(int raster_width, int raster_height)
      : width(raster_width), height(raster_height),
        data(size_t(raster_width) * raster_height * 3) {}

  const uint8_t *at(int x, int y) const { return data.data() + (size_t(y) * width + x) * 3; }
};

struct Colour {
  int red;
  int green;
  int blue;

  int least() const { return std::min(red, std::min(green, blue)); }
  int most() const { return std::max(red, std::max(green, blue)); }
  int luma() const { return (77 * red + 150 * green + 29 * blue) >> 8; }
  /** Whether the luma lies within this, and the hue as near as JPEG, which halves it, leaves one paint. */
  bool is_near(const Colour &other, int apart) const;
};

/** A colour by ITU-T T.871: grey has a blue and a red of 128. */
struct Ycc {
  double luma;
  double blue;
  double red;
};
constexpr double kGrey = 128;
Ycc ycc_of(double red, double green, double blue);

/** The mean of the colours from this one on; there must be one. */
Ycc mean_of(const std::vector<Colour> &colours, size_t from);

/** Appends the colours of the other picture at some places of one cell of the known one. */
void add_colours(const Colours &colours, const Placement &placement, int cell, std::vector<Colour> &to);

/**
 * The share of what the other picture shows of the known one that has one and the same flat colour: the
 * paper of a document, the ground of an app's page.
 */
double paper_share(const Comparison &comparison, const CellBox &visible, const Colours &colours,
                   const Placement &placement);

/** The mean of a few samples of each part: enough to tell paint from what was photographed. */
Colours sampled_colours(const Pixels &pixels, int width, int height);

}  // namespace hindra
