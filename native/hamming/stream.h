#pragma once

#include <vector>

#include "errors.h"
#include "hamming/state.h"

namespace hindra {

/**
 * A saved index: a header, frames of up to 6,144 rows in ascending order of their labels, an end.
 * Little endian. Each piece closes with the CRC-32C of all bytes up to there, so that no frame can be
 * lost, doubled or put elsewhere. Bands are not saved: to sort them anew takes little longer than to
 * read and check them would, and nothing in a file can then lead a search astray.
 *
 *   header  "HINDRAIX", version, 1 where there are lists else 0, rows, CRC     4 bytes each
 *   frame   rows in it, labels, lists if any (4 bytes a row), hashes (32), CRC
 *   end     0, rows, CRC
 */
constexpr char kStreamMagic[] = "HINDRAIX";
constexpr uint32_t kStreamVersion = 2;
/** A piece is 256 KiB at most, made and sealed in a fraction of a millisecond. */
constexpr uint32_t kFrameRows = 6144;

class StreamWriter {
 public:
  explicit StreamWriter(std::vector<Part> parts) : order_(std::move(parts)) {}

  /** Bytes of the next piece; 0 after the last. */
  size_t next_bytes() const;
  /** Writes it. */
  void write(uint8_t *to);

 private:
  enum class Piece { header, frame, end, none };
  Piece piece() const;

  LabelOrder order_;
  bool begun_ = false;
  bool ended_ = false;
  uint32_t written_ = 0;
  uint32_t crc_ = 0;
};

/** Takes the bytes in parts of any size; allocates for what has come, not for what is announced. */
class StreamReader {
 public:
  /** Throws IndexCorrupt. */
  void feed(const uint8_t *bytes, size_t count);
  /** Throws IndexCorrupt where the end has not come. */
  std::shared_ptr<Rows> finish();

 private:
  void take_piece();
  void take_header();
  void take_frame();
  void take_end();
  uint32_t number(size_t at) const;
  void check_crc();
  size_t row_bytes() const { return with_lists_ ? 40 : 36; }

  enum class Expecting { header, frame_rows, frame, end, nothing };
  Expecting expecting_ = Expecting::header;
  size_t wanted_ = 0;
  std::vector<uint8_t> piece_;
  std::vector<std::vector<uint8_t>> frames_;
  bool with_lists_ = false;
  uint32_t rows_ = 0;
  uint32_t read_ = 0;
  int64_t label_before_ = -1;
  uint32_t crc_ = 0;
};

}  // namespace hindra
