// What a fuzzer finds to hand to the readers of JPEG. Whatever they read, libjpeg-turbo must read without an error, and
// to the same levels: so damage that it lets through is found as well as memory that it should not touch.
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>

#include "jpeg/dc.h"
#include "jpeg/shrunk.h"

#include "../check.h"

using namespace hindra;
using namespace hindra::jpeg;

namespace {

/** So that what is slow is slow by its bytes. */
constexpr uint64_t kPixelsMax = 1 << 18;

struct Errors : jpeg_error_mgr {
  std::jmp_buf place;
};

[[noreturn]] void leave(j_common_ptr decoder) {
  char message[JMSG_LENGTH_MAX];
  decoder->err->format_message(decoder, message);
  std::printf("libjpeg-turbo: %s\n", message);
  std::longjmp(static_cast<Errors *>(decoder->err)->place, 1);
}
void say_nothing(j_common_ptr) {}

using Bytes = std::vector<uint8_t>;

/** False where libjpeg-turbo reports an error. `samples` has those of whole squares. */
bool read_by_libjpeg(const uint8_t *file, size_t size, unsigned factor, J_COLOR_SPACE colours, Bytes &samples, Bytes &row) {
  Errors errors;
  jpeg_decompress_struct decoder;
  decoder.err = jpeg_std_error(&errors);
  errors.error_exit = leave;
  errors.output_message = say_nothing;
  if (setjmp(errors.place) != 0) {
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, file, size);
  jpeg_read_header(&decoder, TRUE);
  decoder.scale_num = 1;
  decoder.scale_denom = factor;
  decoder.out_color_space = colours;
  jpeg_start_decompress(&decoder);
  const size_t channels = size_t(decoder.output_components);
  row.resize(decoder.output_width * channels);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW out = row.data();
    const bool is_whole = decoder.output_scanline < decoder.image_height / factor;
    jpeg_read_scanlines(&decoder, &out, 1);
    if (!is_whole) continue;
    samples.insert(samples.end(), row.begin(), row.begin() + ptrdiff_t(decoder.image_width / factor * channels));
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return true;
}

void luma_is_that_of_libjpeg(const uint8_t *file, size_t size) {
  const auto found = read_dc(file, size, {1, kPixelsMax});
  if (!std::holds_alternative<DcRaster>(found)) return;
  Bytes levels, row;
  CHECK(read_by_libjpeg(file, size, 8, JCS_GRAYSCALE, levels, row));
  CHECK(levels == std::get<DcRaster>(found).levels);
}

void pixels_are_those_of_libjpeg(const uint8_t *file, size_t size, unsigned factor, const JpegKernels &kernels) {
  Bytes pixels;
  const Room room = [&](size_t count) {
    pixels.resize(count);
    return pixels.data();
  };
  const auto found = read_shrunk(file, size, {1, kPixelsMax}, factor, kernels, room);
  if (!std::holds_alternative<Sides>(found)) return;
  Bytes expected, row;
  CHECK(read_by_libjpeg(file, size, factor, JCS_RGB, expected, row));
  CHECK(expected == pixels);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *file, size_t size) {
  luma_is_that_of_libjpeg(file, size);
  for (const unsigned factor : {2u, 4u, 8u}) pixels_are_those_of_libjpeg(file, size, factor, jpeg_scalar);
  return 0;
}
