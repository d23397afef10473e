#pragma once

#include "hamming/index.h"

namespace hindra {

/** What is to be written anew, as one segment: full deltas or some segments. */
struct Index::Task {
  std::vector<std::shared_ptr<Delta>> deltas;
  std::vector<std::shared_ptr<Segment>> segments;

  explicit operator bool() const { return !deltas.empty() || !segments.empty(); }
};

/** A task under way. */
struct Job {
  std::vector<std::shared_ptr<Delta>> deltas;
  std::vector<GoneCopy> deltas_gone;
  std::vector<std::shared_ptr<Segment>> segments;
  std::vector<Part> parts;
  /** What was removed from them since. */
  std::vector<uint32_t> removed;

  /** Rows that were loaded only lack their bands. */
  bool only_bands() const { return segments.size() == 1 && segments.front()->bands == nullptr; }
};

/** How many threads a machine has for sorting. */
unsigned sorting_threads();

}  // namespace hindra
