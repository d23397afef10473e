import type { Store } from '../src/store/index.ts'

/** The store, with some of its parts replaced; all others are its own. */
export function storeOver(store: Store, replaced: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const owner = name in replaced ? replaced : target
      const part: unknown = Reflect.get(owner, name, owner)
      const bound: unknown = typeof part === 'function' ? part.bind(owner) : part
      return bound
    },
  })
}
