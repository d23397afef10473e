#include "hamming/delta.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr uint32_t kPlaces = 2 * kDeltaRows;
/** Beyond, the folded hashes rule out too little. */
constexpr int kFoldedRadiusMax = 36;
constexpr uint32_t kSlice = 4096;

/** Each of the eight 32-bit columns goes to one of three: 0, 3, 6 and 1, 4, 7 here, 2, 5 narrow. */
uint64_t fold_wide(const uint64_t *hash) {
  const uint64_t low = (hash[0] ^ (hash[1] >> 32) ^ hash[3]) & 0xffffffffu;
  const uint64_t high = (hash[0] >> 32) ^ (hash[2] & 0xffffffffu) ^ (hash[3] >> 32);
  return low | (high << 32);
}

uint32_t fold_narrow(const uint64_t *hash) {
  return static_cast<uint32_t>(hash[1]) ^ static_cast<uint32_t>(hash[2] >> 32);
}

uint32_t place_of(uint32_t label) { return (label * 2654435761u) >> 16; }

}  // namespace

static_assert(kPlaces == 1u << 16, "place_of gives 16 bits");

Delta::Delta() {
  Layout layout;
  const size_t hashes = layout.array<uint64_t>(size_t{kHashWords} * kDeltaRows);
  const size_t wide = layout.array<uint64_t>(kDeltaRows);
  const size_t narrow = layout.array<uint32_t>(kDeltaRows);
  const size_t labels = layout.array<uint32_t>(kDeltaRows);
  const size_t lists = layout.array<uint32_t>(kDeltaRows);
  const size_t places = layout.array<uint32_t>(kPlaces);
  const size_t gone_words = layout.array<uint64_t>(kDeltaRows / 64);
  memory_ = Region(layout.bytes());
  hashes_ = memory_.at<uint64_t>(hashes);
  wide_ = memory_.at<uint64_t>(wide);
  narrow_ = memory_.at<uint32_t>(narrow);
  labels_ = memory_.at<uint32_t>(labels);
  lists_ = memory_.at<uint32_t>(lists);
  places_ = memory_.at<uint32_t>(places);
  gone = Gone(memory_.at<std::atomic<uint64_t>>(gone_words));
}

/** Takes the chain apart link by link: a long one must not end in deep recursion. */
Delta::~Delta() {
  std::shared_ptr<Delta> next = std::move(next_);
  while (next && next.use_count() == 1) next = std::shared_ptr<Delta>(std::move(next->next_));
}

void Delta::append(uint32_t label, const uint64_t *hash, uint32_t lists) {
  const uint32_t row = count_.load(std::memory_order_relaxed);
  std::copy_n(hash, kHashWords, hashes_ + size_t{kHashWords} * row);
  wide_[row] = fold_wide(hash);
  narrow_[row] = fold_narrow(hash);
  labels_[row] = label;
  lists_[row] = lists;
  uint32_t place = place_of(label);
  while (places_[place] != 0 && labels_[places_[place] - 1] != label) place = (place + 1) % kPlaces;
  places_[place] = row + 1;
  label_least_ = std::min(label_least_, label);
  label_most_ = std::max(label_most_, label);
  count_.store(row + 1, std::memory_order_release);
}

uint32_t Delta::find(uint32_t label) const {
  if (label < label_least_ || label > label_most_) return kNoRow;
  for (uint32_t place = place_of(label); places_[place] != 0; place = (place + 1) % kPlaces) {
    const uint32_t row = places_[place] - 1;
    if (labels_[row] == label) return gone.has(row) ? kNoRow : row;
  }
  return kNoRow;
}

void Delta::search(const Query &query, Hits &hits) const {
  uint32_t from = 0;
  for (uint32_t to = count(); from < to; to = count()) {
    search(query, from, to, hits);
    from = to;
  }
}

void Delta::search(const Query &query, uint32_t from, uint32_t to, Hits &hits) const {
  const HammingKernels &kernel = *kernels().hamming;
  const uint64_t wide = fold_wide(query.hash);
  const uint32_t narrow = fold_narrow(query.hash);
  uint32_t found[kSlice];
  while (from < to) {
    const uint32_t count = std::min(kSlice, to - from);
    const uint64_t *hashes = hashes_ + size_t{kHashWords} * from;
    const int radius = hits.radius();
    const size_t near =
        radius > kFoldedRadiusMax
            ? kernel.scan(hashes, count, query.hash, radius, found)
            : kernel.scan_folded({wide_ + from, narrow_ + from}, count, wide, narrow, radius, found);
    for (size_t i = 0; i < near; i += 1) {
      const uint32_t row = from + found[i];
      const int distance = kernel.distance(hashes_ + size_t{kHashWords} * row, query.hash);
      if (distance > hits.radius() || (lists_[row] & query.lists) == 0 || gone.has(row)) continue;
      hits.push(labels_[row], distance);
    }
    from += count;
  }
}

std::shared_ptr<Rows> Delta::sorted(uint32_t count, const GoneCopy &is_gone) const {
  std::vector<uint32_t> order;
  bool with_lists = false;
  for (uint32_t row = 0; row < count; row += 1) {
    if (is_gone.has(row)) continue;
    order.push_back(row);
    with_lists = with_lists || lists_[row] != kAllLists;
  }
  std::sort(order.begin(), order.end(),
            [this](uint32_t a, uint32_t b) { return labels_[a] < labels_[b]; });
  auto rows = std::make_shared<Rows>(static_cast<uint32_t>(order.size()), with_lists);
  for (size_t i = 0; i < order.size(); i += 1) {
    std::copy_n(hashes_ + size_t{kHashWords} * order[i], kHashWords,
                rows->hashes() + kHashWords * i);
    rows->labels()[i] = labels_[order[i]];
    if (with_lists) rows->lists()[i] = lists_[order[i]];
  }
  return rows;
}

void Delta::follow_by(const std::shared_ptr<Delta> &next) {
  next_ = next;
  next_seen_.store(next.get(), std::memory_order_release);
}

}  // namespace hindra
