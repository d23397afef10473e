import type { Audit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { indexSource } from '../../src/index/index.ts'
import {
  type Corpus,
  createGates,
  type Gates,
  type KnownSet,
  openCorpus,
  openKnownSet,
} from '../../src/known/index.ts'
import {
  createRegister,
  type EntryInput,
  type Item,
  type Register,
} from '../../src/register/index.ts'
import type { TestContext } from '../context.ts'
import { person } from '../register/material.ts'

const ANNA = person('anna')
const EXACT = indexSource('exact')

/** A register with what its gates look at. */
export interface Gated {
  readonly register: Register
  readonly known: KnownSet
  readonly corpus: Corpus
  readonly gates: Gates
  /** Puts an entry into a list: what is harmless into the allow-list, anything else as material. */
  enter(entry: Pick<EntryInput, 'list' | 'hashes' | 'findings'>): Promise<Item>
  close(): Promise<void>
}

export async function openGated(context: TestContext, audit: Audit): Promise<Gated> {
  const { store } = context
  const register = createRegister(context, audit)
  const known = await openKnownSet(context, register, { indexes: EXACT })
  const corpus = await openCorpus(context, audit, EXACT)
  const { register: settings } = configWith({})
  const gates = createGates({ store, register, known, corpus, settings, radius: 31, cellsMin: 32 })
  return {
    register,
    known,
    corpus,
    gates,
    async enter(entry) {
      const classification = entry.list === 'allow' ? 'Ignore' : 'Baseline'
      const input = { ...entry, classification } as const
      const { item } = await store.transact((tx) => register.enter(tx, ANNA, input))
      await known.catchUp()
      return item
    },
    async close() {
      await known.close()
      await corpus.close()
    },
  }
}
