// The segments of a JPEG (ITU-T T.81, annex B): what they say, checked. All of it throws `Declined`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "jpeg/huffman.h"

namespace hindra::jpeg {

namespace marker {
constexpr uint8_t kPrefix = 0xff;
constexpr uint8_t kBaseline = 0xc0, kExtended = 0xc1, kProgressive = 0xc2;
constexpr uint8_t kHuffmanTables = 0xc4;
constexpr uint8_t kRestartFirst = 0xd0, kRestartLast = 0xd7;
constexpr uint8_t kStart = 0xd8, kEnd = 0xd9;
constexpr uint8_t kScan = 0xda;
constexpr uint8_t kQuantisationTables = 0xdb;
constexpr uint8_t kRestartInterval = 0xdd;
constexpr uint8_t kApplicationFirst = 0xe0, kAdobe = 0xee, kApplicationLast = 0xef;
constexpr uint8_t kComment = 0xfe;
}  // namespace marker

/** Pixels on a side of a block, and its coefficients. */
constexpr uint32_t kBlockSide = 8;
constexpr size_t kCoefficients = kBlockSide * kBlockSide;

/** The data of one segment, read from its start. */
class Segment {
 public:
  Segment(const uint8_t *data, size_t count) : data_(data), count_(count) {}

  size_t left() const { return count_; }
  uint8_t byte() { return *bytes(1); }
  uint16_t word() {
    const uint8_t *both = bytes(2);
    return uint16_t(both[0] << 8 | both[1]);
  }
  /** The next `count` bytes. Throws `damaged` where there are not so many. */
  const uint8_t *bytes(size_t count);

 private:
  const uint8_t *data_;
  size_t count_;
};

struct Component {
  uint8_t id;
  /** Samples to those of the other components. */
  uint8_t across;
  uint8_t down;
  uint8_t quantisation;
};

/** At most so many components are read; luma is the first. */
constexpr size_t kComponentsMax = 3;

struct Frame {
  bool is_progressive;
  uint32_t width;
  uint32_t height;
  size_t component_count;
  std::array<Component, kComponentsMax> components;
};

/** `code` is that of the marker. */
Frame frame_of(uint8_t code, Segment segment);

/** Throws `colours` where it says that the components are not luma and chroma. */
void require_luma(const Frame &frame, Segment adobe);

struct ScanComponent {
  /** Place in the frame. */
  size_t place;
  uint8_t dc_table;
  uint8_t ac_table;
};

struct Scan {
  size_t component_count;
  std::array<ScanComponent, kComponentsMax> components;
  /** Coefficients in zigzag order, and the bits of them: those above `low`, of which those from `high` on are known. */
  uint8_t first, last, high, low;

  bool has_luma() const;
};

Scan scan_of(const Frame &frame, Segment segment);

constexpr size_t kTablesOfAKind = 4;

using Steps = std::array<uint16_t, kCoefficients>;

/** What is defined at some place of a file. */
struct Tables {
  std::array<std::optional<Codes>, kTablesOfAKind> dc;
  std::array<std::optional<Codes>, kTablesOfAKind> ac;
  /** What each coefficient was divided by, in zigzag order. */
  std::array<std::optional<Steps>, kTablesOfAKind> steps;
  /** In units of a scan; 0 is none. */
  uint32_t restart_interval = 0;

  void define_codes(Segment segment);
  void define_steps(Segment segment);
  void define_restarts(Segment segment);
};

}  // namespace hindra::jpeg
