import { scrypt } from 'node:crypto'
import { createSemaphore, type Random } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { keySpace, type Store } from '../store/index.ts'

const DIGITS = 16
const GROUP_DIGITS = 4
const SALT_BYTES = 16
const HASH_BYTES = 32
/** 16 MiB each: what RFC 7914 has for those who wait. A password needs more; 16 digits are drawn, 53 bits of them. */
const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 32 * 1024 * 1024 }
/** So many are computed at once, whoever asks; so many more wait, and all others are refused. */
const AT_ONCE = 2
const WAITING_MAX = 16
const RETRY_SECONDS = 5

/** One for the house: equal receipts must have equal hashes, or nobody could look one up. */
const SALT = keySpace('system', 'tipline-salt')

/**
 * Receipts: 16 digits by which somebody without a name comes back. They mean nothing, are told once, and only a slow
 * hash of them is kept.
 */
export interface Receipts {
  /** A new one, in groups of four. */
  draw(): string
  /** The slow hash, in hex. Throws RECEIPT_UNKNOWN where it is not 16 digits, OVERLOADED. */
  hash(receipt: string): Promise<string>
}

export function createReceipts(store: Pick<Store, 'transact'>, random: Random): Receipts {
  const places = createSemaphore(AT_ONCE)
  let waiting = 0
  let salt: Promise<Uint8Array> | undefined

  return {
    draw() {
      const digits: number[] = []
      while (digits.length < DIGITS) {
        // The last bytes would make some digits likelier than others.
        for (const byte of random.bytes(DIGITS)) if (byte < 250) digits.push(byte % 10)
      }
      return inGroups(digits.slice(0, DIGITS).join(''))
    },

    async hash(receipt) {
      const digits = receipt.replace(/[\s-]/g, '')
      if (!/^\d{16}$/.test(digits)) {
        throw new HindraError('RECEIPT_UNKNOWN', `a receipt has ${String(DIGITS)} digits`, {
          field: 'receipt',
        })
      }
      if (waiting >= WAITING_MAX) {
        throw new HindraError('OVERLOADED', 'too many receipts are looked up', {
          retryAfterSeconds: RETRY_SECONDS,
        })
      }
      waiting += 1
      await places.enter()
      try {
        return await slowHash(digits, await (salt ??= theSalt()))
      } finally {
        waiting -= 1
        places.leave()
      }
    },
  }

  async function theSalt(): Promise<Uint8Array> {
    return store.transact(async (tx) => {
      const held = await tx.get(SALT())
      if (held !== undefined) return held
      const drawn = random.bytes(SALT_BYTES)
      tx.put(SALT(), drawn)
      return drawn
    })
  }
}

export function inGroups(digits: string): string {
  return digits.replace(new RegExp(`(\\d{${String(GROUP_DIGITS)}})(?=\\d)`, 'g'), '$1 ')
}

function slowHash(digits: string, salt: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(digits, salt, HASH_BYTES, COST, (error, hash) => {
      if (error === null) resolve(hash.toString('hex'))
      else reject(error)
    })
  })
}
