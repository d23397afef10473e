#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra {

/** Zeroed memory, in huge pages where it is large: random access then misses the TLB less. */
class Region {
 public:
  Region() = default;
  /** Throws std::bad_alloc. */
  explicit Region(size_t bytes);
  Region(Region &&other) noexcept;
  Region &operator=(Region &&other) noexcept;
  Region(const Region &) = delete;
  Region &operator=(const Region &) = delete;
  ~Region();

  template <typename T>
  T *at(size_t byte) const {
    return reinterpret_cast<T *>(static_cast<char *>(data_) + byte);
  }
  /** What it takes of the machine's memory once written. */
  size_t bytes() const { return bytes_; }

 private:
  void *data_ = nullptr;
  size_t bytes_ = 0;
};

/** Lays arrays out one after the other, each at a cache line, with a spare line at the end. */
class Layout {
 public:
  template <typename T>
  size_t array(size_t count) {
    const size_t at = bytes_;
    bytes_ = (bytes_ + count * sizeof(T) + 63) / 64 * 64;
    return at;
  }
  size_t bytes() const { return bytes_ + 64; }

 private:
  size_t bytes_ = 0;
};

}  // namespace hindra
