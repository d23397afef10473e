// How codes are read off the bits of a scan, of which those that one code and what follows it take are there.
#pragma once

#include <cstdint>

#include "jpeg/bits.h"
#include "jpeg/declined.h"
#include "jpeg/huffman.h"

namespace hindra::jpeg {

inline Codes::Code read_code(Bits &bits, const Codes &codes) {
  const Codes::Code code = codes.at(bits.peek(kCodeBitsMax));
  require(code.length != 0, Reason::damaged);
  bits.skip(code.length);
  return code;
}

/** What so many bits say of a coefficient, 1 to 15 of them (F.2.2.1). */
inline int32_t value_of(uint32_t read, int size) {
  const int32_t value = int32_t(read);
  return value >= 1 << (size - 1) ? value : value - (1 << size) + 1;
}

/** The value of so many bits, none of which are 0. */
inline int32_t read_value(Bits &bits, int size) {
  if (size == 0) return 0;
  const uint32_t read = bits.peek(size);
  bits.skip(size);
  return value_of(read, size);
}

/** By how much a first coefficient differs from the one before. Takes 31 bits at most. */
inline int32_t read_difference(Bits &bits, const Codes &codes) {
  return read_value(bits, read_code(bits, codes).symbol);
}

}  // namespace hindra::jpeg
