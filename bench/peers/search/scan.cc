// The linear scan that memory, not arithmetic, holds back: AVX-512 with VPOPCNTDQ, one thread, huge
// pages. Eight hashes lie word by word in 256 bytes, so that eight distances come out side by side
// and nothing is summed across lanes: 4 loads, 4 population counts, 3 additions and one comparison.

#include <immintrin.h>
#include <sys/mman.h>

#include <cstring>
#include <new>

#include "peer.h"

namespace {

constexpr size_t kLanes = 8;
constexpr size_t kWords = 4;
constexpr size_t kBlockWords = kLanes * kWords;
constexpr size_t kUnrolled = 4;
constexpr size_t kHugePage = size_t{2} << 20;
/** Bytes ahead of the scan that are asked for: about what arrives while memory answers once. */
constexpr size_t kAhead = 4096;

class Scan {
 public:
  Scan(const uint8_t *hashes, size_t count) : count_(count) {
    const size_t step = kLanes * kUnrolled;
    blocks_ = (count + step - 1) / step * kUnrolled;
    bytes_ = (blocks_ * kBlockWords * 8 + kHugePage - 1) / kHugePage * kHugePage + kHugePage;
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    madvise(memory_, bytes_, MADV_HUGEPAGE);
    const auto start = reinterpret_cast<uintptr_t>(memory_);
    words_ = reinterpret_cast<uint64_t *>((start + kHugePage - 1) / kHugePage * kHugePage);
    for (size_t i = 0; i < count; i += 1) {
      for (size_t word = 0; word < kWords; word += 1) {
        uint64_t value;
        std::memcpy(&value, hashes + i * peers::kHashBytes + word * 8, 8);
        words_[i / kLanes * kBlockWords + word * kLanes + i % kLanes] = value;
      }
    }
  }
  Scan(const Scan &) = delete;
  Scan &operator=(const Scan &) = delete;
  ~Scan() { munmap(memory_, bytes_); }

  /** A radius below 0 compares nothing: it only reads the same memory, which is the scan's limit. */
  void search(const uint8_t *hash, int radius, std::vector<peers::Hit> &hits) const {
    if (radius < 0) return read();
    __m512i query[kWords];
    for (size_t word = 0; word < kWords; word += 1) {
      int64_t value;
      std::memcpy(&value, hash + word * 8, 8);
      query[word] = _mm512_set1_epi64(value);
    }
    const __m512i limit = _mm512_set1_epi64(radius);
    const uint64_t *at = words_;
    for (size_t block = 0; block < blocks_; block += kUnrolled, at += kUnrolled * kBlockWords) {
      ask_ahead(at);
      __m512i distances[kUnrolled];
      uint32_t within = 0;
      for (size_t i = 0; i < kUnrolled; i += 1) {
        distances[i] = distances_of(at + i * kBlockWords, query);
        within |= uint32_t{_mm512_cmple_epi64_mask(distances[i], limit)} << (i * kLanes);
      }
      if (__builtin_expect(within == 0, 1)) continue;
      alignas(64) int64_t found[kUnrolled * kLanes];
      for (size_t i = 0; i < kUnrolled; i += 1) {
        _mm512_store_si512(found + i * kLanes, distances[i]);
      }
      for (; within != 0; within &= within - 1) {
        const unsigned lane = __builtin_ctz(within);
        const size_t label = block * kLanes + lane;
        // The last blocks are filled up with zeros, which are no hashes.
        if (label >= count_) break;
        hits.push_back({uint32_t(label), uint16_t(found[lane])});
      }
    }
  }

 private:
  void read() const {
    __m512i sum[kUnrolled] = {};
    const uint64_t *at = words_;
    for (size_t block = 0; block < blocks_; block += kUnrolled, at += kUnrolled * kBlockWords) {
      ask_ahead(at);
      for (size_t i = 0; i < kUnrolled; i += 1) {
        for (size_t word = 0; word < kWords; word += 1) {
          const __m512i line = _mm512_load_si512(at + i * kBlockWords + word * kLanes);
          sum[i] = _mm512_xor_si512(sum[i], line);
        }
      }
    }
    const __m512i all = _mm512_xor_si512(_mm512_xor_si512(sum[0], sum[1]),
                                         _mm512_xor_si512(sum[2], sum[3]));
    asm volatile("" : : "v"(all));
  }

  static __m512i distances_of(const uint64_t *block, const __m512i *query) {
    __m512i bits[kWords];
    for (size_t word = 0; word < kWords; word += 1) {
      const __m512i line = _mm512_load_si512(block + word * kLanes);
      bits[word] = _mm512_popcnt_epi64(_mm512_xor_si512(line, query[word]));
    }
    return _mm512_add_epi64(_mm512_add_epi64(bits[0], bits[1]),
                            _mm512_add_epi64(bits[2], bits[3]));
  }

  static void ask_ahead(const uint64_t *at) {
    const char *bytes = reinterpret_cast<const char *>(at) + kAhead;
    for (size_t line = 0; line < kUnrolled * kWords; line += 1) {
      _mm_prefetch(bytes + line * 64, _MM_HINT_T0);
    }
  }

  size_t count_;
  size_t blocks_;
  size_t bytes_;
  void *memory_;
  uint64_t *words_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vpopcntdq")) {
    throw Napi::Error::New(env, "this processor has no AVX-512 VPOPCNTDQ");
  }
  exports.Set("Scan", peers::Peer<Scan>::define(env, "Scan"));
  return exports;
}

}  // namespace

NODE_API_MODULE(peers_scan, init)
