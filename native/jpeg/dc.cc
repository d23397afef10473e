#include "jpeg/dc.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "jpeg/entropy.h"
#include "jpeg/headers.h"

namespace hindra::jpeg {
namespace {

/** As libvips counts them: more make a decoder work and bring nothing. */
constexpr int kScansMax = 100;

/** What of luma was read: the lowest bit that is known of each coefficient, in zigzag order. */
class Progress {
 public:
  Progress() { lowest_.fill(kNothing); }

  /** Throws `scans` where this is not what comes next. */
  void take(const Scan &scan, bool is_progressive) {
    for (size_t at = scan.first; at <= scan.last; at += 1) {
      const bool is_next = scan.high == 0 ? lowest_[at] == kNothing : lowest_[at] == scan.high;
      require(is_next, Reason::scans);
      require(!is_progressive || at == 0 || lowest_[0] != kNothing, Reason::scans);
      lowest_[at] = int8_t(scan.low);
    }
  }
  bool is_complete() const {
    return std::all_of(lowest_.begin(), lowest_.end(), [](int8_t bit) { return bit == 0; });
  }

 private:
  static constexpr int8_t kNothing = -1;
  std::array<int8_t, kCoefficients> lowest_;
};

/** The inverse transform of a block to one pixel, as libjpeg-turbo rounds and limits it (jidctred.c, jdmaster.c). */
uint8_t level_of(int16_t coefficient, uint16_t step) {
  constexpr int kCentre = 128, kRange = 1024;
  const int value = int(coefficient) * int(int16_t(step));
  // It looks the level up in a table of so many places, in which what is far off comes round again.
  const int wrapped = ((value + 4) >> 3) & (kRange - 1);
  const int around = wrapped < kRange / 2 ? wrapped : wrapped - kRange;
  return uint8_t(std::clamp(around + kCentre, 0, 255));
}

bool is_frame(uint8_t code) { return code >= marker::kBaseline && code <= marker::kProgressive; }

/** Throws where this is no segment that is read, nor one that says nothing of the picture. */
void require_known(uint8_t code) {
  constexpr uint8_t kRead[] = {marker::kHuffmanTables, marker::kScan, marker::kQuantisationTables,
                               marker::kRestartInterval, marker::kComment};
  const bool is_read = std::find(std::begin(kRead), std::end(kRead), code) != std::end(kRead);
  const bool is_of_application = code >= marker::kApplicationFirst && code <= marker::kApplicationLast;
  // The others from 0xc0 on belong to codings that are not read.
  const bool is_of_coding = code >= marker::kBaseline && code <= 0xcf;
  require(is_read || is_of_application || is_frame(code), is_of_coding ? Reason::coding : Reason::damaged);
}

class Reader {
 public:
  Reader(const uint8_t *file, size_t size, const DcLimits &limits)
      : file_{file, size}, limits_(limits) {}

  DcRaster read() {
    require(file_.size() >= 2 && file_.byte_at(0) == marker::kPrefix && file_.byte_at(1) == marker::kStart,
            Reason::no_jpeg);
    size_t at = 2;
    for (;;) {
      const uint8_t code = file_.marker_at(at);
      if (code == marker::kEnd) return raster();
      require_known(code);
      const Segment segment = file_.segment_at(at);
      if (code == marker::kScan) {
        read_scan(segment, at);
      } else {
        read_segment(code, segment);
      }
    }
  }

 private:
  void read_segment(uint8_t code, Segment segment) {
    if (code == marker::kHuffmanTables) {
      tables_.define_codes(segment);
    } else if (code == marker::kQuantisationTables) {
      tables_.define_steps(segment);
    } else if (code == marker::kRestartInterval) {
      tables_.define_restarts(segment);
    } else if (is_frame(code)) {
      require(!frame_, Reason::damaged);
      frame_ = frame_of(code, segment);
      require(std::min(frame_->width, frame_->height) >= limits_.side_min, Reason::size);
      require(uint64_t(frame_->width) * frame_->height <= limits_.pixels_max, Reason::size);
      if (adobe_) require_luma(*frame_, *adobe_);
    } else if (code == marker::kAdobe) {
      if (frame_) require_luma(*frame_, segment);
      adobe_ = segment;
    }
  }

  void read_scan(Segment segment, size_t &at) {
    require(frame_.has_value(), Reason::damaged);
    scans_ += 1;
    require(scans_ <= kScansMax, Reason::scans);
    const Scan scan = scan_of(*frame_, segment);
    for (size_t part = 0; part < scan.component_count; part += 1) {
      const size_t place = scan.components[part].place;
      require(tables_.steps[frame_->components[place].quantisation].has_value(), Reason::tables);
      seen_[place] = true;
    }
    require_codes(scan);
    if (scan.has_luma()) progress_.take(scan, frame_->is_progressive);
    if (!scan.has_luma() || scan.first != 0) {
      at = file_.next_marker(at);
      return;
    }
    // It holds for the whole picture, whatever is defined later.
    if (!step_) step_ = tables_.steps[frame_->components[0].quantisation];
    if (!blocks_) blocks_.emplace(*frame_);
    at = read_first_coefficients(file_, at, *frame_, scan, tables_, *blocks_);
  }

  void require_codes(const Scan &scan) const {
    const bool has_dc = scan.first == 0 && scan.high == 0;
    for (size_t part = 0; part < scan.component_count; part += 1) {
      const ScanComponent &component = scan.components[part];
      require(!has_dc || tables_.dc[component.dc_table].has_value(), Reason::tables);
      require(scan.last == 0 || tables_.ac[component.ac_table].has_value(), Reason::tables);
    }
  }

  DcRaster raster() const {
    require(frame_ && progress_.is_complete(), Reason::scans);
    require(std::all_of(seen_.begin(), seen_.begin() + frame_->component_count, [](bool is) { return is; }),
            Reason::scans);
    DcRaster raster{frame_->width, frame_->height, {}};
    const uint32_t width = frame_->width / kBlockSide, height = frame_->height / kBlockSide;
    raster.levels.resize(size_t(width) * height);
    uint8_t *level = raster.levels.data();
    for (uint32_t y = 0; y < height; y += 1) {
      const int16_t *row = blocks_->row(y);
      for (uint32_t x = 0; x < width; x += 1) *level++ = level_of(row[x], *step_);
    }
    return raster;
  }

  const File file_;
  const DcLimits limits_;
  Tables tables_;
  std::optional<Frame> frame_;
  std::optional<Segment> adobe_;
  Progress progress_;
  std::array<bool, kComponentsMax> seen_{};
  int scans_ = 0;
  std::optional<uint16_t> step_;
  std::optional<Blocks> blocks_;
};

}  // namespace

std::variant<DcRaster, Reason> read_dc(const uint8_t *file, size_t size, const DcLimits &limits) {
  try {
    return Reader(file, size, limits).read();
  } catch (const Declined &declined) {
    return declined.reason;
  }
}

}  // namespace hindra::jpeg
