#include "hamming/stream.h"

#include <algorithm>
#include <cstring>

#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr size_t kMagicBytes = 8;
constexpr size_t kHeaderBytes = kMagicBytes + 4 * 4;
constexpr size_t kEndBytes = 3 * 4;
constexpr size_t kNumberBytes = 4;
constexpr uint32_t kLabelMax = 0xfffffffeu;

uint8_t *put(uint8_t *to, uint32_t number) {
  for (int byte = 0; byte < 4; byte += 1) to[byte] = static_cast<uint8_t>(number >> (8 * byte));
  return to + kNumberBytes;
}

uint32_t crc32c(uint32_t before, const void *bytes, size_t count) {
  return kernels().hamming->crc32c(before, bytes, count);
}

}  // namespace

StreamWriter::Piece StreamWriter::piece() const {
  if (!begun_) return Piece::header;
  if (written_ < order_.count()) return Piece::frame;
  return ended_ ? Piece::none : Piece::end;
}

size_t StreamWriter::next_bytes() const {
  switch (piece()) {
    case Piece::header: return kHeaderBytes;
    case Piece::end: return kEndBytes;
    case Piece::none: return 0;
    case Piece::frame: break;
  }
  const size_t rows = std::min(kFrameRows, order_.count() - written_);
  return 2 * kNumberBytes + rows * (order_.with_lists() ? 40 : 36);
}

void StreamWriter::write(uint8_t *to) {
  const Piece piece = this->piece();
  const size_t bytes = next_bytes();
  if (bytes == 0) return;
  if (piece == Piece::header) {
    std::memcpy(to, kStreamMagic, kMagicBytes);
    uint8_t *at = put(to + kMagicBytes, kStreamVersion);
    at = put(at, order_.with_lists() ? 1 : 0);
    put(at, order_.count());
    begun_ = true;
  } else if (piece == Piece::end) {
    put(put(to, 0), order_.count());
    ended_ = true;
  } else {
    const uint32_t rows = std::min(kFrameRows, order_.count() - written_);
    uint8_t *labels = put(to, rows);
    uint8_t *lists = labels + kNumberBytes * size_t{rows};
    uint8_t *hashes = lists + (order_.with_lists() ? kNumberBytes * size_t{rows} : 0);
    for (uint32_t i = 0; i < rows; i += 1) {
      order_.next();
      labels = put(labels, order_.rows().label(order_.row()));
      if (order_.with_lists()) lists = put(lists, order_.rows().lists(order_.row()));
      std::memcpy(hashes, order_.rows().hash(order_.row()), 32);
      hashes += 32;
    }
    written_ += rows;
  }
  crc_ = crc32c(crc_, to, bytes - kNumberBytes);
  put(to + bytes - kNumberBytes, crc_);
}

void StreamReader::feed(const uint8_t *bytes, size_t count) {
  if (wanted_ == 0) wanted_ = kHeaderBytes;
  while (count > 0) {
    if (expecting_ == Expecting::nothing) throw IndexCorrupt("bytes follow its end");
    const size_t taken = std::min(count, wanted_ - piece_.size());
    piece_.insert(piece_.end(), bytes, bytes + taken);
    bytes += taken;
    count -= taken;
    if (piece_.size() == wanted_) take_piece();
  }
}

void StreamReader::take_piece() {
  switch (expecting_) {
    case Expecting::header: take_header(); break;
    case Expecting::frame_rows: {
      const uint32_t rows = number(0);
      const uint32_t rest = rows_ - read_;
      if (rows != std::min(rest, kFrameRows)) throw IndexCorrupt("a frame has a wrong length");
      expecting_ = rows == 0 ? Expecting::end : Expecting::frame;
      wanted_ = rows == 0 ? kEndBytes : 2 * kNumberBytes + rows * row_bytes();
      piece_.reserve(wanted_);
      break;
    }
    case Expecting::frame: take_frame(); break;
    case Expecting::end: take_end(); break;
    case Expecting::nothing: break;
  }
}

void StreamReader::take_header() {
  if (std::memcmp(piece_.data(), kStreamMagic, kMagicBytes) != 0) {
    throw IndexCorrupt("it does not begin as a saved index does");
  }
  if (number(kMagicBytes) != kStreamVersion) throw IndexCorrupt("it has another format version");
  check_crc();
  const uint32_t flags = number(kMagicBytes + 4);
  if (flags > 1) throw IndexCorrupt("its header has unknown flags");
  with_lists_ = flags == 1;
  rows_ = number(kMagicBytes + 8);
  expecting_ = Expecting::frame_rows;
  wanted_ = kNumberBytes;
  piece_.clear();
}

void StreamReader::take_frame() {
  check_crc();
  const uint32_t rows = number(0);
  for (uint32_t i = 0; i < rows; i += 1) {
    const uint32_t label = number(kNumberBytes * (size_t{i} + 1));
    if (label <= label_before_ || label > kLabelMax) {
      throw IndexCorrupt("its labels are not in ascending order");
    }
    label_before_ = label;
  }
  read_ += rows;
  frames_.push_back(std::move(piece_));
  piece_ = {};
  expecting_ = Expecting::frame_rows;
  wanted_ = kNumberBytes;
}

void StreamReader::take_end() {
  check_crc();
  if (number(kNumberBytes) != rows_) throw IndexCorrupt("its counts disagree");
  expecting_ = Expecting::nothing;
  piece_.clear();
}

std::shared_ptr<Rows> StreamReader::finish() {
  if (expecting_ != Expecting::nothing) throw IndexCorrupt("it is cut off");
  auto rows = std::make_shared<Rows>(rows_, with_lists_);
  size_t row = 0;
  for (std::vector<uint8_t> &frame : frames_) {
    const size_t count = (frame.size() - 2 * kNumberBytes) / row_bytes();
    const uint8_t *at = frame.data() + kNumberBytes;
    std::memcpy(rows->labels() + row, at, kNumberBytes * count);
    at += kNumberBytes * count;
    if (with_lists_) {
      std::memcpy(rows->lists() + row, at, kNumberBytes * count);
      at += kNumberBytes * count;
    }
    std::memcpy(rows->hashes() + kHashWords * row, at, 32 * count);
    row += count;
    frame = {};
  }
  frames_.clear();
  return rows;
}

uint32_t StreamReader::number(size_t at) const {
  uint32_t number = 0;
  for (int byte = 3; byte >= 0; byte -= 1) number = (number << 8) | piece_[at + byte];
  return number;
}

void StreamReader::check_crc() {
  const size_t covered = piece_.size() - kNumberBytes;
  crc_ = crc32c(crc_, piece_.data(), covered);
  if (crc_ != number(covered)) throw IndexCorrupt("a checksum is wrong");
}

}  // namespace hindra
