import { createAudit } from '../../src/audit/index.ts'
import { defined } from '../../src/core/index.ts'
import { systemContext } from '../context.ts'
import { indexSource } from '../../src/index/index.ts'
import { type KnownSet, openKnownSet } from '../../src/known/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { type Context, openPostgresStore } from '../../src/store/index.ts'
import { copyOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')
const BO = person('bo')
const RADIUS = 31

/** What the processes of a house have of known material, each its own, over one PostgreSQL. */
export interface Node {
  readonly context: Context
  readonly register: Register
  readonly set: KnownSet
  /** Resolves once it is answered as done. */
  propose(seed: number): Promise<string>
  retract(id: string): Promise<void>
  /** What a request does before all else: it reads who asks. */
  authenticate(): Promise<void>
  /** Ids of items like the picture. */
  found(seed: number): Promise<readonly string[]>
  close(): Promise<void>
}

interface NodeOptions
  extends Pick<Parameters<typeof openKnownSet>[2], 'indexes' | 'snapshot' | 'warn'> {
  readonly url: string
  readonly patienceMs: number
  readonly changesKept: number
  /** Between the register and the set that follows it. */
  readonly between: (register: Register) => Register
}

export async function openNode({
  url = '',
  patienceMs,
  changesKept,
  between = (register) => register,
  ...options
}: Partial<NodeOptions>): Promise<Node> {
  const store = await openPostgresStore({
    url,
    ...defined({ patienceMs, changesKept }),
  })
  const context = systemContext(store)
  const register = createRegister(context, createAudit(context))
  const set = await openKnownSet(context, between(register), {
    indexes: indexSource('exact'),
    ...options,
  })
  return {
    context,
    register,
    set,
    async propose(seed) {
      const proposal = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
      return (await register.propose(ANNA, proposal)).id
    },
    async retract(itemId) {
      await store.transact((tx) => register.retract(tx, BO, { itemId }, 'a mistake'))
    },
    authenticate: () => store.transact(() => Promise.resolve()),
    async found(seed) {
      const hits = await set.search(copyOf(pictureOf(seed), 9, 'rot90'), RADIUS)
      return hits.map(({ itemId }) => itemId)
    },
    async close() {
      await set.close()
      await store.close()
    },
  }
}
