#include "jpeg/headers.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "jpeg/declined.h"

namespace hindra::jpeg {
namespace {

/** Blocks in one unit of a scan of several components (B.2.3). */
constexpr int kUnitBlocksMax = 10;
/** The last bit that a scan of a progressive file can leave to others. */
constexpr uint8_t kLowMax = 13;

void require_sampling(const Frame &frame) {
  const Component &luma = frame.components[0];
  for (size_t place = 0; place < frame.component_count; place += 1) {
    const Component &component = frame.components[place];
    require(component.across >= 1 && component.across <= 4, Reason::damaged);
    require(component.down >= 1 && component.down <= 4, Reason::damaged);
    require(luma.across % component.across == 0 && luma.down % component.down == 0, Reason::sampling);
    // Whoever numbers components gives luma the lowest number.
    require(place == 0 || component.id > luma.id, Reason::sampling);
  }
}

}  // namespace

const uint8_t *Segment::bytes(size_t count) {
  require(count <= count_, Reason::damaged);
  const uint8_t *found = data_;
  data_ += count;
  count_ -= count;
  return found;
}

Frame frame_of(uint8_t code, Segment segment) {
  Frame frame{};
  frame.is_progressive = code == marker::kProgressive;
  require(segment.byte() == 8, Reason::coding);
  frame.height = segment.word();
  frame.width = segment.word();
  frame.component_count = segment.byte();
  require(frame.height != 0, Reason::coding);
  require(frame.width != 0, Reason::damaged);
  require(frame.component_count == 1 || frame.component_count == kComponentsMax, Reason::colours);
  for (size_t place = 0; place < frame.component_count; place += 1) {
    const uint8_t id = segment.byte();
    const uint8_t sampling = segment.byte();
    const uint8_t quantisation = segment.byte();
    require(quantisation < kTablesOfAKind, Reason::tables);
    frame.components[place] = {id, uint8_t(sampling >> 4), uint8_t(sampling & 15), quantisation};
  }
  require(segment.left() == 0, Reason::damaged);
  const auto &[first, second, third] = frame.components;
  if (frame.component_count > 1) {
    require(first.id != 'R' || second.id != 'G' || third.id != 'B', Reason::colours);
    require(second.id != third.id, Reason::damaged);
  }
  require_sampling(frame);
  return frame;
}

void require_luma(const Frame &frame, Segment adobe) {
  constexpr size_t kNameBytes = 5, kBeforeTransform = 11;
  constexpr uint8_t kLumaAndChroma = 1;
  if (frame.component_count == 1 || adobe.left() <= kBeforeTransform) return;
  const uint8_t *data = adobe.bytes(kBeforeTransform);
  if (std::memcmp(data, "Adobe", kNameBytes) != 0) return;
  require(adobe.byte() == kLumaAndChroma, Reason::colours);
}

bool Scan::has_luma() const {
  return std::any_of(components.begin(), components.begin() + component_count,
                     [](const ScanComponent &component) { return component.place == 0; });
}

Scan scan_of(const Frame &frame, Segment segment) {
  Scan scan{};
  scan.component_count = segment.byte();
  require(scan.component_count >= 1 && scan.component_count <= frame.component_count,
          Reason::damaged);
  size_t next_place = 0;
  int blocks = 0;
  for (size_t part = 0; part < scan.component_count; part += 1) {
    const uint8_t id = segment.byte();
    const uint8_t tables = segment.byte();
    const auto begin = frame.components.begin(), end = begin + frame.component_count;
    const auto found = std::find_if(begin, end, [id](const Component &each) { return each.id == id; });
    require(found != end, Reason::damaged);
    const size_t place = size_t(found - begin);
    // They come in the order of the frame.
    require(place >= next_place, Reason::damaged);
    next_place = place + 1;
    blocks += found->across * found->down;
    scan.components[part] = {place, uint8_t(tables >> 4), uint8_t(tables & 15)};
    require(scan.components[part].dc_table < kTablesOfAKind, Reason::tables);
    require(scan.components[part].ac_table < kTablesOfAKind, Reason::tables);
  }
  require(scan.component_count == 1 || blocks <= kUnitBlocksMax, Reason::damaged);
  scan.first = segment.byte();
  scan.last = segment.byte();
  const uint8_t bits = segment.byte();
  scan.high = bits >> 4;
  scan.low = bits & 15;
  require(segment.left() == 0, Reason::damaged);
  if (!frame.is_progressive) {
    require(scan.first == 0 && scan.last == kCoefficients - 1 && bits == 0, Reason::scans);
    return scan;
  }
  require(scan.first <= scan.last && scan.last < kCoefficients, Reason::scans);
  // The first coefficient has scans of its own, the others have one for each component.
  require(scan.first == 0 ? scan.last == 0 : scan.component_count == 1, Reason::scans);
  require(scan.low <= kLowMax && (scan.high == 0 || scan.high == scan.low + 1), Reason::scans);
  return scan;
}

void Tables::define_codes(Segment segment) {
  while (segment.left() > 0) {
    const uint8_t kind = segment.byte();
    const size_t place = kind & 15;
    require(place < kTablesOfAKind && kind >> 4 <= 1, Reason::tables);
    const uint8_t *counts = segment.bytes(kCodeBitsMax);
    const Codes codes(counts, segment.bytes(std::accumulate(counts, counts + kCodeBitsMax, size_t(0))));
    const bool is_dc = kind >> 4 == 0;
    require(!is_dc || !codes.has_symbol_above(kFollowingBitsMax), Reason::tables);
    (is_dc ? dc : ac)[place] = codes;
  }
}

void Tables::define_steps(Segment segment) {
  while (segment.left() > 0) {
    const uint8_t kind = segment.byte();
    const size_t place = kind & 15;
    const bool is_wide = kind >> 4 != 0;
    require(place < kTablesOfAKind && kind >> 4 <= 1, Reason::tables);
    Steps &all = steps[place].emplace();
    for (uint16_t &step : all) step = is_wide ? segment.word() : segment.byte();
  }
}

void Tables::define_restarts(Segment segment) {
  restart_interval = segment.word();
  require(segment.left() == 0, Reason::damaged);
}

}  // namespace hindra::jpeg
