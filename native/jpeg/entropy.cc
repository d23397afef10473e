#include "jpeg/entropy.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "jpeg/bits.h"
#include "jpeg/declined.h"

namespace hindra::jpeg {
namespace {

uint32_t parts_of(uint32_t length, uint32_t part) { return (length + part - 1) / part; }

/** Bits are refilled before: a code and what follows it take 31 at most. */
Codes::Code read_code(Bits &bits, const Codes &codes) {
  const Codes::Code code = codes.at(bits.peek(kCodeBitsMax));
  require(code.length != 0, Reason::damaged);
  bits.skip(code.length);
  return code;
}

/** By how much a first coefficient differs from the one before (F.2.2.1). Takes 31 bits at most. */
int32_t read_difference(Bits &bits, const Codes &codes) {
  const int size = read_code(bits, codes).symbol;
  if (size == 0) return 0;
  const int32_t value = int32_t(bits.peek(size));
  bits.skip(size);
  return value >= 1 << (size - 1) ? value : value - (1 << size) + 1;
}

/** One coefficient behind the first of its block; how many of `left` are left. */
int skip_coefficient(Bits &bits, const Codes &codes, int left) {
  const AcSymbol symbol(read_code(bits, codes).symbol);
  if (symbol.ends) return 0;
  require(symbol.coefficients <= left, Reason::damaged);
  bits.skip(symbol.following);
  return left - symbol.coefficients;
}

/** All of a block behind its first coefficient. */
void skip_coefficients(Bits &bits, const Codes &codes, const Skips &skips) {
  static_assert(2 * Skips::kSkippedMax <= Bits::kReadable, "two looks to a refill");
  int left = kAcCoefficients;
  while (left > 0) {
    bits.refill();
    for (int look = 0; look < 2; look += 1) {
      const Skips::Skip skip = skips.at(bits.peek(Skips::kLookBits));
      if (skip.needed() > left) {
        if (left == 0) return;
        bits.refill();
        left = skip_coefficient(bits, codes, left);
        break;
      }
      bits.skip(skip.bits());
      if (skip.ends()) return;
      left -= skip.needed();
    }
  }
}

/** What a scan does with each block of one component. */
struct Part {
  const Codes *dc;
  const Codes *ac;
  const Skips *skips;
  uint32_t across;
  uint32_t down;
  bool is_luma;
  int32_t previous;
};

class ScanReader {
 public:
  ScanReader(const File &file, size_t at, const Frame &frame, const Scan &scan, const Tables &tables,
             Blocks &blocks)
      : file_(file), at_(at), scan_(scan), restart_interval_(tables.restart_interval), blocks_(blocks) {
    const bool is_alone = scan.component_count == 1;
    units_across_ = is_alone ? blocks.across() : blocks.units_across();
    units_down_ = is_alone ? blocks.down() : blocks.units_down();
    for (size_t part = 0; part < scan.component_count; part += 1) {
      const auto &[place, dc, ac] = scan.components[part];
      const Component &component = frame.components[place];
      const uint32_t across = is_alone ? 1 : component.across, down = is_alone ? 1 : component.down;
      const Skips *skips = scan.last == 0 ? nullptr : &skips_of(*tables.ac[ac], ac);
      const Codes *dc_codes = tables.dc[dc] ? &*tables.dc[dc] : nullptr;
      const Codes *ac_codes = tables.ac[ac] ? &*tables.ac[ac] : nullptr;
      parts_[part] = {dc_codes, ac_codes, skips, across, down, place == 0, 0};
    }
    // What is written is never more than what is read.
    data_.reset(new uint8_t[file.size() - at + Bits::kPadding]);
  }

  size_t read() {
    const uint64_t units = uint64_t(units_across_) * units_down_;
    const uint64_t interval = restart_interval_ == 0 ? units : restart_interval_;
    uint8_t restart = marker::kRestartFirst;
    for (uint64_t unit = 0; unit < units; unit += interval) {
      if (unit > 0) {
        require(file_.marker_at(at_) == restart, Reason::damaged);
        restart = restart == marker::kRestartLast ? marker::kRestartFirst : uint8_t(restart + 1);
      }
      read_interval(unit, std::min(units, unit + interval));
    }
    return at_;
  }

 private:
  void read_interval(uint64_t unit, uint64_t end) {
    const size_t count = file_.unstuffed(at_, data_.get());
    std::fill_n(data_.get() + count, Bits::kPadding, uint8_t(0));
    Bits bits(data_.get(), count);
    for (Part &part : parts_) part.previous = 0;
    uint32_t x = uint32_t(unit % units_across_), y = uint32_t(unit / units_across_);
    for (; unit < end; unit += 1) {
      read_unit(bits, x, y);
      x += 1;
      if (x < units_across_) continue;
      x = 0;
      y += 1;
    }
    require(bits.is_at_end(), Reason::damaged);
  }

  void read_unit(Bits &bits, uint32_t x, uint32_t y) {
    for (size_t place = 0; place < scan_.component_count; place += 1) {
      Part &part = parts_[place];
      for (uint32_t down = 0; down < part.down; down += 1) {
        for (uint32_t across = 0; across < part.across; across += 1) {
          const uint32_t column = x * part.across + across, row = y * part.down + down;
          read_block(bits, part, part.is_luma ? blocks_.row(row)[column] : chroma_);
        }
      }
    }
  }

  void read_block(Bits &bits, Part &part, int16_t &block) {
    require(!bits.is_over(), Reason::damaged);
    bits.refill();
    if (scan_.high != 0) {
      block = int16_t(block | int(bits.peek(1)) << scan_.low);
      bits.skip(1);
      return;
    }
    part.previous += read_difference(bits, *part.dc);
    const int32_t value = part.previous * (1 << scan_.low);
    require(value == int16_t(value), Reason::damaged);
    block = int16_t(value);
    if (part.skips != nullptr) skip_coefficients(bits, *part.ac, *part.skips);
  }

  const Skips &skips_of(const Codes &codes, size_t table) {
    if (skips_[table] == nullptr) skips_[table] = std::make_unique<Skips>(codes);
    return *skips_[table];
  }

  const File &file_;
  size_t at_;
  const Scan &scan_;
  const uint32_t restart_interval_;
  Blocks &blocks_;
  uint32_t units_across_, units_down_;
  std::array<Part, kComponentsMax> parts_{};
  /** Where a block of chroma goes: it is read to find what is behind it. */
  int16_t chroma_ = 0;
  std::array<std::unique_ptr<Skips>, kTablesOfAKind> skips_;
  /** Of one restart interval. */
  std::unique_ptr<uint8_t[]> data_;
};

}  // namespace

Blocks::Blocks(const Frame &frame) {
  const Component &luma = frame.components[0];
  // A picture of one component has units of one block, whatever it says of its samples.
  const bool is_alone = frame.component_count == 1;
  const uint32_t across = is_alone ? 1 : luma.across, down = is_alone ? 1 : luma.down;
  across_ = parts_of(frame.width, kBlockSide);
  down_ = parts_of(frame.height, kBlockSide);
  units_across_ = parts_of(across_, across);
  units_down_ = parts_of(down_, down);
  stride_ = size_t(units_across_) * across;
  values_.resize(stride_ * units_down_ * down);
}

size_t read_first_coefficients(const File &file, size_t at, const Frame &frame, const Scan &scan,
                               const Tables &tables, Blocks &blocks) {
  return ScanReader(file, at, frame, scan, tables, blocks).read();
}

}  // namespace hindra::jpeg
