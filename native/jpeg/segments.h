#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "jpeg/file.h"
#include "jpeg/headers.h"

namespace hindra::jpeg {

struct Limits {
  /** Of the whole picture. */
  uint32_t side_min;
  uint64_t pixels_max;
};

/** What of a component was read: the lowest bit that is known of each coefficient, in zigzag order. */
class Progress {
 public:
  Progress() { lowest_.fill(kNothing); }

  /** Throws `scans` where this is not what comes next. */
  void take(const Scan &scan, bool is_progressive);
  bool is_complete() const;

 private:
  static constexpr int8_t kNothing = -1;
  std::array<int8_t, kCoefficients> lowest_;
};

/**
 * The segments of a file, one after the other and each of them checked, up to its end. What scans hold is left to the
 * classes below it.
 */
class Segments {
 public:
  Segments(const uint8_t *file, size_t size, const Limits &limits) : file_{file, size}, limits_(limits) {}
  virtual ~Segments() = default;

  /** Throws `Declined`. */
  void read();

 protected:
  /** Told of the frame, which comes once and before all scans. */
  virtual void begin() {}
  /** Where a component was read to. A scan of none of which this says anything is passed over. */
  virtual Progress *progress_of(size_t place) = 0;
  /** Reads a scan that has first coefficients, from `at` on; returns where the marker behind it is. */
  virtual size_t read_scan(const Scan &scan, size_t at) = 0;

  const File &file() const { return file_; }
  const Frame &frame() const { return *frame_; }
  const Tables &tables() const { return tables_; }
  /** Those of the component's first scan: they hold for the whole picture, whatever is defined later. */
  const Steps &steps_of(size_t place) const { return *steps_[place]; }

 private:
  void read_segment(uint8_t code, Segment segment);
  void read_scan_segment(Segment segment, size_t &at);
  void require_codes(const Scan &scan) const;
  void require_whole();

  const File file_;
  const Limits limits_;
  Tables tables_;
  std::optional<Frame> frame_;
  std::optional<Segment> adobe_;
  std::array<std::optional<Steps>, kComponentsMax> steps_;
  int scans_ = 0;
};

}  // namespace hindra::jpeg
