#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "jpeg/headers.h"

namespace hindra::jpeg {

/** Bytes of a file, none of which is read beyond its end: all of it throws `cut_off` there. */
class File {
 public:
  File(const uint8_t *data, size_t size) : data_(data), size_(size) {}

  size_t size() const { return size_; }
  uint8_t byte_at(size_t at) const;

  /** The code of the marker at `at`, which must be one, and moves `at` behind it. Throws `damaged`. */
  uint8_t marker_at(size_t &at) const;

  /** The segment whose length is at `at`, and moves `at` behind it. Throws `damaged`. */
  Segment segment_at(size_t &at) const;

  /** Where the marker is that ends the entropy-coded data at `at`; restarts are part of them. */
  size_t next_marker(size_t at) const;

  /**
   * Copies entropy-coded data from `at` up to a marker, restarts included, without the zero that follows each 0xff
   * there, and moves `at` to the marker. `out` has room for all bytes from `at` on. How many were written. Throws
   * `damaged` where 0xff is repeated before that zero: that is before markers alone (T.81, B.1.1.2), and what decoders
   * make of it differs, libjpeg-turbo's from one way of reading to the next.
   */
  size_t unstuffed(size_t &at, uint8_t *out) const;

 private:
  /** Of the first byte from `at` on that is no 0xff, where one stands at `at` - 1. */
  size_t behind_fill(size_t at) const;
  size_t prefix_from(size_t at) const;

  const uint8_t *data_;
  size_t size_;
};

}  // namespace hindra::jpeg
