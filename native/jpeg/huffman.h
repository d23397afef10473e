#pragma once

#include <array>
#include <cstdint>

namespace hindra::jpeg {

constexpr int kCodeBitsMax = 16;
/** A symbol says how many bits follow it. */
constexpr int kFollowingBitsMax = 15;
/** Coefficients of a block behind the first one. */
constexpr int kAcCoefficients = 63;

/** A Huffman table (ITU-T T.81, annex C). */
class Codes {
 public:
  /**
   * `counts` are those of codes of 1 to 16 bits, `symbols` as many as they come to. Throws `tables` where the codes do
   * not fit into their bits, or one of them is all ones.
   */
  Codes(const uint8_t *counts, const uint8_t *symbols);

  struct Code {
    /** 1 to 16; 0 where no code begins like this. */
    uint8_t length;
    uint8_t symbol;
  };

  /** The code at the top of 16 bits. */
  Code at(uint32_t next) const {
    const Code code = short_[next >> (kCodeBitsMax - kShortBits)];
    return code.length != 0 ? code : long_code(next);
  }

  bool has_symbol_above(uint8_t most) const;

 private:
  static constexpr int kShortBits = 9;

  Code long_code(uint32_t next) const;

  std::array<Code, 1 << kShortBits> short_{};
  /** By length: one more than its last code, and what to subtract from a code to find its symbol. */
  std::array<uint32_t, kCodeBitsMax + 1> limits_{};
  std::array<int32_t, kCodeBitsMax + 1> offsets_{};
  std::array<uint8_t, 256> symbols_{};
  int count_ = 0;
};

/**
 * What is skipped at one look: as many coefficients as the next 12 bits hold codes of. Of the last of them the code alone
 * must be there, for the bits that follow it say nothing of how many they are.
 */
class Skips {
 public:
  static constexpr int kLookBits = 12;
  /** So many bits are skipped at most: the codes of a look, and what follows the last one. */
  static constexpr int kSkippedMax = kLookBits + kFollowingBitsMax;

  explicit Skips(const Codes &codes);

  /** One look, by its 12 bits. */
  class Skip {
   public:
    Skip() = default;
    Skip(int bits, int coefficients, bool ends)
        : packed_(uint16_t(bits | (coefficients + int(ends)) << 8 | int(ends) << 15)) {}
    /** Nothing can be told: the code is longer, or there is none. */
    static Skip none() { return Skip(0, kAcCoefficients + 1, false); }

    int bits() const { return packed_ & 31; }
    /**
     * How many coefficients must be left in the block: those skipped, and one for the code that says that all others
     * are 0. A full block has no such code: what looks like one is the first code of the next block.
     */
    int needed() const { return packed_ >> 8 & 127; }
    bool ends() const { return packed_ >> 15 != 0; }

   private:
    uint16_t packed_ = 0;
  };

  Skip at(uint32_t look) const { return skips_[(1u << kLookBits) + look]; }

 private:
  /** Of each number of bits up to 12, one after the other: n bits are at 2^n. */
  std::array<Skip, 2 << kLookBits> skips_;
};

/** What the next bits say of a coefficient behind the first one, where its code and what follows it are short. */
class Values {
 public:
  static constexpr int kLookBits = 11;

  explicit Values(const Codes &codes);

  /** One look, by its bits. */
  struct Value {
    int16_t value;
    /** Of the code and what follows it; 0 where that takes more, or there is none. */
    uint8_t bits;
    /** The zeros before it, and itself; 0 where all others are 0. Where it is none but zeros, its value is 0, too. */
    uint8_t coefficients;
  };

  Value at(uint32_t look) const { return values_[look]; }

 private:
  std::array<Value, 1 << kLookBits> values_{};
};

/** What a symbol of a coefficient behind the first one says (F.1.2.2.1). */
struct AcSymbol {
  explicit AcSymbol(uint8_t symbol)
      : following(symbol & 15), coefficients((symbol >> 4) + 1), ends(following == 0 && symbol != 0xf0) {}

  int following;
  /** The zeros before it, and itself. */
  int coefficients;
  /** All others are 0, and nothing is meant by `coefficients`. */
  bool ends;
};

}  // namespace hindra::jpeg
