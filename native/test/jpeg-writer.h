// Writes JPEG for tests: by Huffman tables of any shape, of blocks from empty to full, in every sampling, with restarts, in
// one scan or several, progressive too. And damages what is written.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace hindra::test {

constexpr int kFilesAnIteration = 60;
constexpr int kDamagedOfEach = 40;

using Bytes = std::vector<uint8_t>;
using Random = std::mt19937;

inline int drawn(Random &random, int low, int high) { return low + int(random() % uint32_t(high - low + 1)); }

struct Table {
  std::array<uint8_t, 16> counts{};
  std::vector<uint8_t> symbols;
  std::array<std::pair<uint32_t, int>, 256> codes{};
};

/** Codes of any lengths: the longest are cut in two again and again, and the code of all ones is left out. */
inline Table table_of(std::vector<uint8_t> symbols, Random &random) {
  std::vector<int> lengths{0};
  while (lengths.size() <= symbols.size()) {
    const size_t at = random() % lengths.size();
    // A table that grows lopsided has no room left.
    if (lengths[at] >= 15 && random() % 8 != 0) continue;
    if (lengths[at] >= 16) continue;
    lengths[at] += 1;
    lengths.push_back(lengths[at]);
  }
  std::sort(lengths.begin(), lengths.end());
  lengths.pop_back();
  std::shuffle(symbols.begin(), symbols.end(), random);
  Table table;
  table.symbols = symbols;
  uint32_t code = 0;
  for (size_t k = 0; k < symbols.size(); k += 1) {
    if (k > 0) code = (code + 1) << (lengths[k] - lengths[k - 1]);
    table.counts[size_t(lengths[k] - 1)] += 1;
    table.codes[symbols[k]] = {code, lengths[k]};
  }
  return table;
}

inline Table dc_table(Random &random) {
  std::vector<uint8_t> symbols(12);
  std::iota(symbols.begin(), symbols.end(), uint8_t(0));
  return table_of(symbols, random);
}

inline Table ac_table(Random &random) {
  std::vector<uint8_t> symbols{0x00, 0xf0};
  for (int run = 0; run < 16; run += 1) {
    for (int size = 1; size <= 10; size += 1) symbols.push_back(uint8_t(run << 4 | size));
  }
  return table_of(symbols, random);
}

/** Bits of entropy-coded data, with a zero behind each 0xff. */
class BitWriter {
 public:
  explicit BitWriter(Bytes &out) : out_(out) {}

  void put(uint32_t value, int count) {
    for (int bit = count - 1; bit >= 0; bit -= 1) {
      byte_ = uint8_t(byte_ << 1 | (value >> bit & 1));
      filled_ += 1;
      if (filled_ == 8) flush();
    }
  }
  void put(const Table &table, uint8_t symbol) { put(table.codes[symbol].first, table.codes[symbol].second); }
  void put_value(const Table &table, int run, int value) {
    int size = 0;
    while (std::abs(value) >> size != 0) size += 1;
    put(table, uint8_t(run << 4 | size));
    put(uint32_t(value < 0 ? value + (1 << size) - 1 : value), size);
  }
  void align() {
    while (filled_ != 0) put(1, 1);
  }

 private:
  void flush() {
    out_.push_back(byte_);
    if (byte_ == 0xff) out_.push_back(0);
    filled_ = 0;
  }

  Bytes &out_;
  uint8_t byte_ = 0;
  int filled_ = 0;
};

struct Plane {
  int across, down, width, height;
  /** With those that only fill the last units. */
  std::vector<int> dc;
  /** Those behind the first one, row by row, as they were written last. */
  std::vector<std::array<int, 64>> others;

  int &at(int x, int y) { return dc[size_t(y * width + x)]; }
  std::array<int, 64> &others_at(int x, int y) { return others[size_t(y * width + x)]; }
};

struct Picture {
  int width, height, units_across, units_down, step, restart_interval;
  /** Of the largest coefficient behind a first one. */
  int bits_most;
  bool is_progressive;
  std::vector<Plane> planes;
  std::vector<Table> dc, ac;
};

inline Picture draw(Random &random) {
  Picture picture{};
  picture.width = drawn(random, 1, 150);
  picture.height = drawn(random, 1, 110);
  picture.step = drawn(random, 1, 60);
  picture.bits_most = random() % 2 == 0 ? 9 : drawn(random, 0, 6);
  picture.is_progressive = random() % 3 == 0;
  picture.restart_interval = random() % 2 == 0 ? 0 : drawn(random, 1, 20);
  const bool is_grey = random() % 4 == 0;
  constexpr int kSamplings[][2] = {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {1, 4}, {3, 1}, {4, 2}};
  const auto &[across, down] = kSamplings[random() % 8];
  const int unit_across = is_grey ? 1 : across, unit_down = is_grey ? 1 : down;
  const auto parts = [](int length, int part) { return (length + part - 1) / part; };
  picture.units_across = parts(picture.width, 8 * unit_across);
  picture.units_down = parts(picture.height, 8 * unit_down);
  for (int k = 0; k < (is_grey ? 1 : 3); k += 1) {
    Plane plane{k == 0 ? unit_across : 1, k == 0 ? unit_down : 1, 0, 0, {}, {}};
    plane.width = picture.units_across * plane.across;
    plane.height = picture.units_down * plane.down;
    plane.dc.resize(size_t(plane.width * plane.height));
    plane.others.resize(plane.dc.size());
    for (int &value : plane.dc) value = drawn(random, -1023, 1023) / picture.step;
    picture.planes.push_back(plane);
    picture.dc.push_back(dc_table(random));
    picture.ac.push_back(ac_table(random));
  }
  return picture;
}

/** The place of the coefficients in zigzag order: along diagonals, up and down in turn. */
inline int place_of(int at) {
  int diagonal = 0, before = 0;
  const auto length = [](int of) { return of < 8 ? of + 1 : 15 - of; };
  while (at - before >= length(diagonal)) before += length(diagonal++);
  const int along = at - before + std::max(0, diagonal - 7);
  const int row = diagonal % 2 == 0 ? diagonal - along : along;
  return row * 8 + diagonal - row;
}

/** All of a block behind its first coefficient: nothing, a little, or all up to the last place; large or small. */
inline void put_coefficients(BitWriter &bits, const Table &table, int bits_most, Random &random, std::array<int, 64> &written) {
  const int most = random() % 3 == 0 ? 63 : drawn(random, 0, 63);
  const int runs = drawn(random, 0, random() % 4 == 0 ? 40 : 3);
  written.fill(0);
  int at = 0;
  while (at < most) {
    int run = std::min(drawn(random, 0, runs), 62 - at);
    at += run + 1;
    for (; run > 15; run -= 16) bits.put(table, 0xf0);
    int value = drawn(random, -(1 << drawn(random, 0, bits_most)), 1 << drawn(random, 0, bits_most));
    if (value == 0) value = 1;
    bits.put_value(table, run, value);
    written[size_t(place_of(at))] = value;
  }
  if (at < 63) bits.put(table, 0x00);
}

inline void put_word(Bytes &out, int value) {
  out.push_back(uint8_t(value >> 8));
  out.push_back(uint8_t(value));
}

inline void put_marker(Bytes &out, int code) { put_word(out, 0xff00 | code); }

inline void put_table(Bytes &out, int kind, const Table &table) {
  put_marker(out, 0xc4);
  put_word(out, int(19 + table.symbols.size()));
  out.push_back(uint8_t(kind));
  out.insert(out.end(), table.counts.begin(), table.counts.end());
  out.insert(out.end(), table.symbols.begin(), table.symbols.end());
}

inline void put_scan_head(Bytes &out, const std::vector<size_t> &planes, int first, int last, int high, int low) {
  put_marker(out, 0xda);
  put_word(out, int(6 + 2 * planes.size()));
  out.push_back(uint8_t(planes.size()));
  for (const size_t place : planes) {
    out.push_back(uint8_t(place + 1));
    out.push_back(uint8_t(place << 4 | place));
  }
  for (const int byte : {first, last, high << 4 | low}) out.push_back(uint8_t(byte));
}

/** A scan that has first coefficients, all of them or the bit `low`. */
inline void put_scan(Bytes &out, Picture &picture, const std::vector<size_t> &planes, int high, int low, Random &random) {
  put_scan_head(out, planes, 0, picture.is_progressive ? 0 : 63, high, low);
  BitWriter bits(out);
  std::array<int, 3> previous{};
  const bool is_alone = planes.size() == 1;
  const Plane &luma = picture.planes[0], &first = picture.planes[planes[0]];
  // A component alone has as many blocks as it takes to cover the picture, and no more.
  const auto covering = [](int length, int side) { return (length + side - 1) / side; };
  const int across = is_alone ? covering(picture.width, 8 * luma.across / first.across) : picture.units_across;
  const int down = is_alone ? covering(picture.height, 8 * luma.down / first.down) : picture.units_down;
  for (int unit = 0; unit < across * down; unit += 1) {
    if (unit > 0 && picture.restart_interval > 0 && unit % picture.restart_interval == 0) {
      bits.align();
      put_marker(out, 0xd0 + (unit / picture.restart_interval - 1) % 8);
      previous.fill(0);
    }
    for (const size_t place : planes) {
      Plane &plane = picture.planes[place];
      const int blocks_across = is_alone ? 1 : plane.across, blocks_down = is_alone ? 1 : plane.down;
      for (int block = 0; block < blocks_across * blocks_down; block += 1) {
        const int x = unit % across * blocks_across + block % blocks_across;
        const int y = unit / across * blocks_down + block / blocks_across;
        const int value = plane.at(x, y) >> low;
        if (high != 0) {
          bits.put(uint32_t(value & 1), 1);
          continue;
        }
        bits.put_value(picture.dc[place], 0, value - previous[place]);
        previous[place] = value;
        if (picture.is_progressive) continue;
        put_coefficients(bits, picture.ac[place], picture.bits_most, random, plane.others_at(x, y));
      }
    }
  }
  bits.align();
}

/** What a scan without first coefficients holds is not looked at: anything will do. */
inline void put_other_scan(Bytes &out, size_t place, int first, int last, int high, int low, Random &random) {
  put_scan_head(out, {place}, first, last, high, low);
  BitWriter bits(out);
  const int count = drawn(random, 0, 300);
  for (int byte = 0; byte < count; byte += 1) bits.put(random() % 8 == 0 ? 0xff : random() % 256, 8);
}

inline void put_progressive_scans(Bytes &out, Picture &picture, const std::vector<size_t> &all, Random &random) {
  const int low = drawn(random, 0, 3);
  put_scan(out, picture, all, 0, low, random);
  int known = low;
  const auto refine = [&] {
    put_scan(out, picture, all, known, known - 1, random);
    known -= 1;
  };
  for (const size_t place : all) {
    if (known > 0 && random() % 2 == 0) refine();
    put_other_scan(out, place, 1, 5, 0, 0, random);
    put_other_scan(out, place, 6, 63, 0, 1, random);
    put_other_scan(out, place, 6, 63, 1, 0, random);
  }
  while (known > 0) refine();
}

inline Bytes written(Picture &picture, Random &random) {
  Bytes out;
  put_marker(out, 0xd8);
  put_marker(out, 0xdb);
  put_word(out, 67);
  out.push_back(0);
  out.push_back(uint8_t(picture.step));
  out.insert(out.end(), 63, 1);
  const size_t count = picture.planes.size();
  for (size_t place = 0; place < count; place += 1) {
    put_table(out, int(place), picture.dc[place]);
    put_table(out, int(0x10 | place), picture.ac[place]);
  }
  put_marker(out, picture.is_progressive ? 0xc2 : drawn(random, 0xc0, 0xc1));
  put_word(out, int(8 + 3 * count));
  out.push_back(8);
  put_word(out, picture.height);
  put_word(out, picture.width);
  out.push_back(uint8_t(count));
  for (size_t place = 0; place < count; place += 1) {
    const Plane &plane = picture.planes[place];
    for (const int byte : {int(place + 1), plane.across << 4 | plane.down, 0}) out.push_back(uint8_t(byte));
  }
  if (picture.restart_interval > 0) {
    put_marker(out, 0xdd);
    put_word(out, 4);
    put_word(out, picture.restart_interval);
  }
  std::vector<size_t> all(count);
  std::iota(all.begin(), all.end(), size_t(0));
  const int blocks = picture.planes[0].across * picture.planes[0].down + 2;
  if (picture.is_progressive) {
    if (blocks > 10) all = {0};
    put_progressive_scans(out, picture, all, random);
    for (size_t place = all.size(); place < count; place += 1) put_scan(out, picture, {place}, 0, 0, random);
  } else if (blocks > 10 || random() % 3 == 0) {
    for (const size_t place : all) put_scan(out, picture, {place}, 0, 0, random);
  } else {
    put_scan(out, picture, all, 0, 0, random);
  }
  put_marker(out, 0xd9);
  return out;
}

inline Bytes damaged(const Bytes &file, Random &random) {
  Bytes bytes = file;
  const auto any = [&] { return size_t(random() % bytes.size()); };
  switch (random() % 5) {
    case 0:
      bytes.resize(any());
      break;
    case 1:
      for (int k = drawn(random, 1, 6); k > 0; k -= 1) bytes[any()] ^= uint8_t(1 << random() % 8);
      break;
    case 2:
      for (int k = drawn(random, 1, 6); k > 0; k -= 1) bytes[any()] = uint8_t(random());
      break;
    case 3:
      bytes.erase(bytes.begin() + ptrdiff_t(any()));
      break;
    default: {
      const uint8_t marker[] = {0xff, uint8_t(0xc0 + random() % 0x40)};
      bytes.insert(bytes.begin() + ptrdiff_t(any()), marker, marker + 2);
    }
  }
  // Of no more memory than its size, so that a sanitizer sees what is read beyond.
  bytes.shrink_to_fit();
  return bytes;
}

}  // namespace hindra::test
