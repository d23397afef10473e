import type { KnownItem, RawHit } from './types.ts'

export const DIGEST_METHODS = ['sha256', 'sha1', 'md5'] as const
type DigestMethod = (typeof DIGEST_METHODS)[number]

/** Which items have a digest. Several can: collisions of MD5 and SHA-1 are made on purpose. */
export interface DigestMap {
  add(item: KnownItem): void
  remove(itemId: string): void
  hits(method: DigestMethod, value: string, quality: number): RawHit[]
}

/** In memory only, as on disk a digest would name the material. */
export function createDigestMap(): DigestMap {
  const holders = new Map<string, readonly KnownItem['id'][]>()
  const keysOf = new Map<string, readonly string[]>()
  const qualityOf = new Map<string, number>()

  return {
    add({ id, quality, fingerprint }) {
      const keys = DIGEST_METHODS.map((method) => keyOf(method, fingerprint[method]))
      keysOf.set(id, keys)
      qualityOf.set(id, quality)
      for (const key of keys) holders.set(key, [...(holders.get(key) ?? []), id])
    },

    remove(itemId) {
      for (const key of keysOf.get(itemId) ?? []) {
        const left = (holders.get(key) ?? []).filter((id) => id !== itemId)
        if (left.length > 0) holders.set(key, left)
        else holders.delete(key)
      }
      keysOf.delete(itemId)
      qualityOf.delete(itemId)
    },

    hits(method, value, quality) {
      const found = holders.get(keyOf(method, value)) ?? []
      return found.map((itemId) => ({
        itemId,
        method,
        distance: 0,
        view: 'whole',
        quality,
        itemQuality: qualityOf.get(itemId) ?? 0,
      }))
    },
  }
}

function keyOf(method: DigestMethod, value: string): string {
  return `${method}:${value}`
}
