#pragma once

#include <optional>

#include "features/insets.h"

namespace hindra {

/**
 * The one picture that a picture shows over and over, in rows and columns: the first of them. Nothing where there are
 * fewer than six, which are found as they are.
 */
std::optional<Inset> find_repeated(const Plane &plane);

}  // namespace hindra
