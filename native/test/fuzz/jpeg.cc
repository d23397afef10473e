// What a fuzzer finds to hand to the reader of DC coefficients. Whatever it reads, libjpeg-turbo must read without an
// error, and to the same levels: so damage that it lets through is found as well as memory that it should not touch.
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>

#include "jpeg/dc.h"

#include "../check.h"

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

/** False where libjpeg-turbo reports an error. `levels` has those of whole squares. */
bool read_by_libjpeg(const uint8_t *file, size_t size, std::vector<uint8_t> &levels, std::vector<uint8_t> &row) {
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
  decoder.scale_denom = 8;
  decoder.out_color_space = JCS_GRAYSCALE;
  jpeg_start_decompress(&decoder);
  row.resize(decoder.output_width);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW out = row.data();
    const bool is_whole = decoder.output_scanline < decoder.image_height / 8;
    jpeg_read_scanlines(&decoder, &out, 1);
    if (is_whole) levels.insert(levels.end(), row.begin(), row.begin() + decoder.image_width / 8);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *file, size_t size) {
  const auto found = read_dc(file, size, {1, kPixelsMax});
  if (!std::holds_alternative<DcRaster>(found)) return 0;
  std::vector<uint8_t> levels, row;
  CHECK(read_by_libjpeg(file, size, levels, row));
  CHECK(levels == std::get<DcRaster>(found).levels);
  return 0;
}
