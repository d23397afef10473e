#pragma once

#include <cstdint>
#include <cstring>

namespace hindra {
namespace {

/** Slicing by 8 (Kounavis and Berry, 2005): tables[k][b] is the CRC of b followed by k zero bytes. */
struct Crc32cTables {
  uint32_t of[8][256];

  Crc32cTables() {
    for (uint32_t byte = 0; byte < 256; byte += 1) {
      uint32_t crc = byte;
      for (int bit = 0; bit < 8; bit += 1) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0u);
      of[0][byte] = crc;
    }
    for (int k = 1; k < 8; k += 1) {
      for (int byte = 0; byte < 256; byte += 1) {
        const uint32_t crc = of[k - 1][byte];
        of[k][byte] = (crc >> 8) ^ of[0][crc & 0xff];
      }
    }
  }
};

[[maybe_unused]] uint32_t crc32c_by_table(uint32_t before, const void *bytes, size_t count) {
  static const Crc32cTables tables;
  const auto &of = tables.of;
  const auto *at = static_cast<const uint8_t *>(bytes);
  uint32_t crc = ~before;
  for (; count >= 8; count -= 8, at += 8) {
    uint32_t low;
    uint32_t high;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + 4, 4);
    low ^= crc;
    crc = of[7][low & 0xff] ^ of[6][(low >> 8) & 0xff] ^ of[5][(low >> 16) & 0xff] ^
          of[4][low >> 24] ^ of[3][high & 0xff] ^ of[2][(high >> 8) & 0xff] ^
          of[1][(high >> 16) & 0xff] ^ of[0][high >> 24];
  }
  for (; count > 0; count -= 1, at += 1) crc = (crc >> 8) ^ of[0][(crc ^ *at) & 0xff];
  return ~crc;
}

}  // namespace
}  // namespace hindra
