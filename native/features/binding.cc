#include "features/binding.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "arguments.h"
#include "features/binding-answers.h"
#include "features/insets.h"
#include "features/repeats.h"
#include "features/shared-ground.h"
#include "features/votes.h"
#include "guarded.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr uint32_t kSideMax = 2048;
constexpr uint32_t kFeaturesMax = 4096;
constexpr uint32_t kLimitMax = 4096;
constexpr uint32_t kPlaceMax = 1u << 28;

/** describeKnown(data, width, height, channels, side, most): see `known.h`. */
Napi::Value describe_known_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const int side = int(whole_number(info, 4, kSideMax));
  const int most = int(whole_number(info, 5, kFeaturesMax));
  return copied<Napi::Uint8Array>(info.Env(), packed(describe_known(pixels, side, most)));
}

/** describeSeen(data, width, height, channels, side, most, mirrored, inverted): see `seen.h`. */
Napi::Value describe_seen_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const int side = int(whole_number(info, 4, kSideMax));
  const int most = int(whole_number(info, 5, kFeaturesMax));
  const Variants variants{info[6].ToBoolean(), info[7].ToBoolean()};
  return copied<Napi::Uint8Array>(info.Env(), packed(describe_seen(pixels, side, most, variants)));
}

/** describeSmaller(seen, side, most): see `seen.h`. */
Napi::Value describe_smaller_picture(const Napi::CallbackInfo &info) {
  const Span<uint8_t> bytes = bytes_of(info.Env(), info[0]);
  const int side = int(whole_number(info, 1, kSideMax));
  const int most = int(whole_number(info, 2, kFeaturesMax));
  const Seen seen = unpacked_seen(bytes.data, bytes.count);
  return copied<Napi::Uint8Array>(info.Env(), packed(describe_smaller(seen, side, most)));
}

/** insets(seen, most): see `insets.h` and `repeats.h`; each in shares of the picture's sides. */
Napi::Value insets_of_picture(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Span<uint8_t> bytes = bytes_of(env, info[0]);
  const Seen seen = unpacked_seen(bytes.data, bytes.count);
  const size_t most = whole_number(info, 1, kLimitMax);
  std::vector<Inset> insets = find_insets(seen.plane, most);
  if (const auto repeated = find_repeated(seen.plane); repeated && most > 0) {
    insets.insert(insets.begin(), *repeated);
    if (insets.size() > most) insets.pop_back();
  }
  Napi::Array list = Napi::Array::New(env, insets.size());
  for (uint32_t i = 0; i < insets.size(); i += 1) {
    const auto &[left, top, right, bottom] = insets[i];
    const double width = seen.plane.width, height = seen.plane.height;
    list.Set(i, given(env, Edges{left / width, top / height, right / width, bottom / height}));
  }
  return list;
}

Known known_of(Napi::Env env, const Napi::Value &value) {
  const Span<uint8_t> bytes = bytes_of(env, value);
  return unpacked(bytes.data, bytes.count);
}

double number_of(Napi::Env env, const Napi::Value &value) {
  if (!value.IsNumber()) throw Napi::TypeError::New(env, "a number is needed");
  return value.As<Napi::Number>().DoubleValue();
}

Napi::Object object_of(Napi::Env env, const Napi::Value &value) {
  if (!value.IsObject()) throw Napi::TypeError::New(env, "an object is needed");
  return value.As<Napi::Object>();
}

/** Nothing where every one is to be tried. */
const Variants *variant_of(Napi::Env env, const Napi::Value &value) {
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  if (name == "any") return nullptr;
  for (const auto &variant : kVariantNames) {
    if (name == variant.name) return &variant.as;
  }
  throw Napi::TypeError::New(env, "a variant is any, or the name of one");
}

/** A known picture to compare with, whose it is, and how it may be shown. */
struct Sought {
  Known picture;
  uint32_t item;
  bool is_harmless;
  const Variants *variant;
};

/** How a known picture may lie in the other one, where something else than features tells it. */
struct Proposal {
  size_t known;
  bool inverted;
  Affine map;
};

std::vector<Sought> sought_of(Napi::Env env, const Napi::Value &value) {
  const Napi::Array list = list_of(env, value);
  std::vector<Sought> sought;
  for (uint32_t i = 0; i < list.Length(); i += 1) {
    const Napi::Value element = list[i];
    const Napi::Object each = object_of(env, element);
    sought.push_back({known_of(env, each.Get("features")), uint32_t(number_of(env, each.Get("item"))),
                      each.Get("isHarmless").ToBoolean(), variant_of(env, each.Get("variant"))});
  }
  return sought;
}

std::vector<Proposal> proposals_of(Napi::Env env, const Napi::Value &value, size_t known_count) {
  const Napi::Array list = list_of(env, value);
  std::vector<Proposal> proposals;
  for (uint32_t i = 0; i < list.Length(); i += 1) {
    const Napi::Value element = list[i];
    const Napi::Object each = object_of(env, element);
    const double known = number_of(env, each.Get("known"));
    const Napi::Array map = list_of(env, each.Get("map"));
    double numbers[6];
    bool is_in_range = known >= 0 && known < double(known_count) && map.Length() == 6;
    for (uint32_t at = 0; is_in_range && at < 6; at += 1) {
      const Napi::Value number = map[at];
      numbers[at] = number_of(env, number);
      is_in_range = std::abs(numbers[at]) < 1e6;
    }
    if (!is_in_range) throw Napi::RangeError::New(env, "a proposal is out of range");
    const auto &[a, b, c, d, e, f] = numbers;
    proposals.push_back({size_t(known), each.Get("inverted").ToBoolean(), {a, b, c, d, e, f}});
  }
  return proposals;
}

/** What is shared with pictures of other items, all of them or the harmless ones. */
CellMask shared_of(const Finding &one, const std::vector<Finding> &all,
                   const std::vector<Sought> &sought, bool is_harmless_only) {
  CellMask shared;
  if (2 * one.evidence.agreement.agreeing < one.evidence.agreement.compared) return shared;
  const Sought &its = sought[one.known];
  for (const Finding &other : all) {
    const Sought &theirs = sought[other.known];
    if (theirs.item == its.item || (is_harmless_only && !theirs.is_harmless)) continue;
    if (other.evidence.agreement.agreeing == 0) continue;
    shared |= shared_ground({its.picture, one.evidence}, {theirs.picture, other.evidence});
  }
  return shared;
}

/** For each known picture, then for each proposal. */
std::vector<Finding> findings_of(Seen seen, const std::vector<Sought> &sought,
                                 const std::vector<Proposal> &proposals, int inliers_min) {
  Verifier verifier(std::move(seen), *kernels().hamming);
  std::vector<Finding> findings;
  for (size_t known = 0; known < sought.size(); known += 1) {
    const Sought &its = sought[known];
    auto [flat, bent, pieces] = verifier.verify(its.picture, inliers_min, its.variant);
    findings.push_back({known, flat, bent, pieces});
  }
  for (const auto &[known, inverted, map] : proposals) {
    findings.push_back({known, verifier.agree(sought[known].picture, map, inverted)});
  }
  for (Finding &finding : findings) {
    finding.shared = shared_of(finding, findings, sought, false).count();
    if (finding.shared == 0) continue;
    finding.shared_harmless = shared_of(finding, findings, sought, true).count();
  }
  return findings;
}

/**
 * verify(seen, known[], inliersMin, proposals[]): an answer for each known picture, then for each
 * proposal.
 */
Napi::Value verify(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Span<uint8_t> bytes = bytes_of(env, info[0]);
  Seen seen = unpacked_seen(bytes.data, bytes.count);
  std::vector<Sought> sought = sought_of(env, info[1]);
  const int inliers_min = int(whole_number(info, 2, kFeaturesMax));
  std::vector<Proposal> proposals = proposals_of(env, info[3], sought.size());
  return in_pool(
      env, "hindra.verify",
      [seen = std::move(seen), sought = std::move(sought), proposals = std::move(proposals),
       inliers_min]() mutable {
        return findings_of(std::move(seen), sought, proposals, inliers_min);
      },
      all_given<Finding>);
}

/** See `votes.h`. What is asked is answered in the order in which it gets done, not asked. */
class FeatureVotesObject : public ExportedClass<FeatureVotesObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "FeatureVotes",
                       {exported<&FeatureVotesObject::add>("add"),
                        exported<&FeatureVotesObject::remove>("remove"),
                        exported<&FeatureVotesObject::leading>("leading"),
                        exported<&FeatureVotesObject::bytes>("bytes")});
  }

  explicit FeatureVotesObject(const Napi::CallbackInfo &info)
      : ExportedClass(info),
        votes_(guarded(info.Env(), [] { return std::make_shared<FeatureVotes>(); })) {}

 private:
  /** add(places, known[]): one place for each. */
  Napi::Value add(const Napi::CallbackInfo &info) {
    std::vector<uint32_t> places = places_of(info);
    const Napi::Array list = list_of(info.Env(), info[1]);
    if (list.Length() != places.size()) {
      throw Napi::RangeError::New(info.Env(), "each known picture needs its place");
    }
    std::vector<Known> known;
    for (uint32_t i = 0; i < list.Length(); i += 1) {
      const Napi::Value each = list[i];
      known.push_back(known_of(info.Env(), each));
    }
    const auto add_all = [votes = votes_, places = std::move(places), known = std::move(known)] {
      for (size_t i = 0; i < known.size(); i += 1) votes->add(places[i], known[i].features);
      return true;
    };
    return in_pool(info.Env(), "hindra.votes", add_all, nothing);
  }

  /** remove(places) */
  Napi::Value remove(const Napi::CallbackInfo &info) {
    votes_->remove(places_of(info));
    const auto wipe = [votes = votes_] {
      votes->wipe();
      return true;
    };
    return in_pool(info.Env(), "hindra.votes", wipe, nothing);
  }

  /** leading(seen, limit): the places with the most votes, and how they seem to be shown. */
  Napi::Value leading(const Napi::CallbackInfo &info) {
    const Span<uint8_t> bytes = bytes_of(info.Env(), info[0]);
    const uint32_t limit = whole_number(info, 1, kLimitMax);
    const auto seen = std::make_shared<const Seen>(unpacked_features(bytes.data, bytes.count));
    const auto vote = [votes = votes_, seen, limit] { return votes->leading(*seen, limit); };
    return in_pool(info.Env(), "hindra.votes", vote, all_given<Leader>);
  }

  Napi::Value bytes(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), double(votes_->bytes()));
  }

  static Napi::Value nothing(Napi::Env env, bool) { return env.Undefined(); }

  static std::vector<uint32_t> places_of(const Napi::CallbackInfo &info) {
    const Span<uint32_t> numbers = numbers_of(info.Env(), info[0]);
    std::vector<uint32_t> places(numbers.data, numbers.data + numbers.count);
    const bool all = std::all_of(places.begin(), places.end(),
                                 [](uint32_t place) { return place <= kPlaceMax; });
    if (!all) throw Napi::RangeError::New(info.Env(), "a place is out of range");
    return places;
  }

  std::shared_ptr<FeatureVotes> votes_;
};

}  // namespace

void export_features(Napi::Env env, Napi::Object exports) {
  export_function<describe_known_picture>(env, exports, "describeKnown");
  export_function<describe_seen_picture>(env, exports, "describeSeen");
  export_function<describe_smaller_picture>(env, exports, "describeSmaller");
  export_function<insets_of_picture>(env, exports, "insets");
  export_function<verify>(env, exports, "verify");
  exports.Set("FeatureVotes", FeatureVotesObject::define(env));
}

}  // namespace hindra
