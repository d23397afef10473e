#include "pdq/shares.h"

namespace hindra {
namespace {

/** The coefficients as the reference has them, in float32. */
constexpr double kLuma[3] = {double(0.299f), double(0.587f), double(0.114f)};
constexpr double kGrey[1] = {1};

}  // namespace

void take_shares(const BoxAxis &axis, size_t at, std::vector<double> &shares) {
  const size_t start = axis.start(axis.start(at));
  shares.assign(axis.end(axis.end(at) - 1) - start, 0);
  for (size_t middle = axis.start(at); middle < axis.end(at); middle += 1) {
    const size_t from = axis.start(middle);
    const size_t to = axis.end(middle);
    const double share = 1.0 / (double(axis.end(at) - axis.start(at)) * double(to - from));
    for (size_t x = from; x < to; x += 1) shares[x - start] += share;
  }
}

void spread_luma(const std::vector<double> &shares, uint32_t channels, float *out) {
  const double *parts = channels == 1 ? kGrey : kLuma;
  const uint32_t part_count = channels == 1 ? 1 : 3;
  for (size_t k = 0; k < shares.size(); k += 1) {
    for (uint32_t part = 0; part < part_count; part += 1) {
      out[k * channels + part] = float(shares[k] * parts[part]);
    }
  }
}

}  // namespace hindra
