#pragma once

#include <cstddef>
#include <cstdint>

namespace hindra::jpeg {

/** Why a file is left to a decoder that reads all of JPEG; `name_of` has the codes. */
enum class Reason {
  no_jpeg,
  /** Lossless, arithmetic, hierarchical, 12 bits, or a size that comes behind the picture. */
  coding,
  /** Neither grey nor luma and chroma: RGB, CMYK, YCCK. */
  colours,
  /** Luma is not the first component, or not the one with most samples. */
  sampling,
  /** Its shorter side is below, or its pixels are above what was asked for. */
  size,
  /** A table that is missing, or not of its form. */
  tables,
  /** Scans that do not come to the whole of luma, each part once and in its order. */
  scans,
  /** A segment, or entropy-coded data, that is not what the format asks for. */
  damaged,
  /** The end of the picture is not there. */
  cut_off,
};

struct Declined {
  Reason reason;
};

inline const char *name_of(Reason reason) {
  constexpr const char *kNames[] = {"no-jpeg", "coding", "colours", "sampling", "size",
                                    "tables",  "scans",  "damaged", "cut-off"};
  return kNames[size_t(reason)];
}

/** Throws where `holds` is false. */
inline void require(bool holds, Reason reason) {
  if (!holds) throw Declined{reason};
}

}  // namespace hindra::jpeg
