import { z } from 'zod'
import { allows, type Principal } from '../../access/index.ts'
import { defined, HOUR_MS, isoTime, SECOND_MS } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Parts } from '../../operations/index.ts'
import {
  type ContentRemarks,
  FOR_GOOD,
  type List,
  type ListedEntry,
  obstacleToVerify,
} from '../../register/index.ts'
import { asBank, named, type Registering } from './bank.ts'
import {
  bySignalType,
  contentType,
  file,
  flag,
  HASH_OF,
  NO_OBJECT,
  SIGNAL_TYPES,
  type SignalType,
  signal,
  types,
} from './fields.ts'
import { badRequest, hma } from './operation.ts'
import { comparable, signalsOf } from './signals.ts'

type Hashes = readonly { readonly type: 'pdq' | 'md5'; readonly value: string }[]

/** HMA knows no classes: what comes by it is proposed as this, for a person to judge. */
const CLASSIFICATION = 'Baseline'
const NOTE_CHARS_MAX = 255
const FIVE_YEARS_MS = 5 * 365 * 24 * HOUR_MS
const REASON = 'by way of /hma'
/** How HMA tells that content matches, and that it does not until somebody enables it. */
const ENABLED = 1
const DISABLED = 0

const content = { bank: z.string(), id: z.string() }

/** Blank is none. */
const note = z
  .string('note should be a string')
  .max(NOTE_CHARS_MAX, `note must be at most ${NOTE_CHARS_MAX} characters`)
  .nullable()
  .exactOptional()

/** `collab`, which HMA passes over, says where an exchange has it from. */
const metadata = z
  .strictObject(
    {
      content_id: z.string().nullable().exactOptional(),
      content_uri: z.string().nullable().exactOptional(),
      json: z.record(z.string(), z.unknown()).nullable().exactOptional(),
      collab: z.unknown().optional(),
    },
    'Invalid metadata: an object with content_id, content_uri and json is taken',
  )
  .nullable()
  .exactOptional()

/** What may be said of content beside its hashes. */
const said = z.object({ note, metadata }, NO_OBJECT)

const until = z.coerce
  .number('Invalid int: disable_until_ts')
  .int()
  .min(0, 'disable_until_ts must be a non-negative integer')
  .describe('Unix time in seconds; 0 is disabled, 1 is enabled')

export const contents = [
  hma('POST /hma/c/bank/:bank/content', {
    needs: ['item:propose', 'hma:use'],
    says: 'Proposes a file, or what is at a URL, for a bank',
    input: {
      bank: z.string(),
      file: file.optional(),
      url: z.string().exactOptional(),
      content_type: contentType.exactOptional(),
      types: types.exactOptional(),
      json: said.optional(),
    },
    takesNotes: true,
    async run(parts, by, { bank: name, json = {}, ...asked }) {
      const list = await named(parts, name)
      if (asked.file === undefined && (asked.url ?? '') === '') {
        throw badRequest('Neither `url` nor multipart file upload was received')
      }
      const found = await signalsOf(parts, asked)
      const { type, value, media, fingerprint } = comparable(found, parts.config.match)
      if (type === 'video_md5' && fingerprint.kind !== 'film') {
        throw badRequest('this is a photo, no video')
      }
      return propose(parts, by, { list, said: saidOf(json) }, { media }, { [type]: value })
    },
  }),
  hma('POST /hma/c/bank/:bank/signal', {
    needs: ['item:propose', 'hma:use'],
    says: 'Proposes a hash for a bank',
    input: {
      bank: z.string(),
      json: bySignalType(signal, { note }).refine(
        (given) => SIGNAL_TYPES.some((type) => given[type] !== undefined),
        'No signals given',
      ),
    },
    async run(parts, by, { bank: name, json: { note: noted = null, ...signals } }) {
      const list = await named(parts, name)
      const hashes = SIGNAL_TYPES.flatMap((type) => {
        const value = signals[type]
        return value === undefined ? [] : [{ type: HASH_OF[type], value }]
      })
      return propose(parts, by, { list, said: saidOf({ note: noted }) }, { hashes }, signals)
    },
  }),
  hma('GET /hma/c/bank/:bank/content/:id', {
    needs: ['hma:evidence', 'hma:use'],
    says: 'One entry of a bank, without its hashes',
    input: { ...content, include_metadata: flag.default(true) },
    reads: ['one', 'hma.content'],
    async run(parts, _by, { include_metadata: isAsked, ...asked }) {
      const { entry, said } = await needContent(parts, asked)
      const shown = isAsked ? said.metadata : undefined
      return {
        ...asContent(parts, asked.id, entry),
        ...defined({ note: said.note, metadata: shown }),
      }
    },
  }),
  hma('PUT /hma/c/bank/:bank/content/:id', {
    needs: ['item:verify', 'hma:use'],
    says: 'Disables an entry until a time, or enables it, and changes its note',
    input: {
      ...content,
      json: z.object({ disable_until_ts: until.exactOptional(), note }, NO_OBJECT),
    },
    reads: ['one', 'hma.content'],
    async run(parts, by, { json, ...asked }) {
      const { entry } = await needContent(parts, asked)
      if (json.disable_until_ts !== undefined) {
        await disableUntil(parts, by, entry, json.disable_until_ts)
      }
      if (json.note !== undefined) await takeNote(parts, entry, json.note)
      const { entry: changed, said } = await needContent(parts, asked)
      return {
        ...asContent(parts, asked.id, changed),
        collab_metadata: {},
        user_metadata: said.metadata ?? null,
        note: said.note ?? null,
      }
    },
  }),
  hma('DELETE /hma/c/bank/:bank/content/:id', {
    needs: ['item:retract', 'hma:use'],
    says: 'Retracts an entry of a bank',
    input: content,
    reads: ['one', 'hma.content'],
    async run(parts, by, asked) {
      const found = await findContent(parts, asked)
      if (found === undefined || found.entry.status === 'retracted') return { deleted: 0 }
      const { itemId, id: entryId } = found.entry
      const target = { itemId, entryId }
      const { entries } = await parts.curation.retract(by, target, `deleted ${REASON}`)
      // Where two persons retract, what the first one deletes is disputed, and goes on matching.
      const isGone = entries.some(({ id, status }) => id === entryId && status === 'retracted')
      return { deleted: isGone ? 1 : 0 }
    },
  }),
]

async function propose(
  { store, register, curation }: Registering & Pick<Parts, 'curation'>,
  by: Principal,
  { list, said }: { readonly list: List; readonly said: ContentRemarks },
  material: { media: Uint8Array } | { hashes: Hashes },
  signals: Readonly<Partial<Record<SignalType, string>>>,
) {
  const item = await curation.propose(by, {
    ...material,
    list: list.name,
    classification: CLASSIFICATION,
    // Whoever verifies it reads what its proposer noted.
    description: defined({ note: said.note }),
  })
  const entry = item.entries.filter((one) => one.list === list.name).at(-1)
  if (entry === undefined) throw new HindraError('INTERNAL', 'what was proposed is in no list')
  const { proposedBy, id } = await store.transact(async (tx) => {
    if (Object.keys(said).length > 0) register.banks.say(tx, entry.id, said)
    const [number] = await register.banks.numbersOf(tx, [entry.id])
    return { proposedBy: await register.behind(tx, entry.proposedBy), id: number }
  })
  const obstacle = obstacleToVerify(by, { ...entry, proposedBy }, list)
  const mayVerify = allows(by, 'item:verify') && obstacle === undefined
  if (entry.status === 'proposed' && mayVerify) {
    await curation.verify(by, { itemId: item.id, entryId: entry.id }).catch(unlessItWaits)
  }
  return { id, signals }
}

/** An entry of a bank, and what was said of it. */
interface Content {
  readonly entry: ListedEntry
  readonly said: ContentRemarks
}

/** Throws NOT_FOUND. */
async function needContent(parts: Registering, asked: AskedContent): Promise<Content> {
  const found = await findContent(parts, asked)
  if (found !== undefined) return found
  throw new HindraError('NOT_FOUND', `content '${asked.id.slice(0, 20)}' not found`)
}

interface AskedContent {
  readonly bank: string
  readonly id: string
}

/** Throws NOT_FOUND where there is no such bank. */
async function findContent(
  parts: Registering,
  { bank, id }: AskedContent,
): Promise<Content | undefined> {
  const { store, register } = parts
  const { name } = await named(parts, bank)
  if (!/^\d{1,10}$/.test(id)) return undefined
  return store.transact(async (tx) => {
    const entryId = await register.banks.entryIdOf(tx, Number(id))
    if (entryId === undefined) return undefined
    const entry = await register.entryOf(tx, name, entryId)
    return entry && { entry, said: await register.banks.said(tx, entry.id) }
  })
}

/** As HMA has it: matched, disabled until a time, or disabled until somebody enables it; what waits is disabled, too. */
function asContent(
  { register }: Registering,
  id: string,
  { list, status, disabledUntil }: ListedEntry,
) {
  const ends = disabledUntil === null ? 0 : Date.parse(disabledUntil)
  const isDisabled = ends > register.banks.now()
  const untilEnd = disabledUntil === FOR_GOOD ? DISABLED : Math.floor(ends / SECOND_MS)
  return {
    id: Number(id),
    disable_until_ts: isDisabled ? untilEnd : status === 'verified' ? ENABLED : DISABLED,
    original_media_uri: null,
    bank: asBank({ name: list }),
  }
}

/** As whoever verifies may, for the reason that it was asked for by HMA's API. */
async function disableUntil(
  { store, register }: Registering,
  by: Principal,
  { itemId, id: entryId }: ListedEntry,
  seconds: number,
): Promise<void> {
  const untilMs = seconds * SECOND_MS
  const now = register.banks.now()
  if (untilMs > now + FIVE_YEARS_MS) {
    throw badRequest('disable_until_ts must be less than 5 years in the future')
  }
  const target = { itemId, entryId }
  await store.transact((tx) => {
    if (seconds !== DISABLED && untilMs <= now) return register.enable(tx, by, target, REASON)
    const until = seconds === DISABLED ? FOR_GOOD : isoTime(untilMs)
    return register.disable(tx, by, target, until, REASON)
  })
}

/** Another note, or none, in place of the one that HMA's clients read; the history keeps what was proposed with it. */
async function takeNote(
  { store, register }: Registering,
  { id }: ListedEntry,
  given: string | null,
): Promise<void> {
  await store.transact(async (tx) => {
    const { metadata: kept } = await register.banks.said(tx, id)
    register.banks.say(tx, id, { ...saidOf({ note: given }), ...defined({ metadata: kept }) })
  })
}

/** What is kept of it: a blank note and what is null are nothing. */
function saidOf(given: z.output<typeof said>): ContentRemarks {
  const kept = Object.entries(given.metadata ?? {}).filter(
    ([name, value]) => name !== 'collab' && value !== null,
  )
  return defined({
    note: given.note === null || given.note === '' ? undefined : given.note,
    metadata: kept.length > 0 ? Object.fromEntries(kept) : undefined,
  })
}

/** What speaks for a closer look, and what the house demands of two people who assess, leaves it proposed. */
function unlessItWaits(error: unknown): void {
  const waits = ['FINDINGS_OPEN', 'ASSESSMENTS_MISSING']
  if (!(error instanceof HindraError && waits.includes(error.code))) throw error
}
