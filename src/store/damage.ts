import { HindraError } from '../errors.ts'
import type { Key } from './port.ts'
import { decodeKey, type KeyBytes } from './tuple.ts'

/** What somebody did to a record who has the disk. */
export const REPLACED = 'is not the copy that was written last'
export const REMOVED = 'was taken out of the files'
const MISSING = 'records were taken out of the files'

/** What was found damaged while the store is open. */
export class Damage {
  /** How each is damaged, where that is more than damage. */
  readonly #keys = new Map<KeyBytes, string | undefined>()
  readonly #files = new Set<string>()
  #missing = 0
  readonly #warn: (message: string) => void

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  get names(): readonly string[] {
    const records = [...this.#keys].map(([key, how]) => {
      const name = recordName(decodeKey(key))
      return how === undefined ? name : `${name}, ${how}`
    })
    const missing = this.#missing === 0 ? [] : [`${this.#missing} ${MISSING}`]
    return [...records, ...this.#files, ...missing]
  }

  note(key: KeyBytes, how?: string): void {
    if (this.#keys.has(key)) return
    this.#keys.set(key, how)
    const why = how ?? 'is damaged'
    this.#warn(`the record ${recordName(decodeKey(key))} ${why}, and is left out`)
  }

  /** @param count Records of which nothing but their number is known */
  noteMissing(count: number): void {
    if (count > this.#missing) this.#warn(`${count} ${MISSING}`)
    this.#missing = count
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

/** What was read; undefined where there is none, as after an erasure. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof HindraError && error.code === 'NOT_FOUND') return undefined
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
