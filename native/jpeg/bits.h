#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hindra::jpeg {

/**
 * Bits of one restart interval, the first of a byte its highest.
 *
 * Nothing behind the data and their padding is read. Proof: between two calls of `is_over` that say no, one block is
 * read, which takes at most 64 codes of 16 bits with 15 bits each, 248 bytes. At such a call `next_` is at most at the
 * end of the data, and 8 bytes further at most, for that many can be loaded ahead; before the following call it is
 * loaded to 248 + 8 bytes further. A load takes 8 bytes from `next_`. So the last byte that is read lies less than
 * 8 + 256 + 8 = 272 bytes behind the end of the data: `kPadding`.
 */
class Bits {
 public:
  static constexpr size_t kPadding = 272;
  /** `refill` makes so many bits readable. */
  static constexpr int kReadable = 56;

  /** Behind `count` bytes of data there are `kPadding` more that may be read. */
  Bits(const uint8_t *data, size_t count) : end_(data + count), next_(data) {}

  void refill() {
    uint64_t loaded = 0;
    for (int byte = 0; byte < 8; byte += 1) loaded = loaded << 8 | next_[byte];
    bits_ |= loaded >> count_;
    next_ += (63 - count_) >> 3;
    count_ |= kReadable;
  }

  /** The next `count` bits, 1 to 32 of those that are readable. */
  uint32_t peek(int count) const { return uint32_t(bits_ >> (64 - count)); }
  /** 0 to 31 of those that are readable. */
  void skip(int count) {
    bits_ <<= count;
    count_ -= count;
  }

  /** Whether more was read than there is, as far as loading ahead lets it be told. */
  bool is_over() const { return next_ > end_ + 8; }
  /** Whether all was read but for what fills the last byte. */
  bool is_at_end() const {
    const ptrdiff_t left = (end_ - next_) * 8 + count_;
    return left >= 0 && left < 8;
  }

 private:
  const uint8_t *end_;
  const uint8_t *next_;
  /** The next bit is the highest; only the `count_` highest count. */
  uint64_t bits_ = 0;
  int count_ = 0;
};

}  // namespace hindra::jpeg
