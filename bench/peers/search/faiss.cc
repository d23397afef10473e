// Debian's FAISS as it comes: its exact multi-index hashing and its flat scan, one thread.

#include <faiss/IndexBinaryFlat.h>
#include <faiss/IndexBinaryHash.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <omp.h>

#include "peer.h"

namespace {

constexpr int kBits = 256;
constexpr int kBands = 16;
constexpr int kBandBits = 16;

void range_search(const faiss::IndexBinary &index, const uint8_t *hash, int radius,
                  std::vector<peers::Hit> &hits) {
  faiss::RangeSearchResult found(1);
  // FAISS reports distances below its radius.
  index.range_search(1, hash, radius + 1, &found);
  for (size_t i = 0; i < found.lims[1]; i += 1) {
    hits.push_back({uint32_t(found.labels[i]), uint16_t(found.distances[i])});
  }
}

/** Exact to radius 31: 31 bits spread over 16 bands leave one band with at most one. */
class MultiHash {
 public:
  MultiHash(const uint8_t *hashes, size_t count) : index_(kBits, kBands, kBandBits) {
    index_.nflip = 1;
    index_.add(faiss::idx_t(count), hashes);
  }
  void search(const uint8_t *hash, int radius, std::vector<peers::Hit> &hits) const {
    range_search(index_, hash, radius, hits);
  }

 private:
  faiss::IndexBinaryMultiHash index_;
};

class Flat {
 public:
  Flat(const uint8_t *hashes, size_t count) : index_(kBits) {
    index_.add(faiss::idx_t(count), hashes);
  }
  void search(const uint8_t *hash, int radius, std::vector<peers::Hit> &hits) const {
    range_search(index_, hash, radius, hits);
  }

 private:
  faiss::IndexBinaryFlat index_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  omp_set_num_threads(1);
  exports.Set("MultiHash", peers::Peer<MultiHash>::define(env, "MultiHash"));
  exports.Set("Flat", peers::Peer<Flat>::define(env, "Flat"));
  return exports;
}

}  // namespace

NODE_API_MODULE(peers_faiss, init)
