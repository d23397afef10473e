#pragma once

#include "features/verify.h"

namespace hindra {

/** A known picture, and how it lies in the one that is looked at. */
struct Laid {
  const Known &known;
  const Evidence &evidence;
};

/**
 * Cells of a known picture that only show what it has in common with another known picture: a template,
 * a background. Both lie alike in the picture that is looked at and agree with it in these cells, and
 * where neither of them agrees their own codes differ, so that they show different things. Copies of one
 * picture have the same code there, and pictures that lie otherwise cannot be compared cell by cell:
 * neither have a ground in this sense.
 */
CellMask shared_ground(const Laid &one, const Laid &other);

}  // namespace hindra
