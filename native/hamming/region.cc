#include "hamming/region.h"

#include <cstdlib>
#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace hindra {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

#if defined(__linux__)
bool is_mapped(size_t bytes) { return bytes >= kHugePage; }

/** Maps one huge page more than needed and gives back what lies outside of whole ones. */
void *map(size_t bytes) {
  const size_t mapped = bytes + kHugePage;
  void *start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
  auto *bytes_at = static_cast<char *>(start);
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(start) % kHugePage) % kHugePage;
  if (before > 0) munmap(bytes_at, before);
  munmap(bytes_at + before + bytes, kHugePage - before);
  madvise(bytes_at + before, bytes, MADV_HUGEPAGE);
  return bytes_at + before;
}
#endif

}  // namespace

Region::Region(size_t bytes) : bytes_(bytes) {
#if defined(__linux__)
  if (is_mapped(bytes)) {
    bytes_ = (bytes + kHugePage - 1) / kHugePage * kHugePage;
    data_ = map(bytes_);
    return;
  }
#endif
  bytes_ = (bytes + 63) / 64 * 64;
  data_ = std::calloc(1, bytes_ == 0 ? 64 : bytes_);
  if (data_ == nullptr) throw std::bad_alloc();
}

Region::Region(Region &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Region &Region::operator=(Region &&other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Region::~Region() {
  if (data_ == nullptr) return;
#if defined(__linux__)
  if (is_mapped(bytes_)) {
    munmap(data_, bytes_);
    return;
  }
#endif
  std::free(data_);
}

}  // namespace hindra
