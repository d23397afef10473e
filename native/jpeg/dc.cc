#include "jpeg/dc.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "jpeg/codes.h"
#include "jpeg/extent.h"
#include "jpeg/scan-walk.h"

namespace hindra::jpeg {
namespace {

/** The inverse transform of a block to one pixel, as libjpeg-turbo rounds and limits it (jidctred.c, jdmaster.c). */
uint8_t level_of(int16_t coefficient, uint16_t step) {
  constexpr int kCentre = 128, kRange = 1024;
  const int value = int(coefficient) * int(int16_t(step));
  // It looks the level up in a table of so many places, in which what is far off comes round again.
  const int wrapped = ((value + 4) >> 3) & (kRange - 1);
  const int around = wrapped < kRange / 2 ? wrapped : wrapped - kRange;
  return uint8_t(std::clamp(around + kCentre, 0, 255));
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

/** The first coefficient of each block of luma, those included that only fill the last units of a scan. */
class FirstCoefficients {
 public:
  explicit FirstCoefficients(const Extent &luma)
      : stride_(luma.width()), values_(stride_ * luma.height()) {}

  int16_t *row(uint32_t y) { return values_.data() + y * stride_; }
  const int16_t *row(uint32_t y) const { return values_.data() + y * stride_; }

 private:
  size_t stride_;
  std::vector<int16_t> values_;
};

/** Reads the first coefficients of one scan. */
class FirstReader {
 public:
  FirstReader(const Scan &scan, const Tables &tables, FirstCoefficients &luma) : scan_(scan), luma_(luma) {
    for (size_t part = 0; part < scan.component_count; part += 1) {
      const auto &[place, dc, ac] = scan.components[part];
      const Skips *skips = scan.last == 0 ? nullptr : &skips_of(*tables.ac[ac], ac);
      const Codes *dc_codes = tables.dc[dc] ? &*tables.dc[dc] : nullptr;
      const Codes *ac_codes = tables.ac[ac] ? &*tables.ac[ac] : nullptr;
      parts_[part] = {dc_codes, ac_codes, skips, place == 0, 0};
    }
  }

  void restart() {
    for (Part &part : parts_) part.previous = 0;
  }

  void read(Bits &bits, size_t part, uint32_t column, uint32_t row) {
    read_block(bits, parts_[part], parts_[part].is_luma ? luma_.row(row)[column] : chroma_);
  }

 private:
  /** What is done with each block of one component. */
  struct Part {
    const Codes *dc;
    const Codes *ac;
    const Skips *skips;
    bool is_luma;
    int32_t previous;
  };

  void read_block(Bits &bits, Part &part, int16_t &block) {
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

  const Scan &scan_;
  FirstCoefficients &luma_;
  std::array<Part, kComponentsMax> parts_{};
  /** Where a block of chroma goes: it is read to find what is behind it. */
  int16_t chroma_ = 0;
  std::array<std::unique_ptr<Skips>, kTablesOfAKind> skips_;
};

class DcReader : public Segments {
 public:
  using Segments::Segments;

  DcRaster raster() const {
    DcRaster raster{frame().width, frame().height, {}};
    const uint32_t width = frame().width / kBlockSide, height = frame().height / kBlockSide;
    raster.levels.resize(size_t(width) * height);
    uint8_t *level = raster.levels.data();
    for (uint32_t y = 0; y < height; y += 1) {
      const int16_t *row = luma_->row(y);
      for (uint32_t x = 0; x < width; x += 1) *level++ = level_of(row[x], steps_of(0)[0]);
    }
    return raster;
  }

 private:
  Progress *progress_of(size_t place) override { return place == 0 ? &progress_ : nullptr; }

  size_t read_scan(const Scan &scan, size_t at) override {
    if (!luma_) luma_.emplace(Extent(frame(), 0));
    FirstReader reader(scan, tables(), *luma_);
    return walk_scan(file(), at, frame(), scan, tables().restart_interval, reader);
  }

  Progress progress_;
  std::optional<FirstCoefficients> luma_;
};

}  // namespace

std::variant<DcRaster, Reason> read_dc(const uint8_t *file, size_t size, const Limits &limits) {
  try {
    DcReader reader(file, size, limits);
    reader.read();
    return reader.raster();
  } catch (const Declined &declined) {
    return declined.reason;
  }
}

}  // namespace hindra::jpeg
