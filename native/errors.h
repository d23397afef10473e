#pragma once

#include <stdexcept>

namespace hindra {

/** A call that an index cannot answer: it is closed, or what it is handed is not of its form. */
struct IndexInvalid : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** A saved index that cannot be read: the message says where. */
struct IndexCorrupt : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace hindra
