#pragma once

#include <napi.h>

#include <optional>
#include <vector>

#include "features/tally.h"
#include "features/verify.h"

namespace hindra {

/** How a known picture may be shown, by name. */
inline constexpr struct {
  const char *name;
  Variants as;
} kVariantNames[] = {{"plain", {false, false}},
                     {"mirrored", {true, false}},
                     {"negative", {false, true}},
                     {"mirrored-negative", {true, true}}};

/** How one known picture lies in the other, and how many cells of it say nothing. */
struct Finding {
  size_t known;
  Evidence evidence;
  std::optional<Evidence> bent = std::nullopt;
  std::vector<Evidence> pieces = {};
  size_t shared = 0;
  size_t shared_harmless = 0;
};

/** The edges of a part of a picture, in shares of its sides. */
struct Edges {
  double left, top, right, bottom;
};

/** What JavaScript gets, as `binding.ts` says it. */
Napi::Object given(Napi::Env env, const Edges &edges);
Napi::Object given(Napi::Env env, const Finding &finding);
Napi::Object given(Napi::Env env, const Leader &leader);

template <typename Each>
Napi::Array all_given(Napi::Env env, const std::vector<Each> &all) {
  Napi::Array list = Napi::Array::New(env, all.size());
  for (uint32_t i = 0; i < all.size(); i += 1) list.Set(i, given(env, all[i]));
  return list;
}

}  // namespace hindra
