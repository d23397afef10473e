#include "jpeg/segments.h"

#include <algorithm>
#include <iterator>

#include "jpeg/declined.h"

namespace hindra::jpeg {
namespace {

/** As libvips counts them: more make a decoder work and bring nothing. */
constexpr int kScansMax = 100;

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

}  // namespace

void Progress::take(const Scan &scan, bool is_progressive) {
  for (size_t at = scan.first; at <= scan.last; at += 1) {
    const bool is_next = scan.high == 0 ? lowest_[at] == kNothing : lowest_[at] == scan.high;
    require(is_next, Reason::scans);
    require(!is_progressive || at == 0 || lowest_[0] != kNothing, Reason::scans);
    lowest_[at] = int8_t(scan.low);
  }
}

bool Progress::is_complete() const {
  return std::all_of(lowest_.begin(), lowest_.end(), [](int8_t bit) { return bit == 0; });
}

void Segments::read() {
  require(file_.size() >= 2 && file_.byte_at(0) == marker::kPrefix && file_.byte_at(1) == marker::kStart,
          Reason::no_jpeg);
  size_t at = 2;
  for (;;) {
    const uint8_t code = file_.marker_at(at);
    if (code == marker::kEnd) return require_whole();
    require_known(code);
    const Segment segment = file_.segment_at(at);
    if (code == marker::kScan) {
      read_scan_segment(segment, at);
    } else {
      read_segment(code, segment);
    }
  }
}

void Segments::read_segment(uint8_t code, Segment segment) {
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
    begin();
  } else if (code == marker::kAdobe) {
    if (frame_) require_luma(*frame_, segment);
    adobe_ = segment;
  }
}

void Segments::read_scan_segment(Segment segment, size_t &at) {
  require(frame_.has_value(), Reason::damaged);
  scans_ += 1;
  require(scans_ <= kScansMax, Reason::scans);
  const Scan scan = scan_of(*frame_, segment);
  for (size_t part = 0; part < scan.component_count; part += 1) {
    const size_t place = scan.components[part].place;
    const std::optional<Steps> &steps = tables_.steps[frame_->components[place].quantisation];
    require(steps.has_value(), Reason::tables);
    if (!steps_[place]) steps_[place] = steps;
  }
  require_codes(scan);
  bool is_wanted = false;
  for (size_t part = 0; part < scan.component_count; part += 1) {
    Progress *progress = progress_of(scan.components[part].place);
    if (progress == nullptr) continue;
    progress->take(scan, frame_->is_progressive);
    is_wanted = true;
  }
  at = is_wanted && scan.first == 0 ? read_scan(scan, at) : file_.next_marker(at);
}

void Segments::require_codes(const Scan &scan) const {
  const bool has_dc = scan.first == 0 && scan.high == 0;
  for (size_t part = 0; part < scan.component_count; part += 1) {
    const ScanComponent &component = scan.components[part];
    require(!has_dc || tables_.dc[component.dc_table].has_value(), Reason::tables);
    require(scan.last == 0 || tables_.ac[component.ac_table].has_value(), Reason::tables);
  }
}

void Segments::require_whole() {
  require(frame_.has_value(), Reason::scans);
  for (size_t place = 0; place < frame_->component_count; place += 1) {
    const Progress *progress = progress_of(place);
    require(steps_[place].has_value() && (progress == nullptr || progress->is_complete()), Reason::scans);
  }
}

}  // namespace hindra::jpeg
