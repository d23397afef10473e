#include "hamming/registry.h"

#include <map>
#include <mutex>
#include <thread>

namespace hindra {
namespace {

struct Registry {
  std::mutex guard;
  uint32_t last = 0;
  std::map<uint32_t, std::weak_ptr<Index>> known;
};

/** Never destroyed: threads may still use it while the process ends. */
Registry &registry() {
  static auto *const registry = new Registry;
  return *registry;
}

/** Whoever lets go last does not wait for a merge to end. */
void dispose(Index *index) { std::thread([index] { delete index; }).detach(); }

}  // namespace

SharedIndex create_shared_index() {
  const std::shared_ptr<Index> index(new Index, dispose);
  Registry &all = registry();
  const std::lock_guard<std::mutex> lock(all.guard);
  for (auto it = all.known.begin(); it != all.known.end();) {
    it = it->second.expired() ? all.known.erase(it) : std::next(it);
  }
  all.last += 1;
  all.known[all.last] = index;
  return {all.last, index};
}

std::shared_ptr<Index> open_shared_index(uint32_t handle) {
  Registry &all = registry();
  const std::lock_guard<std::mutex> lock(all.guard);
  const auto found = all.known.find(handle);
  return found == all.known.end() ? nullptr : found->second.lock();
}

}  // namespace hindra
