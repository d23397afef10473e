#pragma once

#include <vector>

#include "kernels/pdq.h"

namespace hindra {

/**
 * Sums of rows with whole-number weights, however large: split into calls of `weigh_rows` that its
 * 16-bit sums can hold.
 */
class RowSums {
 public:
  RowSums(const uint8_t *first, size_t stride, size_t bytes, const PdqKernels &kernels)
      : first_(first), stride_(stride), bytes_(bytes), kernels_(kernels) {}

  /** Begins a new sum in `out`. */
  void start(float *out);
  void add(size_t row, uint32_t weight);
  /** `out` gets `scale` times what was added since `start` or the last `flush`. */
  void flush(float scale);

 private:
  void run(float scale);

  const uint8_t *first_;
  size_t stride_;
  size_t bytes_;
  const PdqKernels &kernels_;
  float *out_ = nullptr;
  bool is_begun_ = false;
  struct Entry {
    size_t row;
    uint32_t weight;
  };
  std::vector<Entry> entries_;
  std::vector<size_t> offsets_;
  std::vector<uint16_t> pairs_;
};

}  // namespace hindra
