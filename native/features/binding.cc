#include "features/binding.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "arguments.h"
#include "features/shared-ground.h"
#include "features/votes.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr uint32_t kSideMax = 2048;
constexpr uint32_t kFeaturesMax = 4096;
/** Number of the known picture, inverted or not, and the map. */
constexpr size_t kProposalNumbers = 8;
constexpr uint32_t kLimitMax = 4096;
constexpr uint32_t kPlaceMax = 1u << 28;

Napi::Value to_bytes(Napi::Env env, const std::vector<uint8_t> &bytes) {
  Napi::Uint8Array out = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.Data());
  return out;
}

/** describeKnown(data, width, height, channels, side, most): see `known.h`. */
Napi::Value known_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const int side = int(whole_number(info, 4, kSideMax));
  const int most = int(whole_number(info, 5, kFeaturesMax));
  return to_bytes(info.Env(), packed(describe_known(pixels, side, most)));
}

/** describeSeen(data, width, height, channels, side, most, mirrored, inverted): see `verify.h`. */
Napi::Value seen_picture(const Napi::CallbackInfo &info) {
  const Pixels pixels = pixels_of(info);
  const int side = int(whole_number(info, 4, kSideMax));
  const int most = int(whole_number(info, 5, kFeaturesMax));
  const Variants variants{info[6].ToBoolean(), info[7].ToBoolean()};
  return to_bytes(info.Env(), packed(describe_seen(pixels, side, most, variants)));
}

/** Whose a known picture is, and how it may be shown. */
struct Owner {
  uint32_t item;
  bool is_harmless;
  Side side;
};

/** Verifies on the thread pool; everything it reads is its own copy. */
class Verification : public Napi::AsyncWorker {
 public:
  Verification(Napi::Env env, Seen seen, std::vector<Known> known, std::vector<Owner> owners,
               std::vector<double> proposals, int inliers_min)
      : Napi::AsyncWorker(env, "hindra.verify"),
        deferred_(Napi::Promise::Deferred::New(env)),
        seen_(std::move(seen)),
        known_(std::move(known)),
        owners_(std::move(owners)),
        proposals_(std::move(proposals)),
        inliers_min_(inliers_min) {}

  Napi::Promise promise() { return deferred_.Promise(); }

  void Execute() override {
    Verifier verifier(std::move(seen_), *kernels().hamming);
    for (size_t place = 0; place < known_.size(); place += 1) {
      found_.push_back({place, verifier.verify(known_[place], inliers_min_, owners_[place].side)});
    }
    for (size_t at = 0; at + kProposalNumbers <= proposals_.size(); at += kProposalNumbers) {
      const double *numbers = &proposals_[at];
      const size_t place = size_t(numbers[0]);
      const Affine map{numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]};
      found_.push_back({place, verifier.agree(known_[place], map, numbers[1] != 0)});
    }
    for (const Found &each : found_) write(each);
  }

  void OnOK() override {
    Napi::Float64Array out = Napi::Float64Array::New(Env(), answers_.size());
    std::copy(answers_.begin(), answers_.end(), out.Data());
    deferred_.Resolve(out);
  }

  void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

 private:
  struct Found {
    size_t place;
    Evidence evidence;
  };

  /** What is shared with pictures of other items, all of them or the harmless ones. */
  CellMask shared_of(const Found &one, bool with_harmless) const {
    CellMask shared;
    if (2 * one.evidence.agreement.agreeing < one.evidence.agreement.compared) return shared;
    const Owner &owner = owners_[one.place];
    for (const Found &other : found_) {
      const Owner &theirs = owners_[other.place];
      if (theirs.item == owner.item || (with_harmless && !theirs.is_harmless)) continue;
      if (other.evidence.agreement.agreeing == 0) continue;
      shared |= shared_ground({known_[one.place], one.evidence},
                              {known_[other.place], other.evidence});
    }
    return shared;
  }

  void write(const Found &found) {
    const Evidence &evidence = found.evidence;
    const double shared = double(shared_of(found, false).count());
    const double shared_harmless = shared == 0 ? 0 : double(shared_of(found, true).count());
    const auto &[a, b, c, d, e, f] = evidence.map;
    const auto &[left, top, right, bottom] = evidence.visible;
    const auto &[agreeing, compared, contradicting] = evidence.agreement;
    const double side = kCellsASide;
    answers_.insert(answers_.end(),
                    {double(evidence.inliers), double(evidence.mirrored), double(evidence.inverted),
                     double(evidence.known_features), double(evidence.seen_features),
                     double(agreeing), double(compared), double(contradicting), left / side,
                     top / side, right / side, bottom / side, shared, shared_harmless, a, b, c, d,
                     e, f});
  }

  Napi::Promise::Deferred deferred_;
  Seen seen_;
  std::vector<Known> known_;
  std::vector<Owner> owners_;
  std::vector<double> proposals_;
  std::vector<Found> found_;
  int inliers_min_;
  std::vector<double> answers_;
};

/**
 * verify(seen, known[], owners, inliersMin, proposals): for each known picture, then for each proposal
 * (number of the known picture, inverted, six of the map), 20 numbers: inliers, mirrored, inverted, features
 * of the known picture and of the other one in the visible part, agreeing, compared and contradicting
 * cells, left, top, right and bottom of the visible part in the known frame, cells that are shared with
 * pictures of other items and with harmless ones (see `shared-ground.h`), and the map from the known frame
 * to the other's. An owner is the number of the item, times 6, plus 3 where it is harmless, plus the number of
 * its side (see `Side`).
 */
Napi::Value verify(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  try {
    const Napi::Uint8Array seen_bytes = bytes_of(info, 0);
    Seen seen = unpacked_seen(seen_bytes.Data(), seen_bytes.ByteLength());
    if (!info[1].IsArray()) throw Napi::TypeError::New(env, "an array is needed");
    const Napi::Array list = info[1].As<Napi::Array>();
    std::vector<Known> known;
    for (uint32_t i = 0; i < list.Length(); i += 1) {
      const Napi::Value each = list[i];
      const Napi::Uint8Array bytes = bytes_of(env, each);
      known.push_back(unpacked(bytes.Data(), bytes.ByteLength()));
    }
    std::vector<Owner> owners;
    if (!info[2].IsTypedArray() ||
        info[2].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array ||
        info[2].As<Napi::Uint32Array>().ElementLength() != known.size()) {
      throw Napi::TypeError::New(env, "owners are a Uint32Array, one for each known picture");
    }
    for (size_t i = 0; i < known.size(); i += 1) {
      const uint32_t owner = info[2].As<Napi::Uint32Array>()[i];
      owners.push_back({owner / 6, owner % 6 >= 3, Side(owner % 3)});
    }
    const int inliers_min = int(whole_number(info, 3, kFeaturesMax));
    if (!info[4].IsTypedArray() ||
        info[4].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
      throw Napi::TypeError::New(env, "proposals are a Float64Array");
    }
    const Napi::Float64Array numbers = info[4].As<Napi::Float64Array>();
    std::vector<double> proposals(numbers.Data(), numbers.Data() + numbers.ElementLength());
    for (size_t at = 0; at < proposals.size(); at += kProposalNumbers) {
      const bool names = proposals[at] >= 0 && proposals[at] < double(known.size());
      const bool finite = at + kProposalNumbers <= proposals.size() &&
                          std::all_of(&proposals[at], &proposals[at] + kProposalNumbers,
                                      [](double number) { return std::abs(number) < 1e6; });
      if (!names || !finite) throw Napi::RangeError::New(env, "a proposal is out of range");
    }
    auto *work = new Verification(env, std::move(seen), std::move(known), std::move(owners),
                                  std::move(proposals), inliers_min);
    const Napi::Promise promise = work->promise();
    work->Queue();
    return promise;
  } catch (const std::invalid_argument &error) {
    throw Napi::RangeError::New(env, error.what());
  }
}

/** Work of the thread pool upon votes; its answer, where it has one, is numbers. */
class VotesWork : public Napi::AsyncWorker {
 public:
  using Task = std::function<std::vector<uint32_t>(FeatureVotes &)>;

  VotesWork(Napi::Env env, std::shared_ptr<FeatureVotes> votes, Task task)
      : Napi::AsyncWorker(env, "hindra.votes"),
        deferred_(Napi::Promise::Deferred::New(env)),
        votes_(std::move(votes)),
        task_(std::move(task)) {}

  Napi::Promise promise() { return deferred_.Promise(); }
  void Execute() override { numbers_ = task_(*votes_); }

  void OnOK() override {
    Napi::Uint32Array out = Napi::Uint32Array::New(Env(), numbers_.size());
    std::copy(numbers_.begin(), numbers_.end(), out.Data());
    deferred_.Resolve(out);
  }

  void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<FeatureVotes> votes_;
  Task task_;
  std::vector<uint32_t> numbers_;
};

/** See `votes.h`. What is asked is answered in the order in which it gets done, not asked. */
class FeatureVotesFace : public Napi::ObjectWrap<FeatureVotesFace> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "FeatureVotes",
                       {InstanceMethod<&FeatureVotesFace::add>("add"),
                        InstanceMethod<&FeatureVotesFace::remove>("remove"),
                        InstanceMethod<&FeatureVotesFace::leading>("leading"),
                        InstanceMethod<&FeatureVotesFace::bytes>("bytes")});
  }

  explicit FeatureVotesFace(const Napi::CallbackInfo &info)
      : ObjectWrap(info), votes_(std::make_shared<FeatureVotes>()) {}

 private:
  /** add(places, known[]): one place for each. */
  Napi::Value add(const Napi::CallbackInfo &info) {
    const std::vector<uint32_t> places = places_of(info);
    if (!info[1].IsArray()) throw Napi::TypeError::New(info.Env(), "an array is needed");
    const Napi::Array list = info[1].As<Napi::Array>();
    if (list.Length() != places.size()) {
      throw Napi::RangeError::New(info.Env(), "each known picture needs its place");
    }
    std::vector<Known> known;
    try {
      for (uint32_t i = 0; i < list.Length(); i += 1) {
        const Napi::Value each = list[i];
        const Napi::Uint8Array bytes = bytes_of(info.Env(), each);
        known.push_back(unpacked(bytes.Data(), bytes.ByteLength()));
      }
    } catch (const std::invalid_argument &error) {
      throw Napi::RangeError::New(info.Env(), error.what());
    }
    return queued(info.Env(), [places, known = std::move(known)](FeatureVotes &votes) {
      for (size_t i = 0; i < known.size(); i += 1) votes.add(places[i], known[i].features);
      return std::vector<uint32_t>();
    });
  }

  /** remove(places) */
  Napi::Value remove(const Napi::CallbackInfo &info) {
    votes_->remove(places_of(info));
    return queued(info.Env(), [](FeatureVotes &votes) {
      votes.wipe();
      return std::vector<uint32_t>();
    });
  }

  /** leading(seen, limit): places, doubled, plus 1 where the picture is mirrored. */
  Napi::Value leading(const Napi::CallbackInfo &info) {
    const Napi::Uint8Array bytes = bytes_of(info, 0);
    const uint32_t limit = whole_number(info, 1, kLimitMax);
    try {
      auto seen = std::make_shared<Seen>(unpacked_features(bytes.Data(), bytes.ByteLength()));
      return queued(info.Env(), [seen, limit](FeatureVotes &votes) {
        std::vector<uint32_t> numbers;
        for (const Leader &leader : votes.leading(*seen, limit)) {
          numbers.push_back(2 * leader.place + leader.mirrored);
        }
        return numbers;
      });
    } catch (const std::invalid_argument &error) {
      throw Napi::RangeError::New(info.Env(), error.what());
    }
  }

  Napi::Value bytes(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), double(votes_->bytes()));
  }

  static std::vector<uint32_t> places_of(const Napi::CallbackInfo &info) {
    if (!info[0].IsTypedArray() ||
        info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
      throw Napi::TypeError::New(info.Env(), "places are a Uint32Array");
    }
    const Napi::Uint32Array numbers = info[0].As<Napi::Uint32Array>();
    const std::vector<uint32_t> places(numbers.Data(), numbers.Data() + numbers.ElementLength());
    const bool all = std::all_of(places.begin(), places.end(),
                                 [](uint32_t place) { return place <= kPlaceMax; });
    if (!all) throw Napi::RangeError::New(info.Env(), "a place is out of range");
    return places;
  }

  Napi::Value queued(Napi::Env env, VotesWork::Task task) {
    auto *work = new VotesWork(env, votes_, std::move(task));
    const Napi::Promise promise = work->promise();
    work->Queue();
    return promise;
  }

  std::shared_ptr<FeatureVotes> votes_;
};

}  // namespace

void export_features(Napi::Env env, Napi::Object exports) {
  exports.Set("describeKnown", Napi::Function::New(env, known_picture, "describeKnown"));
  exports.Set("describeSeen", Napi::Function::New(env, seen_picture, "describeSeen"));
  exports.Set("FeatureVotes", FeatureVotesFace::define(env));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
}

}  // namespace hindra
