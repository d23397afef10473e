// Reading the DC coefficients against libjpeg-turbo's own decoding at 1/8 to grey, in one process and in turn.
// Arguments: JPEG files. Build and run, with libjpeg62-turbo-dev installed:
//   g++ -std=c++17 -O3 -Inative native/jpeg/{dc,entropy,file,headers,huffman}.cc native/bench/jpeg.cc -ljpeg -o /tmp/jpeg
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

using namespace hindra::jpeg;

namespace {

constexpr int kRounds = 15;

using Bytes = std::vector<uint8_t>;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

Bytes by_libjpeg(const Bytes &file) {
  jpeg_decompress_struct decoder;
  jpeg_error_mgr errors;
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, file.data(), file.size());
  jpeg_read_header(&decoder, TRUE);
  decoder.scale_num = 1;
  decoder.scale_denom = 8;
  decoder.out_color_space = JCS_GRAYSCALE;
  jpeg_start_decompress(&decoder);
  Bytes levels(size_t(decoder.output_width) * decoder.output_height);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW row = levels.data() + size_t(decoder.output_scanline) * decoder.output_width;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return levels;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
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
  std::vector<double> own, other, ratios;
  size_t declined = 0;
  for (int round = 0; round <= kRounds; round += 1) {
    const double start = seconds();
    declined = 0;
    for (const Bytes &file : files) {
      declined += std::holds_alternative<Reason>(read_dc(file.data(), file.size(), {1, UINT64_MAX}));
    }
    const double middle = seconds();
    for (const Bytes &file : files) by_libjpeg(file);
    const double end = seconds();
    if (round == 0) continue;
    own.push_back((middle - start) * 1e3 / double(files.size()));
    other.push_back((end - middle) * 1e3 / double(files.size()));
    ratios.push_back((end - middle) / (middle - start));
  }
  std::printf("%zu files of %.0f kB, %zu declined: %.2f ms a file, libjpeg-turbo %.2f ms, %.2f times as long\n",
              files.size(), double(size) / 1e3 / double(files.size()), declined, median(own), median(other),
              median(ratios));
}
