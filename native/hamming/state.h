#pragma once

#include <memory>
#include <vector>

#include "hamming/bands.h"
#include "hamming/delta.h"
#include "hamming/rows.h"

namespace hindra {

/** Rows that no longer grow, and their bands; those come later where the rows were just loaded. */
struct Segment {
  std::shared_ptr<const Rows> rows;
  std::shared_ptr<const Bands> bands;
  /** The work that replaces it, if any; belongs to the writer. */
  Job *job = nullptr;
};

/** What one search sees. Never changed once readers can have it; only its last delta grows. */
struct State {
  std::vector<std::shared_ptr<Segment>> segments;
  /** Full ones, oldest first, and the one that grows. */
  std::vector<std::shared_ptr<Delta>> deltas;
  /** Links the states that are followed by another; belongs to the writer. */
  mutable std::shared_ptr<const State> retired_before;
};

/** Rows as they were at one moment. */
struct Part {
  std::shared_ptr<const Rows> rows;
  GoneCopy gone;
};

/** Goes through the rows of several parts in order of label. A label is live in one of them only. */
class LabelOrder {
 public:
  explicit LabelOrder(std::vector<Part> parts);

  /** False at the end; else the next row is at `rows()` and `row()`. */
  bool next();
  const Rows &rows() const { return *heads_[least_].rows; }
  uint32_t row() const { return heads_[least_].row; }
  /** How many rows there are in all, and whether some are not in all lists. */
  uint32_t count() const { return count_; }
  bool with_lists() const { return with_lists_; }

 private:
  struct Head {
    const Rows *rows;
    const GoneCopy *gone;
    uint32_t row;
    bool skip_gone();
  };

  std::vector<Part> parts_;
  std::vector<Head> heads_;
  size_t least_ = 0;
  bool begun_ = false;
  uint32_t count_ = 0;
  bool with_lists_ = false;
};

std::shared_ptr<Rows> merged(std::vector<Part> parts);

}  // namespace hindra
