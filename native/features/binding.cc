#include "features/binding.h"

#include <algorithm>
#include <memory>
#include <string>

#include "arguments.h"
#include "features/verify.h"
#include "kernels/choose.h"

namespace hindra {
namespace {

constexpr uint32_t kSideMax = 2048;
constexpr uint32_t kFeaturesMax = 4096;
/** Number of the known picture, inverted or not, and the map. */
constexpr size_t kProposalNumbers = 8;

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

/** Verifies on the thread pool; everything it reads is its own copy. */
class Verification : public Napi::AsyncWorker {
 public:
  Verification(Napi::Env env, Seen seen, std::vector<Known> known, std::vector<double> proposals,
               int inliers_min)
      : Napi::AsyncWorker(env, "hindra.verify"),
        deferred_(Napi::Promise::Deferred::New(env)),
        seen_(std::move(seen)),
        known_(std::move(known)),
        proposals_(std::move(proposals)),
        inliers_min_(inliers_min) {}

  Napi::Promise promise() { return deferred_.Promise(); }

  void Execute() override {
    Verifier verifier(std::move(seen_), *kernels().hamming);
    for (const Known &known : known_) write(verifier.verify(known, inliers_min_));
    for (size_t at = 0; at + kProposalNumbers <= proposals_.size(); at += kProposalNumbers) {
      const double *numbers = &proposals_[at];
      const Known &known = known_[size_t(numbers[0])];
      const Affine map{numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]};
      write(verifier.agree(known, map, numbers[1] != 0));
    }
  }

  void OnOK() override {
    Napi::Float64Array out = Napi::Float64Array::New(Env(), answers_.size());
    std::copy(answers_.begin(), answers_.end(), out.Data());
    deferred_.Resolve(out);
  }

  void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

 private:
  void write(const Evidence &evidence) {
    const auto &[a, b, c, d, e, f] = evidence.map;
    const auto &[left, top, right, bottom] = evidence.visible;
    const auto &[agreeing, compared, contradicting] = evidence.agreement;
    const double side = kCellsASide;
    answers_.insert(answers_.end(),
                    {double(evidence.inliers), double(evidence.mirrored), double(evidence.inverted),
                     double(evidence.known_features), double(evidence.seen_features),
                     double(agreeing), double(compared), double(contradicting), left / side,
                     top / side, right / side, bottom / side, a, b, c, d, e, f});
  }

  Napi::Promise::Deferred deferred_;
  Seen seen_;
  std::vector<Known> known_;
  std::vector<double> proposals_;
  int inliers_min_;
  std::vector<double> answers_;
};

/**
 * verify(seen, known[], inliersMin, proposals): for each known picture, then for each proposal (number
 * of the known picture, inverted, six of the map), 18 numbers: inliers, mirrored, inverted, features of
 * the known picture and of the other one in the visible part, agreeing, compared and contradicting cells,
 * left, top, right and bottom of the visible part in the known frame, and the map from the known frame to
 * the other's.
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
    const int inliers_min = int(whole_number(info, 2, kFeaturesMax));
    if (!info[3].IsTypedArray() ||
        info[3].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
      throw Napi::TypeError::New(env, "proposals are a Float64Array");
    }
    const Napi::Float64Array numbers = info[3].As<Napi::Float64Array>();
    std::vector<double> proposals(numbers.Data(), numbers.Data() + numbers.ElementLength());
    for (size_t at = 0; at < proposals.size(); at += kProposalNumbers) {
      const bool names = proposals[at] >= 0 && proposals[at] < double(known.size());
      const bool finite = at + kProposalNumbers <= proposals.size() &&
                          std::all_of(&proposals[at], &proposals[at] + kProposalNumbers,
                                      [](double number) { return std::abs(number) < 1e6; });
      if (!names || !finite) throw Napi::RangeError::New(env, "a proposal is out of range");
    }
    auto *work = new Verification(env, std::move(seen), std::move(known), std::move(proposals),
                                  inliers_min);
    const Napi::Promise promise = work->promise();
    work->Queue();
    return promise;
  } catch (const std::invalid_argument &error) {
    throw Napi::RangeError::New(env, error.what());
  }
}

}  // namespace

void export_features(Napi::Env env, Napi::Object exports) {
  exports.Set("describeKnown", Napi::Function::New(env, known_picture, "describeKnown"));
  exports.Set("describeSeen", Napi::Function::New(env, seen_picture, "describeSeen"));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
}

}  // namespace hindra
