import { allows, type Principal, requirePermission } from '../../access/index.ts'
import { HindraError } from '../../errors.ts'
import type { Stages } from '../../operations/index.ts'
import { type List, type ListedEntry, obstacleToVerify } from '../../register/index.ts'
import { contentIdOf, idBefore } from './content-id.ts'
import {
  badRequest,
  HASH_OF,
  CONTENT_TYPES,
  type HmaRequest,
  type HmaRoute,
  jsonObject,
  SIGNAL_TYPES,
  signalType,
} from './route.ts'
import { signalsOf } from './signals.ts'

type ListEntry = Pick<ListedEntry, 'id' | 'itemId' | 'list' | 'status'>

/** HMA knows no classes: what comes by it is proposed as this, for a person to judge. */
const CLASSIFICATION = 'Baseline'

/** Banks are lists, but those of harmless material: a hit there is nothing to act upon. */
export function curationRoutes(stages: Stages): readonly HmaRoute[] {
  const { store, readings, register, curation } = stages

  /** The lists, but those of harmless material. Throws FORBIDDEN. */
  async function banks(by: Principal): Promise<readonly List[]> {
    requirePermission(by, 'hma:use')
    const lists = await store.transact((tx) => register.lists.all(tx))
    return lists.filter(({ kind }) => kind !== 'allow')
  }

  async function bank(by: Principal, { params }: HmaRequest): Promise<List> {
    const name = params['bank'] ?? ''
    const found = (await banks(by)).find((list) => list.name === name)
    if (found !== undefined) return found
    throw new HindraError('NOT_FOUND', `bank '${name.slice(0, 64)}' not found`)
  }

  async function propose(
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
      await curation.verify(by, { itemId: item.id, entryId: entry.id }).catch(unlessFindings)
    }
    return { id: contentIdOf(entry.id), signals }
  }

  /** The first entry of a list behind an id, without its hashes. */
  function entryAfter(list: string, after: string): Promise<ListEntry | undefined> {
    return store.transact(async (tx) => {
      const [entry] = await register.entriesIn(tx, list, { after, limit: 1 })
      if (entry === undefined) return undefined
      const { id, itemId, status } = entry
      return { id, itemId, list, status }
    })
  }

  async function content(by: Principal, request: HmaRequest): Promise<ListEntry> {
    const { name } = await bank(by, request)
    const { id = '' } = request.params
    const after = idBefore(id)
    const found = after === undefined ? undefined : await entryAfter(name, after)
    if (after !== undefined) await readings.one(by, 'hma.content', name)
    if (found !== undefined && String(contentIdOf(found.id)) === id) return found
    throw new HindraError('NOT_FOUND', 'content not found')
  }

  return [
    {
      ...{ method: 'GET', path: '/hma/c/banks', permission: 'hma:use' },
      summary: 'Banks: lists of known material',
      answer: async (by) => (await banks(by)).map(asBank),
    },
    {
      ...{ method: 'POST', path: '/hma/c/banks', permission: 'list:manage', status: 201 },
      summary: 'A new bank',
      async answer(by, request) {
        const { name, enabled, enabled_ratio: ratio = enabled } = jsonObject(request)
        if (typeof name !== 'string') throw badRequest('name is required')
        const isWhole = ratio === undefined || ratio === true || Number(ratio) === 1
        if (!isWhole) throw badRequest('a bank matches always: no ratio but 1')
        const made = await store
          .transact((tx) => register.lists.create(tx, by, { name, kind: 'own' }))
          .catch((error: unknown) => {
            const isThere = error instanceof HindraError && error.code === 'CONFLICT'
            throw isThere ? new HindraError('FORBIDDEN', 'Bank already exists') : error
          })
        return asBank(made)
      },
    },
    {
      ...{ method: 'GET', path: '/hma/c/bank/:bank', permission: 'hma:use' },
      summary: 'One bank',
      answer: async (by, request) => asBank(await bank(by, request)),
    },
    refusing('PUT', '/hma/c/bank/:bank', 'a list keeps its name, and matches or is withdrawn'),
    refusing('DELETE', '/hma/c/bank/:bank', 'a list is not deleted: what it holds is evidence'),
    {
      ...{ method: 'POST', path: '/hma/c/bank/:bank/content', permission: 'item:propose' },
      summary: 'Proposes a file, or what is at a URL, for a bank',
      async answer(by, request) {
        const list = await bank(by, request)
        if (request.file === undefined && (request.query['url'] ?? '') === '') {
          throw badRequest('Neither `url` nor multipart file upload was received')
        }
        const { type, value, media } = await signalsOf(stages, request)
        return propose(by, list, { media }, { [type]: value })
      },
    },
    {
      ...{ method: 'POST', path: '/hma/c/bank/:bank/signal', permission: 'item:propose' },
      summary: 'Proposes a hash for a bank',
      async answer(by, request) {
        const list = await bank(by, request)
        const signals = Object.entries(jsonObject(request))
        if (signals.length === 0) throw badRequest('No signals given')
        const hashes = signals.map(([name, value]) => {
          const type = HASH_OF[signalType(name)]
          return { type, value: typeof value === 'string' ? value : '' }
        })
        const given = hashes.map(({ value }, at) => [signals[at]?.[0] ?? '', value.toLowerCase()])
        return propose(by, list, { hashes }, Object.fromEntries(given) as Record<string, string>)
      },
    },
    {
      ...{ method: 'GET', path: '/hma/c/bank/:bank/content/:id', permission: 'hma:evidence' },
      summary: 'One entry of a bank, without its hashes',
      async answer(by, request) {
        const { id, status, list } = await content(by, request)
        return {
          id: contentIdOf(id),
          disable_until_ts: status === 'verified' ? 0 : 1,
          collab_metadata: {},
          original_media_uri: null,
          bank: asBank({ name: list }),
        }
      },
    },
    refusing(
      'PUT',
      '/hma/c/bank/:bank/content/:id',
      'an entry is disputed by a verifier, with a reason: POST /v1/items/ID/dispute',
    ),
    {
      ...{ method: 'DELETE', path: '/hma/c/bank/:bank/content/:id', permission: 'item:retract' },
      summary: 'Retracts an entry of a bank',
      async answer(by, request) {
        const { itemId, id: entryId } = await content(by, request)
        const target = { itemId, entryId }
        const { entries } = await curation.retract(by, target, 'deleted by way of /hma')
        // Where two persons retract, what the first one deletes is disputed, and goes on matching.
        const isGone = entries.some(({ id, status }) => id === entryId && status === 'retracted')
        return { deleted: isGone ? 1 : 0 }
      },
    },
    {
      ...{ method: 'GET', path: '/hma/c/signal_type', permission: 'hma:use' },
      summary: 'Kinds of hashes',
      answer: () => SIGNAL_TYPES.map((name) => ({ name, enabled_ratio: 1 })),
    },
    {
      ...{ method: 'GET', path: '/hma/c/content_type', permission: 'hma:use' },
      summary: 'Kinds of content',
      answer: () => CONTENT_TYPES.map((name) => ({ name, enabled: true })),
    },
  ]
}

/** What speaks for a closer look is acknowledged by somebody who took it: until then it is proposed. */
function unlessFindings(error: unknown): void {
  if (!(error instanceof HindraError && error.code === 'FINDINGS_OPEN')) throw error
}

type Hashes = readonly { readonly type: 'pdq' | 'md5'; readonly value: string }[]

function asBank({ name }: Pick<List, 'name'>): { name: string; matching_enabled_ratio: number } {
  return { name, matching_enabled_ratio: 1 }
}

/** A route of HMA that Hindra has no use for, and says why. */
function refusing(method: 'PUT' | 'DELETE', path: string, why: string): HmaRoute {
  const answer = () => ({ message: why, code: 'FORBIDDEN' })
  const summary = `Refused: ${why}`
  return { ...{ method, path, permission: 'hma:use' }, summary, status: 403, answer }
}
