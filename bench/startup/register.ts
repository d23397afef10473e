import { createHash } from 'node:crypto'
import type { Principal } from '../../src/access/index.ts'
import { createAudit } from '../../src/audit/index.ts'
import { createIds, SeededRandom, systemClock } from '../../src/core/index.ts'
import { type Fingerprint, WHOLE_VIEWS } from '../../src/fingerprint/index.ts'
import type { openKnownSet } from '../../src/known/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { type Context, openDataKeys, openLevelStore, type Store } from '../../src/store/index.ts'

/** Proposals under way at once: enough for the store to write many with one flush. */
const AT_ONCE = 256
const PROPOSER: Principal = { id: 'bench', pseudonym: 'bench', kind: 'machine', roles: ['analyst'] }

export interface OpenRegister {
  readonly context: Context
  readonly register: Register
}

/** @param versions `none` leaves out what proves which copy of a record is the newest */
export async function openRegister(
  directory: string,
  seed: number,
  versions: 'known' | 'none' = 'known',
): Promise<OpenRegister> {
  return registerOver(await openLevelStore({ directory }), seed, versions)
}

/** The same over a store that is open, whatever it is. */
export async function registerOver(
  store: Store,
  seed: number,
  versions: 'known' | 'none' = 'known',
): Promise<OpenRegister> {
  const random = new SeededRandom(seed)
  const { sealer } = await openDataKeys(store, new Uint8Array(32), random, { versions })
  const context = {
    store,
    sealer,
    clock: systemClock,
    random,
    newId: createIds(systemClock, random),
  }
  return { context, register: createRegister(context, createAudit(context)) }
}

/** The settings of an installation, with the snapshot in the directory of the store. */
export function knownSetOptions(
  directory: string,
  isSaved: boolean,
): Parameters<typeof openKnownSet>[2] {
  const snapshot = {
    file: `${directory}.sealed`,
    snapshotMinutes: 60,
    snapshotChanges: 1_000_000,
    erasureSeconds: 60,
  }
  return { indexes: indexSource('exact'), ...(isSaved ? { snapshot } : {}) }
}

/** Proposes made-up pictures, one transaction each, as `hindra register` does. */
export async function proposeItems(
  register: Register,
  count: number,
  seed: number,
  proposed: (items: number) => void,
): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < count) {
      const position = next
      next += 1
      const fingerprint = pictureOf(position, seed)
      await register.propose(PROPOSER, { fingerprint, classification: 'Baseline' })
      if (position % 10_000 === 9_999) proposed(position + 1)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** Random hashes: pictures that have nothing to do with each other. */
export function pictureOf(position: number, seed: number): Fingerprint {
  const digest = (name: string) => createHash(name).update(`${seed}/${position}`).digest('hex')
  const pdq = digest('sha256')
  const views = WHOLE_VIEWS.map((name) => ({ name, pdq, quality: 90 }))
  return {
    hasher: 'pdq-fullres',
    hasherVersion: 1,
    kind: 'image',
    width: 640,
    height: 480,
    md5: digest('md5'),
    sha1: digest('sha1'),
    sha256: digest('sha512').slice(0, 64),
    views,
  }
}
