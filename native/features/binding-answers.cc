#include "features/binding-answers.h"

#include <stdexcept>

#include "arguments.h"

namespace hindra {
namespace {

const char *name_of(const Variants &as) {
  for (const auto &variant : kVariantNames) {
    if (as == variant.as) return variant.name;
  }
  throw std::logic_error("every variant has a name");
}

Napi::Object given(Napi::Env env, const CellBox &box) {
  const double side = kCellsASide;
  return given(env, Edges{box.left / side, box.top / side, box.right / side, box.bottom / side});
}

Napi::Object given(Napi::Env env, const Agreement &agreement) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("agreeing", agreement.agreeing);
  object.Set("compared", agreement.compared);
  object.Set("contradicting", agreement.contradicting);
  return object;
}

Napi::Object given(Napi::Env env, const Written &written) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("inliers", written.inliers);
  object.Set("known", written.known);
  object.Set("seen", written.seen);
  return object;
}

/** An area: its share of what is visible, and its edges. */
Napi::Object area_given(Napi::Env env, double share, const CellBox &box) {
  Napi::Object object = given(env, box);
  object.Set("share", share);
  return object;
}

/** A byte a cell: what `NativeEvidence.cells` says. */
Napi::Value cells_given(Napi::Env env, const Evidence &evidence) {
  std::vector<uint8_t> cells(kTextureCells);
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const CellState state = evidence.cells[cell];
    const bool is_told = state != CellState::untold;
    const bool is_visible = evidence.visible.holds(cell % kCellsASide, cell / kCellsASide);
    if (!is_visible) cells[size_t(cell)] = 0;
    else if (evidence.differing.drawn.test(size_t(cell))) cells[size_t(cell)] = 3;
    else if (evidence.differing.natural.test(size_t(cell))) cells[size_t(cell)] = 2;
    else cells[size_t(cell)] = uint8_t(is_told ? (state == CellState::agrees ? 1 : 2) : 0);
  }
  return copied<Napi::Uint8Array>(env, cells);
}

Napi::Object given(Napi::Env env, const Evidence &evidence) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("inliers", evidence.inliers);
  object.Set("mirrored", evidence.mirrored);
  object.Set("inverted", evidence.inverted);
  object.Set("knownFeatures", evidence.known_features);
  object.Set("seenFeatures", evidence.seen_features);
  object.Set("written", given(env, evidence.written));
  object.Set("whole", given(env, evidence.agreement));
  object.Set("undrawn", given(env, evidence.undrawn));
  object.Set("differing", area_given(env, evidence.differing.largest, evidence.differing.box));
  object.Set("differingFinely", area_given(env, evidence.differing.fine, evidence.differing.fine_box));
  object.Set("parallax", evidence.parallax);
  object.Set("writing", evidence.writing);
  object.Set("writingBeside", evidence.writing_beside);
  object.Set("paper", evidence.paper);
  object.Set("cells", cells_given(env, evidence));
  object.Set("visible", given(env, evidence.visible));
  Napi::Array map = Napi::Array::New(env, 6);
  const auto &[a, b, c, d, e, f] = evidence.map;
  uint32_t at = 0;
  for (const double number : {a, b, c, d, e, f}) map.Set(at++, number);
  object.Set("map", map);
  return object;
}

}  // namespace

Napi::Object given(Napi::Env env, const Edges &edges) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("left", edges.left);
  object.Set("top", edges.top);
  object.Set("right", edges.right);
  object.Set("bottom", edges.bottom);
  return object;
}

Napi::Object given(Napi::Env env, const Finding &finding) {
  Napi::Object object = given(env, finding.evidence);
  object.Set("shared", double(finding.shared));
  object.Set("sharedHarmless", double(finding.shared_harmless));
  if (finding.bent) object.Set("bent", given(env, *finding.bent));
  Napi::Array pieces = Napi::Array::New(env, finding.pieces.size());
  for (size_t i = 0; i < finding.pieces.size(); i += 1) pieces.Set(uint32_t(i), given(env, finding.pieces[i]));
  object.Set("pieces", pieces);
  return object;
}

Napi::Object given(Napi::Env env, const Leader &leader) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("place", leader.place);
  object.Set("variant", name_of(leader.shown));
  return object;
}

}  // namespace hindra
