import { HindraError } from '../errors.ts'
import type { Key } from './port.ts'
import { decodeKey, type KeyBytes } from './tuple.ts'

/** What was found damaged while the store is open. */
export class Damage {
  readonly #keys = new Set<KeyBytes>()
  readonly #files = new Set<string>()
  readonly #warn: (message: string) => void

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  get names(): readonly string[] {
    return [...[...this.#keys].map((key) => recordName(decodeKey(key))), ...this.#files]
  }

  note(key: KeyBytes): void {
    if (this.#keys.has(key)) return
    this.#keys.add(key)
    this.#warn(`the record ${recordName(decodeKey(key))} is damaged, and is left out`)
  }

  /** @param place File and place in it, in words */
  noteFile(place: string): void {
    if (this.#files.has(place)) return
    this.#files.add(place)
    this.#warn(`a file of the store is damaged, which can end the process: ${place}`)
  }

  /** What was written anew is whole. */
  forget(written: readonly KeyBytes[]): void {
    if (this.#keys.size > 0) for (const key of written) this.#keys.delete(key)
  }
}

/** Kind and id of a record: what may be said of it. */
export function recordName(key: Key): string {
  return key.map(String).join('/')
}

/** What was read; undefined where the record is damaged, which its reader has noted. */
export async function unlessDamaged<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}

/** As `unlessDamaged`, of what is at hand. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}

export function isDamage(error: unknown): boolean {
  return error instanceof HindraError && error.code === 'STORE_CORRUPT'
}
