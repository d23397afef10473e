#include "jpeg/shrunk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "jpeg/codes.h"
#include "jpeg/extent.h"
#include "jpeg/scan-walk.h"

namespace hindra::jpeg {
namespace {

/** Where each coefficient lies in its block, of those in zigzag order. */
constexpr uint8_t kPlaces[kCoefficients] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};
/** Set in the place of a coefficient beyond the first four rows and columns. */
constexpr uint32_t kHighPlace = 4 << 3 | 4;

/** Coefficients of the blocks of a component that lie side by side, until they are transformed together. */
struct Together {
  int16_t coefficients[kBlockPlaces * kBlocksTogether] = {};
  /** All places that have any, bit by bit. */
  uint32_t places = 0;
};

/** Pixels of one component: of some rows of blocks, the newest in place of the oldest. */
class Plane {
 public:
  /** `side` is what becomes of a block: 1, 2, 4 or 8 pixels. */
  Plane(const Extent &extent, uint32_t side, uint32_t rows, const JpegKernels &kernels)
      : side_(side),
        rows_(rows),
        stride_((size_t(extent.width()) + kBlocksTogether - 1) / kBlocksTogether * kBlocksTogether * side),
        transform_(kernels.transform[side == 1 ? 0 : side == 2 ? 1 : side == 4 ? 2 : 3]),
        together_(extent.unit_down),
        pixels_(new uint8_t[stride_ * rows * side]) {}

  /** Where the coefficients of a block go, `kBlocksTogether` apart. Blocks of a row come one after the other. */
  Together &of(uint32_t row) { return together_[row % together_.size()]; }

  /** Blocks are transformed when there are enough of them, or none are left of the row. */
  void have(uint32_t column, uint32_t row, uint32_t columns) {
    const uint32_t lane = column % kBlocksTogether;
    if (lane != kBlocksTogether - 1 && column != columns - 1) return;
    Together &together = of(row);
    const bool is_low = (together.places & kHighPlace) == 0;
    uint8_t *to = pixels_.get() + row % rows_ * side_ * stride_ + (column - lane) * side_;
    require(transform_(together.coefficients, is_low, to, stride_), Reason::damaged);
    // Nothing of the other rows was written.
    const size_t places = is_low ? kBlockPlaces / 2 : kBlockPlaces;
    std::memset(together.coefficients, 0, places * kBlocksTogether * sizeof(int16_t));
    together.places = 0;
  }

  const uint8_t *row(uint32_t y) const { return pixels_.get() + y % (rows_ * side_) * stride_; }

 private:
  uint32_t side_;
  uint32_t rows_;
  size_t stride_;
  Transform *transform_;
  /** Of each row of a unit. */
  std::vector<Together> together_;
  /** Each is written before it is read: no picture is complete without all of its blocks. */
  std::unique_ptr<uint8_t[]> pixels_;
};

using Planes = std::array<std::optional<Plane>, kComponentsMax>;
/** Is told of each row of units once all of its blocks are transformed. */
using RowDone = std::function<void(uint32_t)>;

/** Reads the coefficients of one scan. */
class CoefficientReader {
 public:
  CoefficientReader(const Frame &frame, const Scan &scan, const Tables &tables,
                    const std::array<Steps, kComponentsMax> &steps, Planes &planes, RowDone row_done)
      : last_(scan.component_count - 1), row_done_(std::move(row_done)) {
    for (size_t at = 0; at < scan.component_count; at += 1) {
      const auto &[place, dc, ac] = scan.components[at];
      Part &part = parts_[at];
      part.dc = &*tables.dc[dc];
      part.ac = &*tables.ac[ac];
      part.differences = &values_of(dc_values_[dc], *part.dc);
      part.values = &values_of(ac_values_[ac], *part.ac);
      part.plane = &*planes[place];
      const Extent extent(frame, place);
      const bool is_alone = scan.component_count == 1;
      part.columns = is_alone ? extent.across : extent.width();
      part.rows = is_alone ? 1 : extent.unit_down;
      for (size_t k = 0; k < kCoefficients; k += 1) part.steps[k] = {kPlaces[k], steps[place][k]};
    }
  }

  void restart() {
    for (Part &part : parts_) part.previous = 0;
  }

  void read(Bits &bits, size_t at, uint32_t column, uint32_t row) {
    Part &part = parts_[at];
    Together &together = part.plane->of(row);
    Block block{together.coefficients + column % kBlocksTogether, 0, 0};
    part.previous += read_short_difference(bits, part);
    require(part.previous == int16_t(part.previous), Reason::damaged);
    block.put(part.steps[0], part.previous);
    read_coefficients(bits, part, block);
    require(block.amount <= kAmountMax, Reason::damaged);
    together.places |= block.places;
    part.plane->have(column, row, part.columns);
    if (column == part.columns - 1 && row % part.rows == part.rows - 1 && at == last_) row_done_(row / part.rows);
  }

 private:
  struct Step {
    uint16_t place;
    uint16_t size;
  };

  struct Part {
    const Codes *dc;
    const Codes *ac;
    /** A difference is told as a coefficient without zeros before it, and none as the end. */
    const Values *differences;
    const Values *values;
    Plane *plane;
    uint32_t columns;
    /** Of blocks in a unit. */
    uint32_t rows;
    int32_t previous;
    std::array<Step, kCoefficients> steps;
  };

  struct Block {
    int16_t *coefficients;
    uint64_t amount;
    uint32_t places;

    /** What does not fit is told by the amount, before anything is made of it. */
    void put(const Step &step, int32_t value) {
      const int64_t coefficient = int64_t(value) * step.size;
      coefficients[step.place * kBlocksTogether] = int16_t(coefficient);
      amount += uint64_t(coefficient < 0 ? -coefficient : coefficient);
      places |= step.place;
    }
  };

  static const Values &values_of(std::unique_ptr<Values> &values, const Codes &codes) {
    if (values == nullptr) values = std::make_unique<Values>(codes);
    return *values;
  }

  /** By one look, where it is told by one. */
  static int32_t read_short_difference(Bits &bits, const Part &part) {
    const Values::Value found = part.differences->at(bits.peek(Values::kLookBits));
    if (found.bits == 0) return read_difference(bits, *part.dc);
    bits.skip(found.bits);
    return found.value;
  }

  /** All of a block behind its first coefficient. */
  static void read_coefficients(Bits &bits, const Part &part, Block &block) {
    constexpr int looks = Bits::kReadable / Values::kLookBits;
    int at = 0;
    while (at < kAcCoefficients) {
      bits.refill();
      for (int look = 0; look < looks; look += 1) {
        const Values::Value found = part.values->at(bits.peek(Values::kLookBits));
        if (found.bits == 0) {
          bits.refill();
          at = read_coefficient(bits, part, at, block);
          break;
        }
        bits.skip(found.bits);
        if (found.coefficients == 0) return;
        at += found.coefficients;
        require(at <= kAcCoefficients, Reason::damaged);
        block.put(part.steps[size_t(at)], found.value);
        if (at == kAcCoefficients) return;
      }
    }
  }

  /** One that no look tells; where it lies, or the end of the block. */
  static int read_coefficient(Bits &bits, const Part &part, int at, Block &block) {
    const AcSymbol symbol(read_code(bits, *part.ac).symbol);
    if (symbol.ends) return kAcCoefficients;
    at += symbol.coefficients;
    require(at <= kAcCoefficients, Reason::damaged);
    block.put(part.steps[size_t(at)], read_value(bits, symbol.following));
    return at;
  }

  size_t last_;
  RowDone row_done_;
  std::array<Part, kComponentsMax> parts_{};
  std::array<std::unique_ptr<Values>, kTablesOfAKind> dc_values_, ac_values_;
};

class ShrunkReader : public Segments {
 public:
  ShrunkReader(const uint8_t *file, size_t size, const Limits &limits, uint32_t factor, const JpegKernels &kernels,
               const Room &room)
      : Segments(file, size, limits), factor_(factor), kernels_(kernels), room_(room) {}

  /** The sides of the whole. All pixels are there then. */
  Sides read_all() {
    read();
    if (pixels_ == nullptr) put_rows(0, frame().height / factor_);
    return {frame().width, frame().height};
  }

 private:
  void begin() override {
    require(!frame().is_progressive, Reason::coding);
    for (size_t place = 0; place < frame().component_count; place += 1) side_of(place);
  }

  Progress *progress_of(size_t place) override { return &progress_[place]; }

  size_t read_scan(const Scan &scan, size_t at) override {
    // Where a scan has all components, pixels are put row by row, while they are in the cache.
    const bool is_whole = scan.component_count == frame().component_count;
    std::array<Steps, kComponentsMax> steps;
    for (size_t part = 0; part < scan.component_count; part += 1) {
      const size_t place = scan.components[part].place;
      const Extent extent(frame(), place);
      planes_[place].emplace(extent, side_of(place), is_whole ? extent.unit_down : extent.height(), kernels_);
      steps[place] = steps_of(place);
    }
    const uint32_t rows = Extent(frame(), 0).unit_down * kBlockSide / factor_;
    CoefficientReader reader(frame(), scan, tables(), steps, planes_, [&](uint32_t row) {
      if (is_whole) put_rows(row * rows, std::min((row + 1) * rows, frame().height / factor_));
    });
    return walk_scan(file(), at, frame(), scan, tables().restart_interval, reader);
  }

  /** Puts pixels of the rows from `from` on, and before `to`. */
  void put_rows(uint32_t from, uint32_t to) {
    const size_t width = frame().width / factor_, row_bytes = width * 3;
    if (pixels_ == nullptr) pixels_ = room_(row_bytes * (frame().height / factor_));
    const bool is_grey = frame().component_count == 1;
    const std::vector<uint8_t> none(is_grey ? width : 0, uint8_t(128));
    for (uint32_t y = from; y < to; y += 1) {
      const uint8_t *blue = is_grey ? none.data() : planes_[1]->row(y);
      const uint8_t *red = is_grey ? none.data() : planes_[2]->row(y);
      kernels_.rgb(planes_[0]->row(y), blue, red, width, pixels_ + y * row_bytes);
    }
  }

  /** Chroma of fewer samples is shrunk less, so that all components come to as many pixels. */
  uint32_t side_of(size_t place) const {
    const Component &luma = frame().components[0], &component = frame().components[place];
    const uint32_t across = luma.across / component.across, down = luma.down / component.down;
    const uint32_t side = kBlockSide / factor_ * across;
    require(across == down && (across & (across - 1)) == 0 && side <= kBlockSide, Reason::sampling);
    return side;
  }

  const uint32_t factor_;
  const JpegKernels &kernels_;
  std::array<Progress, kComponentsMax> progress_;
  Planes planes_;
  const Room &room_;
  uint8_t *pixels_ = nullptr;
};

}  // namespace

std::variant<Sides, Reason> read_shrunk(const uint8_t *file, size_t size, const Limits &limits, uint32_t factor,
                                        const JpegKernels &kernels, const Room &room) {
  try {
    return ShrunkReader(file, size, limits, factor, kernels, room).read_all();
  } catch (const Declined &declined) {
    return declined.reason;
  }
}

}  // namespace hindra::jpeg
