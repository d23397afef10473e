#pragma once

#include <cstdint>
#include <memory>

#include "hamming/index.h"

namespace hindra {

/** An index and the number by which other threads of the process find it. */
struct SharedIndex {
  uint32_t handle;
  std::shared_ptr<Index> index;
};

/** A new one. It lives for as long as anybody holds it. */
SharedIndex create_shared_index();
/** The one with this handle; null where there is none any more. */
std::shared_ptr<Index> open_shared_index(uint32_t handle);

}  // namespace hindra
