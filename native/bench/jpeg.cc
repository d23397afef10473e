// The readers of JPEG against libjpeg-turbo's own decoding, in one process and in turn: luma at 1/8 beside grey at 1/8, and
// pixels at 1/2 beside those. Arguments: JPEG files. Build and run, with libjpeg62-turbo-dev installed:
//   cd native && g++ -std=c++17 -O3 -I. jpeg/[!b]*.cc kernels/jpeg-{scalar,avx2}.cc bench/jpeg.cc -ljpeg -o /tmp/jpeg
//   /tmp/jpeg FILE...
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <jpeglib.h>

#include "jpeg/dc.h"
#include "jpeg/shrunk.h"

using namespace hindra::jpeg;

namespace {

constexpr int kRounds = 15;

using Bytes = std::vector<uint8_t>;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

struct Shown {
  const char *name;
  uint32_t factor;
  J_COLOR_SPACE colours;
};

Bytes by_libjpeg(const Bytes &file, const Shown &as) {
  jpeg_decompress_struct decoder;
  jpeg_error_mgr errors;
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, file.data(), file.size());
  jpeg_read_header(&decoder, TRUE);
  decoder.scale_num = 1;
  decoder.scale_denom = as.factor;
  decoder.out_color_space = as.colours;
  jpeg_start_decompress(&decoder);
  const size_t row_bytes = size_t(decoder.output_width) * size_t(decoder.output_components);
  Bytes levels(row_bytes * decoder.output_height);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW row = levels.data() + decoder.output_scanline * row_bytes;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return levels;
}

/** Whether it is read. */
bool by_reader(const Bytes &file, const Shown &as) {
  constexpr Limits kLimits{1, UINT64_MAX};
  if (as.colours == JCS_GRAYSCALE) return std::holds_alternative<DcRaster>(read_dc(file.data(), file.size(), kLimits));
  Bytes pixels;
  const Room room = [&](size_t count) {
    pixels.resize(count);
    return pixels.data();
  };
  const auto found = read_shrunk(file.data(), file.size(), kLimits, as.factor, hindra::jpeg_avx2, room);
  return std::holds_alternative<Sides>(found);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const std::vector<Bytes> &files, const Shown &as) {
  std::vector<double> own, other, ratios;
  size_t declined = 0;
  for (int round = 0; round <= kRounds; round += 1) {
    const double start = seconds();
    declined = 0;
    for (const Bytes &file : files) declined += !by_reader(file, as);
    const double middle = seconds();
    for (const Bytes &file : files) by_libjpeg(file, as);
    const double end = seconds();
    if (round == 0) continue;
    own.push_back((middle - start) * 1e3 / double(files.size()));
    other.push_back((end - middle) * 1e3 / double(files.size()));
    ratios.push_back((end - middle) / (middle - start));
  }
  std::printf("%s: %zu declined, %.2f ms a file, libjpeg-turbo %.2f ms, %.2f times as long\n", as.name, declined,
              median(own), median(other), median(ratios));
}

}  // namespace

int main(int argc, char **argv) {
  std::vector<Bytes> files;
  size_t size = 0;
  for (int k = 1; k < argc; k += 1) {
    std::ifstream file(argv[k], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    files.emplace_back(bytes.begin(), bytes.end());
    size += bytes.size();
  }
  std::printf("%zu files of %.0f kB\n", files.size(), double(size) / 1e3 / double(files.size()));
  compare(files, {"luma at 1/8", 8, JCS_GRAYSCALE});
  compare(files, {"pixels at 1/2", 2, JCS_RGB});
}
