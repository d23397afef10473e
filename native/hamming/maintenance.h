#pragma once

#include "hamming/index.h"

namespace hindra {

/** What is to be written anew, as one segment: a full delta or some segments. */
struct Index::Task {
  std::shared_ptr<Delta> delta;
  std::vector<std::shared_ptr<Segment>> segments;

  explicit operator bool() const { return delta != nullptr || !segments.empty(); }
};

/** A task under way. */
struct Job {
  std::shared_ptr<Delta> delta;
  std::vector<std::shared_ptr<Segment>> segments;
  std::vector<Part> parts;
  GoneCopy delta_gone;
  /** What was removed from them since. */
  std::vector<uint32_t> removed;

  /** Rows that were loaded only lack their bands. */
  bool only_bands() const { return segments.size() == 1 && segments.front()->bands == nullptr; }
};

/** How many threads a machine has for sorting. */
unsigned sorting_threads();

}  // namespace hindra
