#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra {

/** Side of the grid of luma samples that PDQ looks at. */
constexpr int kGridSide = 64;
constexpr int kGridCells = kGridSide * kGridSide;
/** Frequencies an axis, from 1 up: PDQ leaves the constant term out. */
constexpr int kDctSide = 16;
constexpr int kDctCells = kDctSide * kDctSide;

/** Interleaved 8-bit samples: 1 channel (grey), 3 (RGB) or 4 (RGBA, of which A is not looked at). */
struct Pixels {
  const uint8_t *first;
  uint32_t width;
  uint32_t height;
  /** 1, 3 or 4. */
  uint32_t channels;
  /** Bytes from one row to the next, so that a rectangle of a picture is a picture too. */
  size_t stride;

  const uint8_t *at(size_t x, size_t y) const { return first + y * stride + x * channels; }
};

/** Samples on one axis that PDQ's box filter averages, and where its 64 samples lie. */
struct BoxAxis {
  size_t length;
  size_t window;
  /** Samples of the window that lie ahead of the one in question; the others lie behind. */
  size_t after;

  explicit BoxAxis(size_t axis_length)
      : length(axis_length), window((axis_length + 127) / 128), after((window + 2) / 2 - 1) {}

  size_t before() const { return window - after - 1; }
  /** The middle of each of 64 equal parts, rounded down. */
  size_t sample(size_t i) const { return (2 * i + 1) * length / (2 * kGridSide); }
  size_t start(size_t at) const { return at < before() ? 0 : at - before(); }
  size_t end(size_t at) const { return at + after + 1 < length ? at + after + 1 : length; }
};

}  // namespace hindra
