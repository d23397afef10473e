#pragma once

#include <cstdint>
#include <vector>

#include "kernels/plane.h"
#include "pdq/pixels.h"

namespace hindra {

/** 8-bit luma, rows top to bottom without gaps. */
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> data;

  Plane() = default;
  Plane(int plane_width, int plane_height)
      : width(plane_width), height(plane_height), data(size_t(plane_width) * plane_height) {}

  const uint8_t *row(int y) const { return data.data() + size_t(y) * width; }
  uint8_t *row(int y) { return data.data() + size_t(y) * width; }
};

/**
 * Luma (Rec. 601) of a picture, brought to `side` pixels on its longer side: by the mean of the area
 * where it shrinks, else bilinearly. The shorter side keeps at least one pixel.
 */
Plane scaled_luma(const Pixels &pixels, int side);

/** Where each of `to` samples of a row lies between two of `from`. */
ScaledColumns scaled_columns(int from, int to);

/** Bilinearly to this size, which is no less than half. */
Plane resized(const Plane &plane, int width, int height);

/** Half the sides, rounded down, by the mean of 2x2. */
Plane halved(const Plane &plane);

/** Gaussian of deviation 2 over 7x7. Within 3 pixels of the edge it is as it was. */
void blur(const Plane &plane, Plane &out);

}  // namespace hindra
