#pragma once

#include <nmmintrin.h>

#include <cstdint>
#include <cstring>

namespace hindra {
namespace {

/** With the instruction that SSE 4.2 has for it. */
[[maybe_unused]] uint32_t crc32c_by_instruction(uint32_t before, const void *bytes, size_t count) {
  const auto *at = static_cast<const uint8_t *>(bytes);
  uint64_t crc = ~before;
  for (; count >= 8; count -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto rest = static_cast<uint32_t>(crc);
  for (; count > 0; count -= 1, at += 1) rest = _mm_crc32_u8(rest, *at);
  return ~rest;
}

}  // namespace
}  // namespace hindra
