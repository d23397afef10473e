import { z } from 'zod'
import { isoTime, SECOND_MS, own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { ListedHash } from '../../register/index.ts'
import type { Delta } from '../delta.ts'
import type { SourceBody } from './source-call.ts'
import { checkMovesOn, pageFrom } from './paging.ts'
import type { Protocol } from './protocol.ts'
import { stopNciiVoting } from './stopncii-votes.ts'
import type { ExchangeLine } from './source.ts'

const PAGE_ROWS = 800

const record = z.object({
  lastModtimestamp: z.number(),
  signalType: z.string(),
  hashValue: z.string().min(1),
  hashStatus: z.string(),
})

const answer = z.object({
  hashRecords: z.array(z.unknown()).nullish(),
  nextPageToken: z.string().nullish(),
  nextSetTimestamp: z.number().nullish(),
  hasMoreRecords: z.boolean().nullish(),
})

const SIGNALS: Readonly<
  Partial<Record<string, { readonly kind: 'image' | 'film'; readonly type: ListedHash['type'] }>>
> = {
  ImagePDQ: { kind: 'image', type: 'pdq' },
  VideoMD5: { kind: 'film', type: 'md5' },
  VideoTMK: { kind: 'film', type: 'tmk-pdqf' },
}

/** The status alone says whether a hash is withdrawn: its value stays what it was. */
const LIVING = new Set(['Received', 'Active'])
const GONE = new Set(['Withdrawn', 'Deleted'])

/**
 * StopNCII, version 1: hashes of intimate pictures of adults who did not consent, so whoever adds the
 * source says which class that is here. A checkpoint is good for 30 days.
 */
export const stopNcii: Protocol = {
  credentials: ['functionsKey', 'subscriptionKey'],
  beginning: '0',
  staleDays: 30,
  voting: stopNciiVoting,

  headers: ({ functionsKey = '', subscriptionKey = '' }) => ({
    'x-functions-key': functionsKey,
    'ocp-apim-subscription-key': subscriptionKey,
    accept: 'application/json',
  }),

  page: (call, from, nowMs) =>
    pageFrom(from, nowMs, async (page) => {
      const asked = new URLSearchParams({
        startTimestamp: from.since,
        pageSize: String(PAGE_ROWS),
        ...(page === null ? {} : { nextPageToken: page.token }),
      })
      const found = await call(`/FetchHashes?${String(asked)}`, readAnswer)
      const token = found.hasMoreRecords === false ? '' : (found.nextPageToken ?? '')
      const until = found.nextSetTimestamp?.toString() ?? page?.until ?? null
      const lines = (found.hashRecords ?? []).map((one, position) => lineOf(one, position + 1))
      if (token === '') {
        const next = { since: until ?? from.since, page: null, caughtUpAt: isoTime(nowMs) }
        return { lines, isLast: true, next }
      }
      checkMovesOn(page, token)
      const mark = { token, givenAt: isoTime(nowMs), until, newest: null }
      return { lines, isLast: false, next: { ...from, page: mark } }
    }),
}

async function readAnswer(body: SourceBody): Promise<z.output<typeof answer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  try {
    return answer.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  } catch (cause) {
    const message = 'a page of the exchange: it is no whole JSON of its format'
    throw new HindraError('SOURCE_MALFORMED', message, { cause })
  }
}

function lineOf(one: unknown, line: number): ExchangeLine {
  const parsed = record.safeParse(one)
  if (!parsed.success) {
    const [field = 'row'] = parsed.error.issues[0]?.path ?? []
    return {
      key: JSON.stringify(one),
      delta: {
        change: 'refused',
        line,
        field: String(field),
        message: 'is missing or no such value',
      },
      changedAt: 0,
    }
  }
  const { signalType, hashValue, hashStatus, lastModtimestamp } = parsed.data
  const key = `${signalType}:${hashValue}`
  return {
    key,
    delta: deltaOf({ key, line }, signalType, hashValue, hashStatus),
    changedAt: lastModtimestamp * SECOND_MS,
  }
}

function deltaOf(
  { key, line }: { readonly key: string; readonly line: number },
  signalType: string,
  value: string,
  status: string,
): Delta {
  const refused = (field: string, message: string): Delta => {
    return { change: 'refused', line, key, field, message }
  }
  const signal = own(SIGNALS, signalType)
  if (signal === undefined) {
    return refused('signalType', 'is no hash that is kept')
  }
  if (GONE.has(status)) return { change: 'delete', line, key }
  if (!LIVING.has(status)) {
    return refused('hashStatus', 'is no status that is known')
  }
  return { change: 'put', line, key, kind: signal.kind, hashes: [{ type: signal.type, value }] }
}
