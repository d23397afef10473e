import { z } from 'zod'
import { defined } from '../core/index.ts'
import type { ItemProposal } from '../curation/index.ts'
import { BROWSER_FILES_MAX, BROWSER_HASHER } from '../fingerprint/terms.ts'
import { HASH_TYPES } from '../hashes/index.ts'
import { base64Bytes } from '../intake/terms.ts'
import {
  CLASSIFICATIONS,
  ENTRY_STATUSES,
  LIST_KINDS,
  type ListedHash,
  OPINIONS,
} from '../register/terms.ts'
import { batch } from './batch.ts'
import { exactId, listName, page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const media = z.string().transform((text, context) => {
  const bytes = base64Bytes(text)
  if (bytes !== undefined) return bytes
  context.addIssue('not base64 (RFC 4648, padded)')
  return z.NEVER
})

const hash: z.ZodType<ListedHash, ListedHash> = z.strictObject({
  type: z.enum(HASH_TYPES),
  value: z.string(),
  quality: z.int().min(0).max(100).exactOptional(),
  seconds: z.number().min(0).exactOptional(),
})

/** What a browser makes of one picture: a PDQ hash and digests. */
const browserHashes = z.array(hash).min(2).max(4)
const fileName = z.string().min(1).max(255)

/** Checked against vocabulary and limits by the register. */
const text = z.string().min(1).nullable().exactOptional()

const described = {
  caseId: idOf('case').exactOptional(),
  tipId: idOf('tip').exactOptional(),
  list: listName.exactOptional(),
  classification: z.enum(CLASSIFICATIONS).exactOptional(),
  description: z
    .strictObject({
      source: text,
      sourceReference: text,
      jurisdiction: text,
      ageBand: text,
      siteType: text,
      commerciality: text,
      victimIdentified: z.boolean().nullable().exactOptional(),
      selfGenerated: z.boolean().nullable().exactOptional(),
      policeReference: text,
      ucs: z.array(z.string().min(1)).exactOptional(),
      reference: text,
      note: text,
    })
    .exactOptional(),
}

const proposal = z
  .strictObject({
    media: media.exactOptional(),
    fileName: fileName.exactOptional(),
    hashes: z.array(hash).min(1).exactOptional(),
    kind: z.enum(['image', 'film', 'unknown']).exactOptional(),
    hasher: z
      .literal(BROWSER_HASHER)
      .exactOptional()
      .describe("Of hashes that the proposer's browser made of one picture"),
    key: z.string().max(1_000).exactOptional(),
    ...described,
  })
  .transform(({ media: bytes, fileName: name, hashes, kind, hasher, ...rest }, context) =>
    proposalOf({ bytes, name, hashes, kind, hasher }, rest, context),
  )

/** The media, hashes of somebody's, or what a browser made: one of the three. */
function proposalOf(
  {
    bytes,
    name,
    hashes,
    kind,
    hasher,
  }: {
    readonly bytes: Uint8Array | undefined
    readonly name: string | undefined
    readonly hashes: readonly ListedHash[] | undefined
    readonly kind: 'image' | 'film' | 'unknown' | undefined
    readonly hasher: typeof BROWSER_HASHER | undefined
  },
  said: Pick<ItemProposal, 'list' | 'classification' | 'key' | 'description' | 'caseId' | 'tipId'>,
  context: z.core.$RefinementCtx,
): ItemProposal {
  const named = defined({ fileName: name })
  if (bytes !== undefined && [hashes, kind, hasher].every((one) => one === undefined)) {
    return { media: bytes, ...named, ...said }
  }
  if (bytes === undefined && hashes !== undefined) {
    if (hasher !== undefined && kind === undefined) return { hashes, hasher, ...named, ...said }
    if (hasher === undefined && name === undefined) return { hashes, ...defined({ kind }), ...said }
  }
  context.addIssue('either media, or hashes with their kind or hasher')
  return z.NEVER
}

/** A verifier's own copy: its bytes, or the hashes that their browser made of it. */
const ownCopy = {
  media: media.exactOptional().describe("The verifier's own copy, which is compared"),
  hashes: browserHashes
    .exactOptional()
    .describe('What their browser made of it, in place of the copy'),
}

const series = z.string().trim().min(1).max(256)

const id = idOf('item')
const target = { id, entryId: exactId.exactOptional() }

/** Known material, and who says what of it. */
export const items = {
  propose: operation('POST /v1/items', {
    needs: 'item:propose',
    says: 'Proposes known material by its media',
    input: proposal,
    status: 201,
    body: 'media',
    run: ({ curation }, by, proposed) => curation.propose(by, proposed),
  }),
  proposeHashed: operation('POST /v1/items/hashed', {
    needs: 'item:propose',
    says: 'Proposes pictures that a browser has hashed, of which one thing is said',
    input: {
      files: z
        .array(z.strictObject({ hashes: browserHashes, fileName: fileName.exactOptional() }))
        .min(1)
        .max(BROWSER_FILES_MAX),
      ...described,
    },
    run: ({ curation }, by, proposed) => curation.proposeHashed(by, proposed),
  }),
  refresh: operation('POST /v1/items/refresh', {
    needs: 'item:propose',
    says: 'Adds what an item lacks to be found by, from the very file that it is of',
    input: { media },
    body: 'media',
    run: ({ refreshing }, by, { media: bytes }) => refreshing.refresh(by, bytes),
  }),
  list: operation('GET /v1/items', {
    needs: 'item:read',
    says: 'Known material',
    input: {
      ...page,
      status: z.enum(ENTRY_STATUSES).exactOptional(),
      list: listName.exactOptional(),
      classification: z.enum(CLASSIFICATIONS).exactOptional(),
      waiting: z
        .stringbool()
        .exactOptional()
        .describe('With an entry that waits for a second person, in that list where one is named'),
    },
    reads: ['page', 'item.list'],
    run: ({ register }, _by, filter) => register.list(filter),
    total: ({ register }, filter, max) => register.count(filter, max),
  }),
  show: operation('GET /v1/items/:id', {
    needs: 'item:read',
    says: 'One item with its history',
    input: { id },
    reads: ['one', 'item.read'],
    run: ({ curation }, by, item) => curation.detail(by, item.id),
  }),
  verify: operation('POST /v1/items/:id/verify', {
    needs: 'item:verify',
    says: 'A second person confirms it',
    input: {
      ...target,
      reason: reason.exactOptional(),
      acknowledgeFindings: z.boolean().exactOptional(),
      ...ownCopy,
    },
    body: 'media',
    run: ({ curation }, by, { id: itemId, reason: why, media: bytes, hashes, ...entry }) =>
      curation.verify(by, { itemId, ...entry }, why, bytes ?? hashes),
  }),
  verifyMany: batch('POST /v1/items/verify', {
    needs: 'item:verify',
    says: 'A second person confirms what they have seen: by files of their own, to the byte, or one by one',
    action: 'item.verify',
    kind: 'item',
    most: 'verifyMax',
    filter: { status: z.literal('proposed'), list: listName.exactOptional() },
    said: { reason: reason.exactOptional() },
    find: ({ register }, filter, limit) => register.list({ ...filter, limit }),
    work: ({ curation }, tx, by, itemId, { reason: why }) =>
      curation.verifyLooked(tx, by, itemId, why),
    after: ({ curation }, by) => curation.carryChanges(by),
  }),
  compare: operation('POST /v1/items/compare', {
    needs: 'item:verify',
    says: "How a verifier's own copy compares with what waits: to the byte, alike, or another",
    input: z
      .strictObject({ ...ownCopy, id: id.exactOptional() })
      .transform(({ media: bytes, hashes, ...rest }, context) => {
        const copy = bytes ?? hashes
        if (copy !== undefined && (bytes === undefined || hashes === undefined)) {
          return { copy, ...rest }
        }
        context.addIssue('either media or hashes')
        return z.NEVER
      }),
    body: 'media',
    reads: ['one', 'item.compare'],
    run: ({ curation }, by, { copy, id: itemId }) => curation.compare(by, copy, itemId),
  }),
  dispute: operation('POST /v1/items/:id/dispute', {
    needs: 'item:verify',
    says: 'It is doubted: nothing more leaves for it',
    input: { ...target, reason },
    run: ({ curation }, by, { id: itemId, reason: why, ...entry }) =>
      curation.dispute(by, { itemId, ...entry }, why),
  }),
  retract: operation('POST /v1/items/:id/retract', {
    needs: 'item:retract',
    says: 'It was wrong: its cases are withdrawn',
    input: { ...target, reason },
    run: ({ curation }, by, { id: itemId, reason: why, ...entry }) =>
      curation.retract(by, { itemId, ...entry }, why),
  }),
  disable: operation('POST /v1/items/:id/disable', {
    needs: 'item:verify',
    says: 'Matches nothing until a time',
    input: { ...target, until: z.iso.datetime({ offset: true }), reason },
    run: ({ store, register }, by, { id: itemId, until, reason: why, ...entry }) =>
      store.transact((tx) => register.disable(tx, by, { itemId, ...entry }, until, why)),
  }),
  enable: operation('POST /v1/items/:id/enable', {
    needs: 'item:verify',
    says: 'Matches again',
    input: { ...target, reason },
    run: ({ store, register }, by, { id: itemId, reason: why, ...entry }) =>
      store.transact((tx) => register.enable(tx, by, { itemId, ...entry }, why)),
  }),
  release: operation('POST /v1/items/:id/release', {
    needs: 'item:verify',
    says: 'Ends the quarantine after a flood of matches',
    input: { id, reason },
    run: ({ store, register }, by, item) =>
      store.transact((tx) => register.release(tx, by, item.id, item.reason)),
  }),
  giveFeedback: operation('POST /v1/items/:id/feedback', {
    needs: 'feedback:give',
    says: 'Agrees with what a list says of it, or does not; the exchange is told',
    input: {
      ...target,
      opinion: z.enum(OPINIONS),
      reason: reason.exactOptional(),
      exchangeReason: z.string().max(256).exactOptional(),
    },
    status: 201,
    run: ({ exchanging }, by, { id: itemId, entryId, ...feedback }) =>
      exchanging.giveFeedback(by, { itemId, ...defined({ entryId }) }, feedback),
  }),
  group: operation('POST /v1/items/:id/series', {
    needs: 'item:propose',
    says: 'Names what belongs together',
    input: { id, series: series.nullable(), reason: reason.exactOptional() },
    run: ({ store, register }, by, item) =>
      store.transact((tx) => register.group(tx, by, item.id, item.series, item.reason)),
  }),
  join: operation('POST /v1/items/:id/join', {
    needs: 'item:verify',
    says: 'Two items are one',
    input: { id, other: id, reason },
    run: ({ curation }, by, item) => curation.join(by, item.id, item.other, item.reason),
  }),
  part: operation('POST /v1/items/:id/part', {
    needs: 'item:verify',
    says: 'They are not: what was joined is an item of its own',
    input: { id, other: id, reason },
    run: ({ curation }, by, item) => curation.part(by, item.id, item.other, item.reason),
  }),
  similar: operation('GET /v1/items/:id/similar', {
    needs: 'item:read',
    says: 'What resembles it in the own register',
    input: { id, limit: z.coerce.number().int().min(1).max(100).default(10) },
    reads: ['one', 'item.similar'],
    run: ({ curation }, _by, item) => curation.similar(item.id, item.limit),
  }),
  cases: operation('GET /v1/items/:id/cases', {
    needs: 'item:read',
    says: 'Cases that hang on it',
    input: { id },
    reads: ['one', 'item.cases'],
    run: ({ curation }, _by, item) => curation.touched(item.id),
  }),
  ofSeries: operation('GET /v1/series', {
    needs: 'item:read',
    says: 'What was named as belonging together',
    input: { name: series },
    reads: ['all', 'item.series'],
    run: ({ store, register }, _by, { name }) => store.transact((tx) => register.series(tx, name)),
  }),
  vocabulary: operation('GET /v1/vocabulary', {
    needs: 'item:read',
    says: 'The terms that entries are described with',
    input: {},
    run: ({ register }) => Promise.resolve(register.vocabulary),
  }),
}

/** Pictures that are certainly harmless, which proposals are held against. */
export const corpus = {
  show: operation('GET /v1/corpus', {
    needs: 'item:read',
    says: 'How many harmless pictures proposals are held against',
    input: {},
    run: ({ corpus: stage }) => Promise.resolve({ pictures: stage.pictures }),
  }),
  add: operation('POST /v1/corpus', {
    needs: 'item:propose',
    says: 'Adds a picture that is certainly harmless',
    input: { media },
    status: 201,
    body: 'media',
    async run({ corpus: stage, pool }, by, benign) {
      const added = await stage.add(by, await pool.fingerprint(benign.media))
      return { added, pictures: stage.pictures }
    },
  }),
}

const policy = {
  fourEyes: z.boolean().exactOptional(),
  reviewOnly: z.array(z.enum(CLASSIFICATIONS)).exactOptional(),
  arrivesAs: z.enum(['proposed', 'verified']).exactOptional(),
  keepsFeatures: z.boolean().exactOptional(),
  untoldQuality: z.int().min(0).max(100).exactOptional(),
}

export const lists = {
  list: operation('GET /v1/lists', {
    needs: 'list:read',
    says: 'Lists: own, of partners, and of what is harmless',
    input: {},
    run: ({ store, register }) => store.transact((tx) => register.lists.all(tx)),
  }),
  show: operation('GET /v1/lists/:name', {
    needs: 'list:read',
    says: 'One list with the history of its policy',
    input: { name: listName },
    run: ({ store, register }, _by, { name }) =>
      store.transact(async (tx) => ({
        ...(await register.lists.view(tx, name)),
        history: await register.lists.history(tx, name),
      })),
  }),
  create: operation('POST /v1/lists', {
    needs: 'list:manage',
    says: 'A new list',
    input: {
      name: listName,
      kind: z.enum(LIST_KINDS),
      description: z.string().max(1_000).exactOptional(),
      ...policy,
    },
    status: 201,
    run: ({ store, register }, by, list) =>
      store.transact((tx) => register.lists.create(tx, by, list)),
  }),
  change: operation('POST /v1/lists/:name/policy', {
    needs: 'list:manage',
    says: 'Changes what a list may lead to',
    input: { name: listName, reason, ...policy },
    run: ({ store, register }, by, { name, reason: why, ...changes }) =>
      store.transact((tx) => register.lists.change(tx, by, name, changes, why)),
  }),
  vet: operation('POST /v1/lists/:name/vet', {
    needs: 'list:manage',
    says: 'Two persons have to: then its hashes alone may confirm',
    input: { name: listName, reason },
    run: ({ store, register }, by, { name, reason: why }) =>
      store.transact((tx) => register.lists.vet(tx, by, name, why)),
  }),
  unvet: operation('POST /v1/lists/:name/unvet', {
    needs: 'list:manage',
    says: 'Its hashes alone confirm nothing any more',
    input: { name: listName, reason },
    run: ({ store, register }, by, { name, reason: why }) =>
      store.transact((tx) => register.lists.unvet(tx, by, name, why)),
  }),
}
