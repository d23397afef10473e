#include "hamming/state.h"

#include <algorithm>

namespace hindra {

bool LabelOrder::Head::skip_gone() {
  while (row < rows->count() && gone->has(row)) row += 1;
  return row < rows->count();
}

LabelOrder::LabelOrder(std::vector<Part> parts) : parts_(std::move(parts)) {
  for (const Part &part : parts_) {
    with_lists_ = with_lists_ || part.rows->lists() != nullptr;
    count_ += part.rows->count() - part.gone.count();
    Head head{part.rows.get(), &part.gone, 0};
    if (head.skip_gone()) heads_.push_back(head);
  }
}

bool LabelOrder::next() {
  if (begun_) {
    Head &head = heads_[least_];
    head.row += 1;
    if (!head.skip_gone()) heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(least_));
  }
  begun_ = true;
  if (heads_.empty()) return false;
  const auto least = std::min_element(heads_.begin(), heads_.end(), [](const Head &a, const Head &b) {
    return a.rows->label(a.row) < b.rows->label(b.row);
  });
  least_ = static_cast<size_t>(least - heads_.begin());
  return true;
}

std::shared_ptr<Rows> merged(std::vector<Part> parts) {
  LabelOrder order(std::move(parts));
  auto rows = std::make_shared<Rows>(order.count(), order.with_lists());
  for (size_t row = 0; order.next(); row += 1) {
    std::copy_n(order.rows().hash(order.row()), kHashWords, rows->hashes() + kHashWords * row);
    rows->labels()[row] = order.rows().label(order.row());
    if (order.with_lists()) rows->lists()[row] = order.rows().lists(order.row());
  }
  return rows;
}

}  // namespace hindra
