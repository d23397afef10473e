#pragma once

#include <cstddef>
#include <vector>

#include "features/plane.h"

namespace hindra {

/** A rectangle in pixels; right and bottom are beyond it. */
struct Inset {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

/**
 * Pictures that are shown small on a painted ground, as in a chat or on a contact sheet: the most telling first, at
 * most `most`. A photograph has none, or hardly ever one.
 */
std::vector<Inset> find_insets(const Plane &plane, size_t most);

}  // namespace hindra
