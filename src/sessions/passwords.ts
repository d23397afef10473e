import {
  hash as argonHash,
  type Options,
  parseOptions,
  verify as argonVerify,
} from '@node-rs/argon2'
import { createSemaphore, type Random } from '../core/index.ts'
import { HindraError, type RefusalSentence } from '../errors.ts'
import { COMMON_PASSWORDS } from './common-passwords.ts'

/** How hard a password is to guess from its hash; argon2id (RFC 9106) of version 19. */
export interface HashCost {
  /** KiB a hash. */
  readonly memoryCost: number
  /** Passes. */
  readonly timeCost: number
  readonly parallelism: number
}

/** More than three times the least that OWASP names (19 MiB, 2 passes), and RFC 9106's memory for small machines. */
export const HASH_COST: HashCost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

const SALT_BYTES = 16
const HASH_BYTES = 32
const CHARACTERS_MIN = 12
const CHARACTERS_MAX = 256
/** Of UTF-16: what is longer is nobody's password, and is not made comparable first. */
const UNITS_MAX = 4 * CHARACTERS_MAX
/** So few different characters are no secret. */
const DIFFERENT_MIN = 5
/** How many may wait for a place to hash: others are told to come again. */
const WAITING_MAX = 64

/** What hashes and compares (the package's), in threads of its own. */
export interface Hashing {
  hash(password: string, options: Options): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}

const ARGON: Hashing = { hash: argonHash, verify: argonVerify }

export interface Passwords {
  /** In the PHC string format. Throws OVERLOADED. */
  hash(password: string): Promise<string>
  /** Costs the same whether it is right or not. Throws OVERLOADED. */
  matches(hash: string, password: string): Promise<boolean>
  /** Whether it was made with another cost than that of today. */
  isOutdated(hash: string): boolean
  /** A hash that no password has: what is compared where there is none. */
  decoy(): string
}

export function createPasswords(
  random: Random,
  {
    atOnce,
    cost = HASH_COST,
    hashing = ARGON,
  }: {
    readonly atOnce: number
    readonly cost?: HashCost | undefined
    readonly hashing?: Hashing | undefined
  },
): Passwords {
  const places = createSemaphore(atOnce)
  let waiting = 0

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (waiting >= WAITING_MAX) {
      throw new HindraError('OVERLOADED', 'too many people are signing in at this moment')
    }
    const place = places.enter()
    if (place !== undefined) {
      waiting += 1
      await place
      waiting -= 1
    }
    try {
      return await work()
    } finally {
      places.leave()
    }
  }

  return {
    hash: (password) =>
      inTurn(() => {
        const salt = Uint8Array.from(random.bytes(SALT_BYTES))
        return hashing.hash(comparable(password), { ...cost, outputLen: HASH_BYTES, salt })
      }),
    matches: (hash, password) =>
      inTurn(() => hashing.verify(hash, password.length > UNITS_MAX ? '' : comparable(password))),
    isOutdated(hash) {
      const { memoryCost, timeCost, parallelism } = parseOptions(hash)
      return (
        memoryCost !== cost.memoryCost ||
        timeCost !== cost.timeCost ||
        parallelism !== cost.parallelism
      )
    },
    decoy() {
      const [salt, bytes] = [SALT_BYTES, HASH_BYTES].map((count) =>
        Buffer.from(random.bytes(count)).toString('base64').replaceAll('=', ''),
      )
      const { memoryCost, timeCost, parallelism } = cost
      return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt ?? ''}$${bytes ?? ''}`
    },
  }
}

/** Throws INVALID_INPUT that names the field `password`, and never the password. */
export function checkPassword(
  password: string,
  person: { readonly name: string; readonly pseudonym: string },
): void {
  if (password.length > UNITS_MAX) throw tooLong()
  const characters = Array.from(comparable(password))
  if (characters.length < CHARACTERS_MIN) {
    throw unfit({ says: 'password-short', least: CHARACTERS_MIN })
  }
  if (characters.length > CHARACTERS_MAX) throw tooLong()
  if (new Set(characters).size < DIFFERENT_MIN) throw unfit({ says: 'password-repeats' })
  const said = folded(password)
  if (COMMON_PASSWORDS.has(said)) throw unfit({ says: 'password-common' })
  if ([person.name, person.pseudonym].some((name) => folded(name) === said)) {
    throw unfit({ says: 'password-name' })
  }
}

/** NFKC, so that one password is the same from every keyboard (NIST SP 800-63B, 3.1.1.2). */
function comparable(password: string): string {
  return password.normalize('NFKC')
}

function folded(text: string): string {
  return comparable(text).trim().toLowerCase()
}

function tooLong(): HindraError {
  return unfit({ says: 'password-long', most: CHARACTERS_MAX })
}

function unfit(why: RefusalSentence): HindraError {
  return new HindraError('INVALID_INPUT', why, { field: 'password' })
}
