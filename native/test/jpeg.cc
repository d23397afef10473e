// The readers of JPEG, against files that are written here: by Huffman tables of any shape, of blocks from empty
// to full, in every sampling, with restarts, in one scan or several, progressive too. Then what is damaged of them is read,
// for the sanitizers. Arguments: seed and iterations.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

#include "jpeg/dc.h"
#include "jpeg/shrunk.h"
#include "kernels/choose.h"

#include "check.h"

using namespace hindra::jpeg;
using hindra::JpegKernels;

namespace {

constexpr int kFilesAnIteration = 60;
constexpr int kDamagedOfEach = 40;

using Bytes = std::vector<uint8_t>;
using Random = std::mt19937;

int drawn(Random &random, int low, int high) { return low + int(random() % uint32_t(high - low + 1)); }

struct Table {
  std::array<uint8_t, 16> counts{};
  std::vector<uint8_t> symbols;
  std::array<std::pair<uint32_t, int>, 256> codes{};
};

/** Codes of any lengths: the longest are cut in two again and again, and the code of all ones is left out. */
Table table_of(std::vector<uint8_t> symbols, Random &random) {
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

Table dc_table(Random &random) {
  std::vector<uint8_t> symbols(12);
  std::iota(symbols.begin(), symbols.end(), uint8_t(0));
  return table_of(symbols, random);
}

Table ac_table(Random &random) {
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

Picture draw(Random &random) {
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
int place_of(int at) {
  int diagonal = 0, before = 0;
  const auto length = [](int of) { return of < 8 ? of + 1 : 15 - of; };
  while (at - before >= length(diagonal)) before += length(diagonal++);
  const int along = at - before + std::max(0, diagonal - 7);
  const int row = diagonal % 2 == 0 ? diagonal - along : along;
  return row * 8 + diagonal - row;
}

/** All of a block behind its first coefficient: nothing, a little, or all up to the last place; large or small. */
void put_coefficients(BitWriter &bits, const Table &table, int bits_most, Random &random, std::array<int, 64> &written) {
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

void put_word(Bytes &out, int value) {
  out.push_back(uint8_t(value >> 8));
  out.push_back(uint8_t(value));
}

void put_marker(Bytes &out, int code) { put_word(out, 0xff00 | code); }

void put_table(Bytes &out, int kind, const Table &table) {
  put_marker(out, 0xc4);
  put_word(out, int(19 + table.symbols.size()));
  out.push_back(uint8_t(kind));
  out.insert(out.end(), table.counts.begin(), table.counts.end());
  out.insert(out.end(), table.symbols.begin(), table.symbols.end());
}

void put_scan_head(Bytes &out, const std::vector<size_t> &planes, int first, int last, int high, int low) {
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
void put_scan(Bytes &out, Picture &picture, const std::vector<size_t> &planes, int high, int low, Random &random) {
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
void put_other_scan(Bytes &out, size_t place, int first, int last, int high, int low, Random &random) {
  put_scan_head(out, {place}, first, last, high, low);
  BitWriter bits(out);
  const int count = drawn(random, 0, 300);
  for (int byte = 0; byte < count; byte += 1) bits.put(random() % 8 == 0 ? 0xff : random() % 256, 8);
}

void put_progressive_scans(Bytes &out, Picture &picture, const std::vector<size_t> &all, Random &random) {
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

Bytes written(Picture &picture, Random &random) {
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

void is_read_as_it_was_written(const Bytes &file, Picture &picture) {
  const auto found = read_dc(file.data(), file.size(), {1, UINT64_MAX});
  CHECK(std::holds_alternative<DcRaster>(found));
  const auto &[width, height, levels] = std::get<DcRaster>(found);
  CHECK(int(width) == picture.width && int(height) == picture.height);
  CHECK(levels.size() == size_t(width / 8) * (height / 8));
  for (int y = 0; y < picture.height / 8; y += 1) {
    for (int x = 0; x < picture.width / 8; x += 1) {
      const int eighths = picture.planes[0].at(x, y) * picture.step + 8 * 128 + 4;
      const int level = std::clamp(eighths < 0 ? 0 : eighths / 8, 0, 255);
      CHECK(levels[size_t(y * (picture.width / 8) + x)] == level);
    }
  }
}

/** What each pixel of a row or column of a block has of each coefficient. */
double wave(int frequency, int at) {
  return (frequency == 0 ? std::sqrt(0.125) : 0.5) * std::cos((2 * at + 1) * frequency * 3.14159265358979323846 / 16);
}

/** The mean of a square of pixels of one block, by the plain sum. */
double mean_of(Picture &picture, Plane &plane, int x, int y, int side) {
  const int column = x * side / 8, row = y * side / 8;
  const std::array<int, 64> &others = plane.others_at(column, row);
  double mean = 0;
  for (int place = 0; place < 64; place += 1) {
    const int coefficient = place == 0 ? plane.at(column, row) * picture.step : others[size_t(place)];
    if (coefficient == 0) continue;
    double across = 0, down = 0;
    for (int at = 0; at < side; at += 1) {
      across += wave(place % 8, x * side % 8 + at);
      down += wave(place / 8, y * side % 8 + at);
    }
    mean += coefficient * across * down / (side * side);
  }
  return std::clamp(mean + 128, 0.0, 255.0);
}

std::variant<Bytes, Reason> shrunk(const Bytes &file, int factor, const JpegKernels &kernels) {
  Bytes pixels;
  const Room room = [&](size_t count) {
    pixels.resize(count);
    return pixels.data();
  };
  const auto found = read_shrunk(file.data(), file.size(), {1, 1 << 20}, uint32_t(factor), kernels, room);
  if (const auto *reason = std::get_if<Reason>(&found)) return *reason;
  return pixels;
}

/** To the mean of each square, whichever kernels read it; says whether it is read at all. */
bool is_shrunk_to_means(const Bytes &file, Picture &picture, int factor) {
  int count = 0;
  const hindra::KernelSet *sets = hindra::supported_kernels(&count);
  const auto found = shrunk(file, factor, *sets[0].jpeg);
  for (int set = 1; set < count; set += 1) CHECK(shrunk(file, factor, *sets[set].jpeg) == found);
  if (const auto *reason = std::get_if<Reason>(&found)) {
    CHECK(*reason == Reason::coding || *reason == Reason::sampling || *reason == Reason::damaged);
    CHECK((*reason == Reason::coding) == picture.is_progressive);
    return false;
  }
  const Bytes &pixels = std::get<Bytes>(found);
  const int width = picture.width / factor, height = picture.height / factor;
  CHECK(pixels.size() == size_t(width * height * 3));
  Plane &luma = picture.planes[0];
  for (int y = 0; y < height; y += 1) {
    for (int x = 0; x < width; x += 1) {
      const auto level = [&](Plane &plane) { return mean_of(picture, plane, x, y, factor * plane.across / luma.across); };
      const bool is_grey = picture.planes.size() == 1;
      const double grey = level(luma), blue = is_grey ? 0 : level(picture.planes[1]) - 128;
      const double red = is_grey ? 0 : level(picture.planes[2]) - 128;
      const double expected[] = {grey + 1.402 * red, grey - 0.34414 * blue - 0.71414 * red, grey + 1.772 * blue};
      for (int channel = 0; channel < 3; channel += 1) {
        // Luma and chroma are rounded each by itself.
        const double off = std::clamp(expected[channel], 0.0, 255.0) - pixels[size_t((y * width + x) * 3 + channel)];
        CHECK(std::abs(off) < (is_grey ? 1 : 3));
      }
    }
  }
  return true;
}

Bytes damaged(const Bytes &file, Random &random) {
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
  return bytes;
}

void limits_come_first(const Bytes &file, const Picture &picture) {
  const uint32_t side = uint32_t(std::min(picture.width, picture.height));
  const uint64_t pixels = uint64_t(picture.width) * uint64_t(picture.height);
  const auto small = read_dc(file.data(), file.size(), {side + 1, UINT64_MAX});
  CHECK(std::get<Reason>(small) == Reason::size);
  const auto large = read_dc(file.data(), file.size(), {1, pixels - 1});
  CHECK(std::get<Reason>(large) == Reason::size);
  const auto right = read_dc(file.data(), file.size(), {side, pixels});
  CHECK(std::holds_alternative<DcRaster>(right));
}

}  // namespace

int main(int argc, char **argv) {
  Random random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  int times_shrunk = 0;
  for (int k = 0; k < iterations * kFilesAnIteration; k += 1) {
    Picture picture = draw(random);
    const Bytes file = written(picture, random);
    is_read_as_it_was_written(file, picture);
    limits_come_first(file, picture);
    for (const int factor : {2, 4, 8}) times_shrunk += is_shrunk_to_means(file, picture, factor);
    // Without its last byte it is no picture.
    const auto cut = read_dc(file.data(), file.size() - 1, {1, UINT64_MAX});
    CHECK(std::get<Reason>(cut) == Reason::cut_off);
    for (int times = 0; times < kDamagedOfEach; times += 1) {
      Bytes bytes = damaged(file, random);
      // Of no more memory than its size, so that a sanitizer sees what is read beyond.
      bytes.shrink_to_fit();
      read_dc(bytes.data(), bytes.size(), {1, 1 << 20});
      shrunk(bytes, 2 << random() % 3, *hindra::kernels().jpeg);
    }
  }
  CHECK(times_shrunk > iterations * kFilesAnIteration / 10);
  std::printf("jpeg: ok, %d times shrunk\n", times_shrunk);
}
