#include "jpeg/file.h"

#include <algorithm>
#include <cstring>

#include "jpeg/declined.h"

namespace hindra::jpeg {

uint8_t File::byte_at(size_t at) const {
  require(at < size_, Reason::cut_off);
  return data_[at];
}

uint8_t File::marker_at(size_t &at) const {
  require(byte_at(at) == marker::kPrefix, Reason::damaged);
  const size_t found = behind_fill(at + 1);
  at = found + 1;
  return data_[found];
}

Segment File::segment_at(size_t &at) const {
  constexpr size_t kLengthBytes = 2;
  const size_t length = size_t(byte_at(at)) << 8 | byte_at(at + 1);
  require(length >= kLengthBytes, Reason::damaged);
  require(length <= size_ - at, Reason::cut_off);
  const Segment segment(data_ + at + kLengthBytes, length - kLengthBytes);
  at += length;
  return segment;
}

size_t File::next_marker(size_t at) const {
  for (;;) {
    const size_t prefix = prefix_from(at);
    at = behind_fill(prefix + 1);
    const uint8_t code = data_[at];
    if (code != 0 && (code < marker::kRestartFirst || code > marker::kRestartLast)) return prefix;
    at += 1;
  }
}

size_t File::unstuffed(size_t &at, uint8_t *out) const {
  size_t written = 0;
  for (;;) {
    const size_t prefix = prefix_from(at);
    std::memcpy(out + written, data_ + at, prefix - at);
    written += prefix - at;
    const size_t behind = behind_fill(prefix + 1);
    if (data_[behind] != 0) {
      at = prefix;
      return written;
    }
    require(behind == prefix + 1, Reason::damaged);
    out[written] = marker::kPrefix;
    written += 1;
    at = behind + 1;
  }
}

size_t File::behind_fill(size_t at) const {
  while (byte_at(at) == marker::kPrefix) at += 1;
  return at;
}

size_t File::prefix_from(size_t at) const {
  require(at < size_, Reason::cut_off);
  const void *found = std::memchr(data_ + at, marker::kPrefix, size_ - at);
  require(found != nullptr, Reason::cut_off);
  return size_t(static_cast<const uint8_t *>(found) - data_);
}

}  // namespace hindra::jpeg
