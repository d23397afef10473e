// Votes of features against what must hold: a copy's features name its picture first among others, also
// when some of them differ in a few bits; what was removed is never named and is wiped; searches go on
// beside changes. Arguments: seed and iterations.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "features/votes.h"

#include "check.h"

using namespace hindra;

namespace {

using Features = std::vector<Feature>;

/** Of the longer side: what is nearer to the centre stays in the picture however it is turned. */
constexpr int kMargin = 300;
constexpr int kSide = 512;

/** Turned about the centre of the picture. */
void turn_place(Feature &feature, int turn) {
  const double angle = 2 * 3.14159265358979323846 * turn / kAngles, centre = kPlaceSteps / 2.0;
  const double x = feature.x - centre, y = feature.y - centre;
  feature.x = uint16_t(centre + std::cos(angle) * x - std::sin(angle) * y);
  feature.y = uint16_t(centre + std::sin(angle) * x + std::cos(angle) * y);
}

Features drawn(std::mt19937 &random, int count) {
  Features features(static_cast<size_t>(count));
  for (Feature &feature : features) {
    for (uint8_t &byte : feature.descriptor) byte = uint8_t(random());
    feature.angle = uint8_t(random() % kAngles);
    feature.level = uint8_t(random() % kLevels);
    feature.x = uint16_t(kMargin + random() % (kPlaceSteps - 2 * kMargin));
    feature.y = uint16_t(kMargin + random() % (kPlaceSteps - 2 * kMargin));
  }
  return features;
}

/** As another picture shows them: turned by so much, mirrored or its negative, and a few bits of each differ. */
Seen shown(std::mt19937 &random, Features features, int turn, Variants as) {
  Seen seen;
  seen.plane = Plane(kSide, kSide);
  seen.variants = {true, true};
  for (Feature &feature : features) {
    for (int flip = 0; flip < 8; flip += 1) {
      const uint32_t bit = random() % 256;
      feature.descriptor[bit / 8] ^= uint8_t(1u << bit % 8);
    }
    feature.angle = uint8_t((feature.angle + turn) % kAngles);
    turn_place(feature, turn);
  }
  auto &[plain, mirrored, inverted, both] = seen.extraction;
  for (const Feature &turned : features) {
    Feature feature = turned;
    if (as.mirrored) {
      feature.angle = uint8_t(mirrored_angle(feature.angle));
      feature.x = uint16_t(kPlaceSteps - turned.x);
    }
    if (as.inverted) feature.angle = uint8_t(inverted_angle(feature.angle));
    const Features noise = drawn(random, 4);
    const auto descriptor = [&](Variants variant, size_t at) {
      return variant == as ? turned.descriptor : noise[at].descriptor;
    };
    std::copy_n(descriptor({}, 0), kDescriptorBytes, feature.descriptor);
    plain.push_back(feature);
    const auto append = [](std::vector<uint8_t> &to, const uint8_t *from) {
      to.insert(to.end(), from, from + kDescriptorBytes);
    };
    append(mirrored, descriptor({true, false}, 1));
    append(inverted, descriptor({false, true}, 2));
    append(both, descriptor({true, true}, 3));
  }
  return seen;
}

void copies_are_named(std::mt19937 &random) {
  FeatureVotes votes;
  std::vector<Features> all;
  for (uint32_t place = 0; place < 40; place += 1) {
    all.push_back(drawn(random, 100 + int(random() % 100)));
    votes.add(place, all.back());
  }
  CHECK(votes.bytes() > 0);
  const auto first = [&](const Seen &seen) {
    const auto leaders = votes.leading(seen, 5);
    return leaders.empty() ? UINT32_MAX : leaders[0].place;
  };
  for (uint32_t place = 0; place < all.size(); place += 1) {
    const Variants as{random() % 2 == 0, random() % 2 == 0};
    const Seen seen = shown(random, all[place], int(random() % kAngles), as);
    CHECK(first(seen) == place);
    CHECK(votes.leading(seen, 1)[0].shown == as);
    CHECK(votes.leading(seen, 0).empty());
  }
  CHECK(first(shown(random, drawn(random, 300), 0, {})) == UINT32_MAX);
  votes.remove({3, 4, 99});
  CHECK(first(shown(random, all[3], 5, {})) == UINT32_MAX);
  votes.wipe();
  CHECK(first(shown(random, all[4], 5, {})) == UINT32_MAX);
  CHECK(first(shown(random, all[5], 5, {true, true})) == 5);
  votes.add(100, all[3]);
  CHECK(first(shown(random, all[3], 9, {})) == 100);
}

/**
 * Look-alikes of single features that lie to each other as nothing in the known picture does. By chance
 * one group in seven agrees all the same. Of 30 groups ten do once in 200 runs; of 240 a third never does.
 */
void places_must_agree(std::mt19937 &random) {
  FeatureVotes votes;
  int whole = 0, scattered = 0;
  for (uint32_t place = 0; place < 8; place += 1) {
    const Features known = drawn(random, 120);
    votes.add(place, known);
    Features torn = known;
    std::vector<std::pair<uint16_t, uint16_t>> places;
    for (const Feature &feature : torn) places.push_back({feature.x, feature.y});
    std::shuffle(places.begin(), places.end(), random);
    for (size_t i = 0; i < torn.size(); i += 1) std::tie(torn[i].x, torn[i].y) = places[i];
    const auto few = [](const Features &features, size_t from) {
      return Features(features.begin() + long(from), features.begin() + long(from) + 4);
    };
    for (size_t from = 0; from + 4 <= known.size(); from += 4) {
      whole += votes.leading(shown(random, few(known, from), 9, {}), 1).empty() ? 0 : 1;
      scattered += votes.leading(shown(random, few(torn, from), 9, {}), 1).empty() ? 0 : 1;
    }
  }
  CHECK(whole > 3 * scattered);
}

void searches_go_on(std::mt19937 &random) {
  FeatureVotes votes;
  const Features kept = drawn(random, 200);
  votes.add(0, kept);
  const Seen seen = shown(random, kept, 30, {});
  std::thread changes([&, seed = random()] {
    std::mt19937 own(static_cast<uint32_t>(seed));
    for (uint32_t place = 1; place < 30; place += 1) {
      votes.add(place, drawn(own, 150));
      votes.remove({place});
      if (place % 10 == 0) votes.wipe();
    }
  });
  for (int search = 0; search < 20; search += 1) {
    const auto leaders = votes.leading(seen, 3);
    CHECK(!leaders.empty() && leaders[0].place == 0);
  }
  changes.join();
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  for (int i = 0; i < iterations; i += 1) {
    copies_are_named(random);
    places_must_agree(random);
    searches_go_on(random);
  }
  std::printf("feature votes: ok\n");
}
