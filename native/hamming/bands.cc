#include "hamming/bands.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace hindra {
namespace {

constexpr uint32_t kPartitions = 256;

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
  const uint64_t high_bits = steps_ == 0 ? 0 : count + uint64_t{kKeys} * (steps_ + kCellBits - 1);
  const uint64_t cells = 2 * uint64_t{count} + high_bits / kCellBits;
  if (cells > std::numeric_limits<uint32_t>::max()) throw std::bad_alloc();
  Layout layout;
  size_t at[kBands][2];
  for (auto &places : at) {
    places[0] = layout.array<uint32_t>(kKeys + 1);
    places[1] = layout.array<uint16_t>(cells);
  }
  memory_ = Region(layout.bytes());
  for (int band = 0; band < kBands; band += 1) {
    bands_[band] = {memory_.at<uint32_t>(at[band][0]), memory_.at<uint16_t>(at[band][1])};
  }
  std::atomic<int> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      Scratch scratch(rows.count());
      for (int pair = next.fetch_add(1); pair < kBands / 2; pair = next.fetch_add(1)) {
        const int word = pair / 2;
        const int shift = pair % 2 * 32;
        for (size_t row = 0; row < count; row += 1) {
          scratch.column[row] =
              static_cast<uint32_t>(rows.hashes()[kHashWords * row + word] >> shift);
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
    for (unsigned i = 1; i < std::min(threads, kBands / 2u); i += 1) others.emplace_back(work);
  } catch (const std::exception &) {
    // No more threads are to be had: those that there are do it.
  }
  work();
  for (std::thread &other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

uint32_t Bands::cells_of(uint32_t entries) const {
  return 2 * entries + (steps_ == 0 ? 0 : (entries + steps_ + kCellBits - 1) / kCellBits);
}

/** Two stable passes, by high and by low byte of the key: each writes to 256 places at a time. */
void Bands::sort(const Rows &rows, int band, Scratch &scratch) {
  const Band &of = bands_[band];
  const uint32_t count = rows.count();
  const int key_shift = band % 2 * 16;
  const int partner_shift = 16 - key_shift;
  for (uint32_t row = 0; row < count; row += 1) {
    of.starts[((scratch.column[row] >> key_shift) & 0xffff) + 1] += 1;
  }
  uint32_t ends[kPartitions];
  uint32_t entries = 0;
  for (uint32_t key = 0; key < kKeys; key += 1) {
    if (key % kPartitions == 0) ends[key / kPartitions] = entries;
    entries += of.starts[key + 1];
    of.starts[key + 1] = of.starts[key] + cells_of(of.starts[key + 1]);
  }
  for (uint32_t row = 0; row < count; row += 1) {
    const uint32_t both = scratch.column[row];
    const uint32_t key = (both >> key_shift) & 0xffff;
    const uint64_t partner = (both >> partner_shift) & 0xffff;
    scratch.entries[ends[key >> 8]++] = (uint64_t{row} << 32) | (partner << 8) | (key & 0xff);
  }

  uint32_t at = 0;
  for (uint32_t high = 0; high < kPartitions; high += 1) {
    struct Bucket {
      uint16_t *partners;
      uint32_t count;
      uint32_t filled;
    } buckets[kPartitions];
    for (uint32_t low = 0; low < kPartitions; low += 1) {
      const uint32_t key = (high << 8) | low;
      buckets[low] = {of.cells + of.starts[key], this->entries(band, key), 0};
    }
    for (; at < ends[high]; at += 1) {
      const uint64_t entry = scratch.entries[at];
      const auto row = static_cast<uint32_t>(entry >> 32);
      Bucket &bucket = buckets[entry & 0xff];
      const uint32_t place = bucket.filled++;
      uint16_t *lows = bucket.partners + bucket.count;
      bucket.partners[place] = static_cast<uint16_t>(entry >> 8);
      lows[place] = static_cast<uint16_t>(row);
      if (steps_ == 0) continue;
      const uint32_t bit = place + (row >> 16);
      lows[bucket.count + bit / kCellBits] |= static_cast<uint16_t>(1u << (bit % kCellBits));
    }
  }
}

}  // namespace hindra
