#include "jpeg/huffman.h"

#include <algorithm>

#include "jpeg/codes.h"
#include "jpeg/declined.h"

namespace hindra::jpeg {

Codes::Codes(const uint8_t *counts, const uint8_t *symbols) {
  uint32_t code = 0;
  for (int length = 1; length <= kCodeBitsMax; length += 1) {
    const uint32_t count = counts[length - 1];
    require(count_ + count <= symbols_.size(), Reason::tables);
    offsets_[length] = count_ - int32_t(code);
    for (uint32_t k = 0; k < count; k += 1, code += 1) {
      const Code found{uint8_t(length), symbols[count_]};
      symbols_[count_] = found.symbol;
      count_ += 1;
      if (length > kShortBits) continue;
      const uint32_t spread = kShortBits - length;
      // Too many codes of a length would be put beyond the end: told before they are.
      require(code < 1u << length, Reason::tables);
      std::fill_n(short_.begin() + (code << spread), size_t(1) << spread, found);
    }
    require(code < 1u << length, Reason::tables);
    limits_[length] = code;
    code <<= 1;
  }
}

Codes::Code Codes::long_code(uint32_t next) const {
  for (int length = kShortBits + 1; length <= kCodeBitsMax; length += 1) {
    const uint32_t code = next >> (kCodeBitsMax - length);
    if (code < limits_[length]) {
      return {uint8_t(length), symbols_[size_t(int32_t(code) + offsets_[length])]};
    }
  }
  return {0, 0};
}

bool Codes::has_symbol_above(uint8_t most) const {
  return std::any_of(symbols_.begin(), symbols_.begin() + count_,
                     [most](uint8_t symbol) { return symbol > most; });
}

Skips::Skips(const Codes &codes) {
  // What is left of a look behind its first code is a look of fewer bits, which is there already.
  for (int bits = 0; bits <= kLookBits; bits += 1) {
    for (uint32_t look = 0; look < 1u << bits; look += 1) {
      Skip &skip = skips_[(1u << bits) + look];
      const Codes::Code code = codes.at(look << (kCodeBitsMax - bits));
      if (code.length == 0 || code.length > bits) {
        skip = Skip::none();
        continue;
      }
      const AcSymbol first(code.symbol);
      if (first.ends) {
        skip = Skip(code.length, 0, true);
        continue;
      }
      const int used = code.length + first.following;
      skip = Skip(used, first.coefficients, false);
      if (used >= bits) continue;
      const uint32_t rest = look & ((1u << (bits - used)) - 1);
      const Skip others = skips_[(1u << (bits - used)) + rest];
      const int needed = first.coefficients + others.needed();
      if (needed > kAcCoefficients) continue;
      skip = Skip(used + others.bits(), needed - int(others.ends()), others.ends());
    }
  }
}

Values::Values(const Codes &codes) {
  for (uint32_t look = 0; look < values_.size(); look += 1) {
    const Codes::Code code = codes.at(look << (kCodeBitsMax - kLookBits));
    const AcSymbol symbol(code.symbol);
    const int bits = code.length + (symbol.ends ? 0 : symbol.following);
    if (code.length == 0 || bits > kLookBits) continue;
    const uint32_t following = look >> (kLookBits - bits) & ((1u << symbol.following) - 1);
    const int32_t value = symbol.following == 0 ? 0 : value_of(following, symbol.following);
    values_[look] = {int16_t(value), uint8_t(bits), uint8_t(symbol.ends ? 0 : symbol.coefficients)};
  }
}

}  // namespace hindra::jpeg
