import { z } from 'zod'
import { allows, type Principal } from '../../access/index.ts'
import { HindraError } from '../../errors.ts'
import type { Parts } from '../../operations/index.ts'
import {
  type List,
  type ListedEntry,
  obstacleToVerify,
  OWN_REQUESTS,
} from '../../register/index.ts'
import { contentIdOf, idBefore } from './content-id.ts'
import {
  bySignalType,
  CONTENT_TYPES,
  contentType,
  file,
  HASH_OF,
  NO_OBJECT,
  SIGNAL_TYPES,
  signal,
  types,
} from './fields.ts'
import { badRequest, hma, refused } from './operation.ts'
import { signalsOf } from './signals.ts'

type Registering = Pick<Parts, 'store' | 'register'>
type ListEntry = Pick<ListedEntry, 'id' | 'itemId' | 'list' | 'status'>
type Hashes = readonly { readonly type: 'pdq' | 'md5'; readonly value: string }[]

/** HMA knows no classes: what comes by it is proposed as this, for a person to judge. */
const CLASSIFICATION = 'Baseline'

const bank = z.string()
const always = z.unknown().describe('1 or `true`')

/** Banks are lists, but those of harmless material and of what children ask for: a hit there proves nothing. */
export const curating = [
  hma('GET /hma/c/banks', {
    needs: 'hma:use',
    says: 'Banks: lists of known material',
    input: {},
    run: async (parts) => (await banks(parts)).map(asBank),
  }),
  hma('POST /hma/c/banks', {
    needs: 'list:manage',
    says: 'A new bank',
    input: {
      json: z
        .object(
          {
            name: z.string('name is required'),
            enabled: always.optional(),
            enabled_ratio: always.optional(),
          },
          NO_OBJECT,
        )
        .refine(
          ({ enabled, enabled_ratio: ratio = enabled }) =>
            ratio === undefined || ratio === true || Number(ratio) === 1,
          'a bank matches always: no ratio but 1',
        ),
    },
    status: 201,
    async run({ store, register }, by, { json: { name } }) {
      const made = await store
        .transact((tx) => register.lists.create(tx, by, { name, kind: 'own' }))
        .catch((error: unknown) => {
          const isThere = error instanceof HindraError && error.code === 'CONFLICT'
          throw isThere ? new HindraError('FORBIDDEN', 'Bank already exists') : error
        })
      return asBank(made)
    },
  }),
  hma('GET /hma/c/bank/:bank', {
    needs: 'hma:use',
    says: 'One bank',
    input: { bank },
    run: async (parts, _by, asked) => asBank(await named(parts, asked.bank)),
  }),
  refused('PUT /hma/c/bank/:bank', 'a list keeps its name, and matches or is withdrawn'),
  refused('DELETE /hma/c/bank/:bank', 'a list is not deleted: what it holds is evidence'),
  hma('POST /hma/c/bank/:bank/content', {
    needs: ['item:propose', 'hma:use'],
    says: 'Proposes a file, or what is at a URL, for a bank',
    input: {
      bank,
      file: file.optional(),
      url: z.string().exactOptional(),
      content_type: contentType.exactOptional(),
      types: types.exactOptional(),
    },
    async run(parts, by, { bank: name, ...asked }) {
      const list = await named(parts, name)
      if (asked.file === undefined && (asked.url ?? '') === '') {
        throw badRequest('Neither `url` nor multipart file upload was received')
      }
      const { type, value, media } = await signalsOf(parts, asked)
      return propose(parts, by, list, { media }, { [type]: value })
    },
  }),
  hma('POST /hma/c/bank/:bank/signal', {
    needs: ['item:propose', 'hma:use'],
    says: 'Proposes a hash for a bank',
    input: {
      bank,
      json: bySignalType(signal).refine(
        (signals) => Object.keys(signals).length > 0,
        'No signals given',
      ),
    },
    async run(parts, by, { bank: name, json: signals }) {
      const list = await named(parts, name)
      const hashes = SIGNAL_TYPES.flatMap((type) => {
        const value = signals[type]
        return value === undefined ? [] : [{ type: HASH_OF[type], value }]
      })
      return propose(parts, by, list, { hashes }, signals)
    },
  }),
  hma('GET /hma/c/bank/:bank/content/:id', {
    needs: ['hma:evidence', 'hma:use'],
    says: 'One entry of a bank, without its hashes',
    input: { bank, id: z.string() },
    reads: ['one', 'hma.content'],
    async run(parts, _by, asked) {
      const { id, status, list } = await content(parts, asked)
      return {
        id: contentIdOf(id),
        disable_until_ts: status === 'verified' ? 0 : 1,
        collab_metadata: {},
        original_media_uri: null,
        bank: asBank({ name: list }),
      }
    },
  }),
  refused(
    'PUT /hma/c/bank/:bank/content/:id',
    'an entry is disputed by a verifier, with a reason: POST /v1/items/ID/dispute',
  ),
  hma('DELETE /hma/c/bank/:bank/content/:id', {
    needs: ['item:retract', 'hma:use'],
    says: 'Retracts an entry of a bank',
    input: { bank, id: z.string() },
    reads: ['one', 'hma.content'],
    async run(parts, by, asked) {
      const { itemId, id: entryId } = await content(parts, asked)
      const target = { itemId, entryId }
      const { entries } = await parts.curation.retract(by, target, 'deleted by way of /hma')
      // Where two persons retract, what the first one deletes is disputed, and goes on matching.
      const isGone = entries.some(({ id, status }) => id === entryId && status === 'retracted')
      return { deleted: isGone ? 1 : 0 }
    },
  }),
  hma('GET /hma/c/signal_type', {
    needs: 'hma:use',
    says: 'Kinds of hashes',
    input: {},
    run: () => Promise.resolve(SIGNAL_TYPES.map((name) => ({ name, enabled_ratio: 1 }))),
  }),
  hma('GET /hma/c/content_type', {
    needs: 'hma:use',
    says: 'Kinds of content',
    input: {},
    run: () => Promise.resolve(CONTENT_TYPES.map((name) => ({ name, enabled: true }))),
  }),
]

async function banks({ store, register }: Registering): Promise<readonly List[]> {
  const lists = await store.transact((tx) => register.lists.all(tx))
  return lists.filter(({ kind, name }) => kind !== 'allow' && name !== OWN_REQUESTS)
}

async function named(parts: Registering, name: string): Promise<List> {
  const found = (await banks(parts)).find((list) => list.name === name)
  if (found !== undefined) return found
  throw new HindraError('NOT_FOUND', `bank '${name.slice(0, 64)}' not found`)
}

async function propose(
  { store, register, curation }: Registering & Pick<Parts, 'curation'>,
  by: Principal,
  list: List,
  material: { media: Uint8Array } | { hashes: Hashes },
  signals: Readonly<Record<string, string>>,
) {
  const item = await curation.propose(by, {
    ...material,
    list: list.name,
    classification: CLASSIFICATION,
  })
  const entry = item.entries.filter((one) => one.list === list.name).at(-1)
  if (entry === undefined) throw new HindraError('INTERNAL', 'what was proposed is in no list')
  const proposedBy = await store.transact((tx) => register.behind(tx, entry.proposedBy))
  const obstacle = obstacleToVerify(by, { ...entry, proposedBy }, list)
  const mayVerify = allows(by, 'item:verify') && obstacle === undefined
  if (entry.status === 'proposed' && mayVerify) {
    await curation.verify(by, { itemId: item.id, entryId: entry.id }).catch(unlessItWaits)
  }
  return { id: contentIdOf(entry.id), signals }
}

/** Throws NOT_FOUND. */
async function content(
  parts: Registering,
  { bank: name, id }: { readonly bank: string; readonly id: string },
): Promise<ListEntry> {
  const { name: list } = await named(parts, name)
  const after = idBefore(id)
  const found = after === undefined ? undefined : await entryAfter(parts, list, after)
  if (found !== undefined && String(contentIdOf(found.id)) === id) return found
  throw new HindraError('NOT_FOUND', 'content not found')
}

/** The first entry of a list behind an id, without its hashes. */
function entryAfter(
  { store, register }: Registering,
  list: string,
  after: string,
): Promise<ListEntry | undefined> {
  return store.transact(async (tx) => {
    const [entry] = await register.entriesIn(tx, list, { after, limit: 1 })
    if (entry === undefined) return undefined
    const { id, itemId, status } = entry
    return { id, itemId, list, status }
  })
}

/** What speaks for a closer look, and what the house demands of two people who assess, leaves it proposed. */
function unlessItWaits(error: unknown): void {
  const waits = ['FINDINGS_OPEN', 'ASSESSMENTS_MISSING']
  if (!(error instanceof HindraError && waits.includes(error.code))) throw error
}

function asBank({ name }: Pick<List, 'name'>): { name: string; matching_enabled_ratio: number } {
  return { name, matching_enabled_ratio: 1 }
}
