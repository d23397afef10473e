#include "jpeg/extent.h"

namespace hindra::jpeg {
namespace {

uint32_t parts_of(uint32_t length, uint32_t part) { return (length + part - 1) / part; }

}  // namespace

Extent::Extent(const Frame &frame, size_t place) {
  const Component &luma = frame.components[0], &component = frame.components[place];
  // A picture of one component has units of one block, whatever it says of its samples.
  const bool is_alone = frame.component_count == 1;
  unit_across = is_alone ? 1 : component.across;
  unit_down = is_alone ? 1 : component.down;
  units_across = parts_of(frame.width, kBlockSide * (is_alone ? 1 : luma.across));
  units_down = parts_of(frame.height, kBlockSide * (is_alone ? 1 : luma.down));
  across = parts_of(frame.width, kBlockSide * (luma.across / component.across));
  down = parts_of(frame.height, kBlockSide * (luma.down / component.down));
}

}  // namespace hindra::jpeg
