import type { Key, Transaction } from './port.ts'

/** The same transaction, and the keys that are written through it: what `scrub` is to be told. */
export function recordingKeys(tx: Transaction): {
  readonly tx: Transaction
  readonly keys: readonly Key[]
} {
  const keys: Key[] = []
  return {
    keys,
    tx: {
      get: (key) => tx.get(key),
      prefetch: (wanted) => tx.prefetch(wanted),
      damaged: (key, how) => {
        tx.damaged(key, how)
      },
      isReplayed: (key, value) => tx.isReplayed(key, value),
      version: () => tx.version(),
      writtenSince: (prefix, version) => tx.writtenSince(prefix, version),
      range: (range, options) => tx.range(range, options),
      count: (range, max) => tx.count(range, max),
      add: (key, delta) => {
        tx.add(key, delta)
      },
      putWithVersionstamp: (prefix, value) => {
        tx.putWithVersionstamp(prefix, value)
      },
      put: (key, value) => {
        keys.push(key)
        tx.put(key, value)
      },
      delete: (key) => {
        keys.push(key)
        tx.delete(key)
      },
    },
  }
}
