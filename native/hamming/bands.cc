#include "hamming/bands.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace hindra {
namespace {

constexpr uint32_t PARTITIONS = 256;

}  // namespace

/** Of one thread: the pair of bands it works on, as a column, and its entries by high byte. */
struct Bands::Scratch {
  explicit Scratch(uint32_t count)
      : column_memory(size_t{count} * 4), entry_memory(size_t{count} * 8),
        column(column_memory.at<uint32_t>(0)), entries(entry_memory.at<uint64_t>(0)) {}
  Region column_memory;
  Region entry_memory;
  /** Both bands of a pair, the lower one in the low half. */
  uint32_t *column;
  /** Row, partner and low byte of the key: 32, 16 and 8 bits from the top. */
  uint64_t *entries;
};

Bands::Bands(const Rows &rows, unsigned threads) : steps_(rows.count() > 0 ? (rows.count() - 1) >> 16 : 0) {
  const size_t count = rows.count();
  Layout layout;
  size_t at[BANDS][4];
  for (auto &places : at) {
    places[0] = layout.array<uint32_t>(KEYS + 1);
    places[1] = layout.array<uint16_t>(count);
    places[2] = layout.array<uint16_t>(count);
    places[3] = layout.array<uint64_t>(
        steps_ == 0 ? 0 : (count + uint64_t{KEYS} * steps_) / 64 + 1);
  }
  memory_ = Region(layout.bytes());
  for (int band = 0; band < BANDS; band += 1) {
    bands_[band] = {memory_.at<uint32_t>(at[band][0]), memory_.at<uint16_t>(at[band][1]),
                    memory_.at<uint16_t>(at[band][2]),
                    steps_ == 0 ? nullptr : memory_.at<uint64_t>(at[band][3])};
  }
  std::atomic<int> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      Scratch scratch(rows.count());
      for (int pair = next.fetch_add(1); pair < BANDS / 2; pair = next.fetch_add(1)) {
        const int word = pair / 2;
        const int shift = pair % 2 * 32;
        for (size_t row = 0; row < count; row += 1) {
          scratch.column[row] =
              static_cast<uint32_t>(rows.hashes()[HASH_WORDS * row + word] >> shift);
        }
        sort(rows, 2 * pair, scratch);
        sort(rows, 2 * pair + 1, scratch);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  try {
    for (unsigned i = 1; i < std::min(threads, BANDS / 2u); i += 1) others.emplace_back(work);
  } catch (const std::exception &) {
    // No more threads are to be had: those that there are do it.
  }
  work();
  for (std::thread &other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

/** Two stable passes, by high and by low byte of the key: each writes to 256 places at a time. */
void Bands::sort(const Rows &rows, int band, Scratch &scratch) {
  const Band &of = bands_[band];
  const uint32_t count = rows.count();
  const int key_shift = band % 2 * 16;
  const int partner_shift = 16 - key_shift;
  for (uint32_t row = 0; row < count; row += 1) {
    of.offsets[((scratch.column[row] >> key_shift) & 0xffff) + 1] += 1;
  }
  for (uint32_t key = 0; key < KEYS; key += 1) of.offsets[key + 1] += of.offsets[key];

  uint32_t ends[PARTITIONS];
  for (uint32_t high = 0; high < PARTITIONS; high += 1) ends[high] = of.offsets[high << 8];
  for (uint32_t row = 0; row < count; row += 1) {
    const uint32_t both = scratch.column[row];
    const uint32_t key = (both >> key_shift) & 0xffff;
    const uint64_t partner = (both >> partner_shift) & 0xffff;
    scratch.entries[ends[key >> 8]++] = (uint64_t{row} << 32) | (partner << 8) | (key & 0xff);
  }

  for (uint32_t high = 0; high < PARTITIONS; high += 1) {
    uint32_t next[PARTITIONS];
    std::copy_n(of.offsets + (high << 8), PARTITIONS, next);
    for (uint32_t at = of.offsets[high << 8]; at < of.offsets[(high + 1) << 8]; at += 1) {
      const uint64_t entry = scratch.entries[at];
      const auto row = static_cast<uint32_t>(entry >> 32);
      const uint32_t low = entry & 0xff;
      const uint32_t place = next[low]++;
      of.partners[place] = static_cast<uint16_t>(entry >> 8);
      of.low[place] = static_cast<uint16_t>(row);
      if (steps_ == 0) continue;
      const uint64_t bit = place + uint64_t{(high << 8) | low} * steps_ + (row >> 16);
      of.high[bit / 64] |= uint64_t{1} << (bit % 64);
    }
  }
}

}  // namespace hindra
