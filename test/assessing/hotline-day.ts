import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import type { Assigned } from '../../src/assignments/index.ts'
import type { BatchReport } from '../../src/batches/index.ts'
import { run as runCommand } from '../../src/cli/main.ts'
import { SeededRandom } from '../../src/core/index.ts'
import type { SameFile, Tip } from '../../src/intake/index.ts'
import { type Api, startApi } from '../http/api.ts'
import { type Host, httpHost } from '../intake/hosts.ts'

/**
 * Of 60 tips: what they turn out to be, which the host and the sender know, and the hotline finds out. The mix is one of
 * a public hotline: half is known, sent by mistake or shows one and the same file, a quarter is each its own judgement.
 */
const MIX = {
  /** On a URL that a case works on: yesterday's. */
  known: 10,
  /** A list that a sister hotline sent by mistake. */
  mistake: 10,
  /** One new file at URLs of its own, ten at a time. */
  wave: 10,
  /** The sign of a host that something was removed. */
  sign: 5,
  /** New, and illegal: each its own picture. */
  illegal: 9,
  /** Other people's tips on the URLs of those. */
  again: 6,
  /** Not illegal: each its own picture; one of ten claims by a hash to be the file of a wave. */
  harmless: 6,
  /** Seen in an app: for the police. */
  words: 2,
  /** Nobody here reads the language: taken and put back. */
  undecided: 2,
} as const
export type Kind = keyof typeof MIX
const KINDS = Object.keys(MIX) as readonly Kind[]
/** Tips that one file of a wave is seen at. */
const WAVE = 10
/** Tips that the analyst takes at a time. */
const TAKEN = '20'

/** A tip, and what it is in truth. */
export interface Told {
  readonly kind: Kind
  readonly id: string
  readonly url: string | undefined
}

/** A hotline with a day's tips, and an analyst at a terminal. */
export interface HotlineDay {
  readonly api: Api
  readonly told: readonly Told[]
  /** Every command that the analyst has given, reads among them. */
  readonly commands: readonly (readonly string[])[]
  /** Works all of it down. */
  work(): Promise<void>
  /** Who may read all of it: what the day came to. */
  readonly reader: Principal
  close(): Promise<void>
}

export async function openHotlineDay(tips: number): Promise<HotlineDay> {
  const pictures = new Map<string, Buffer>()
  const host: Host = await httpHost((request, response) => {
    const bytes = pictures.get(request.url ?? '')
    response.statusCode = bytes === undefined ? 404 : 200
    response.setHeader('content-type', 'image/jpeg')
    response.end(bytes)
  })
  const api = await startApi({
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [host.port],
    'features.store': false,
    'limits.readsPerMinute': 100_000,
    'limits.writesPerMinute': 100_000,
  })
  const { key } = await api.keyOf('analyst')
  const reader = {
    id: 'reader',
    pseudonym: 'R',
    kind: 'person',
    roles: ['analyst', 'officer', 'auditor'],
  } as const
  const commands: (readonly string[])[] = []

  /** One command of the analyst, as it is typed, and what it answers. Throws where it fails. */
  async function hindra<Answer>(...args: readonly string[]): Promise<Answer> {
    commands.push(args)
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const said = Promise.all([text(stdout), text(stderr)])
    const env = { HINDRA_URL: api.url, HINDRA_KEY: key, HINDRA_DATA: '/nowhere' }
    const terminal = { env, stdin: Readable.from([]), stdout, stderr }
    const code = await runCommand([...args, '--json'], terminal)
    stdout.end()
    stderr.end()
    const [answer, why] = await said
    if (code === 0) return JSON.parse(answer) as Answer
    throw new Error(`hindra ${args.join(' ')} ended with ${code}: ${why} ${answer}`)
  }

  const told = await tell(api, reader, host.origin, pictures, tips)
  const truth = new Map(told.map((one) => [one.id, one.kind]))

  /** A dry run, a look at its number, and the act. */
  async function many(...args: readonly string[]): Promise<BatchReport> {
    const { found, leftOut } = await hindra<BatchReport>(...args, '--dry-run')
    if (leftOut.length > 0) throw new Error(`would be left out: ${JSON.stringify(leftOut)}`)
    return hindra<BatchReport>(...args, '--count', String(found))
  }

  async function workGroups(): Promise<void> {
    await hindra<unknown>('tips', 'list', '--queue', '--limit', '1000')
    await commandOfRows('tips', 'look', '--queue')
    for (const { first, tipIds } of await hindra<readonly SameFile[]>('tips', 'groups')) {
      // The analyst looks at the one, and judges what all of them show.
      await hindra<Tip>('tips', 'show', first)
      const isWave = truth.get(first) === 'wave'
      const way = isWave
        ? ['assess', '--alike', first, '--classification', 'Baseline', '--reason', 'a new picture']
        : ['tips', 'dismiss', '--alike', first, '--reason', 'a sign', '--why', 'gone']
      const shown = isWave || truth.get(first) === 'sign'
      // Two tips on one URL are one case: they are judged with the others.
      if (shown && tipIds.length > 1) await many(...way)
    }
  }

  /** Rows of NDJSON, of which the analyst reads none by machine. */
  async function commandOfRows(...args: readonly string[]): Promise<void> {
    commands.push(args)
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    stdout.resume()
    stderr.resume()
    const env = { HINDRA_URL: api.url, HINDRA_KEY: key, HINDRA_DATA: '/nowhere' }
    const terminal = { env, stdin: Readable.from([]), stdout, stderr }
    const code = await runCommand(args, terminal)
    if (code !== 0) throw new Error(`hindra ${args.join(' ')} ended with ${code}`)
  }

  async function workOne({ id, url }: Tip): Promise<void> {
    await hindra<Tip>('tips', 'show', id)
    switch (truth.get(id)) {
      case 'illegal':
      case 'again':
        await hindra('assess', '--tip', id, '--classification', 'National', '--reason', 'as seen')
        return
      case 'harmless':
        await hindra('tips', 'dismiss', id, '--reason', 'a landscape', '--why', 'not-illegal')
        return
      case 'words':
        await hindra('tips', 'letters', id)
        await hindra('tips', 'tell-police', id, '--reason', 'names an account')
        return
      case 'undecided':
        return
      default:
        throw new Error(`nobody should have to judge ${url ?? id} by itself`)
    }
  }

  async function work(): Promise<void> {
    const [mistake] = told.filter(({ kind }) => kind === 'mistake')
    const { importId = '' } = await hindra<Tip>('tips', 'show', mistake?.id ?? '')
    await many('tips', 'dismiss', '--import', importId, '--reason', 'sent by mistake')
    await workGroups()
    const done = new Set<string>()
    for (;;) {
      const taken = await hindra<readonly Assigned<Tip>[]>('tips', 'take', '--next', TAKEN)
      const left = taken.filter(({ id }) => !done.has(id))
      if (left.length === 0) break
      for (const tip of left) {
        done.add(tip.id)
        // What others told of the same URL is answered with it.
        const isDone = tip.url !== undefined && done.has(tip.url)
        if (!isDone) await workOne(tip)
        done.add(tip.url ?? tip.id)
      }
    }
    await many('tips', 'put-back', '--mine')
  }

  return {
    api,
    told,
    commands,
    work,
    reader,
    async close() {
      await api.dispose()
      await host.close()
    },
  }
}

/** The tips as they arrive, in an order that is shuffled by a seed; what is known was assessed yesterday. */
async function tell(
  api: Api,
  by: Principal,
  origin: string,
  pictures: Map<string, Buffer>,
  tips: number,
): Promise<readonly Told[]> {
  const calls = api.engine.as(by)
  const random = new SeededRandom(600)
  let seed = 0
  const scene = () => {
    seed += 1
    return sceneJpeg(seed, { width: 96, height: 72 })
  }
  const sign = await scene()
  const at = (kind: Kind, number: number) => `/${kind}/${number}.jpg`
  const coming: { readonly kind: Kind; readonly number: number }[] = []
  for (const kind of KINDS) {
    const count = (MIX[kind] * tips) / 60
    let wave = sign
    for (let number = 0; number < count; number += 1) {
      if (kind !== 'mistake') coming.push({ kind, number })
      if (kind === 'wave' && number % WAVE === 0) wave = await scene()
      if (['known', 'illegal', 'harmless', 'undecided'].includes(kind)) {
        pictures.set(at(kind, number), await scene())
      }
      if (kind === 'wave') pictures.set(at(kind, number), wave)
      if (kind === 'sign') pictures.set(at(kind, number), sign)
    }
  }
  const said = { classification: 'Baseline', reason: 'yesterday' } as const
  for (const { kind, number } of coming) {
    if (kind === 'known')
      await calls.assessments.assess({ ...said, url: origin + at(kind, number) })
  }
  const told: Told[] = []
  for (const { kind, number } of shuffled(coming, random)) {
    const illegal = (MIX.illegal * tips) / 60
    const path = kind === 'again' ? at('illegal', number % illegal) : at(kind, number)
    const url = kind === 'words' ? undefined : origin + path
    const claimed = kind === 'harmless' && number % 10 === 0 ? await digestOf(pictures) : undefined
    const receipt = await calls.tips.submit(
      url === undefined
        ? { words: 'a man in an app asks girls for pictures', category: 'grooming' }
        : {
            url,
            ...(claimed === undefined ? {} : { hashes: [{ type: 'sha256', value: claimed }] }),
          },
    )
    if (!('id' in receipt)) throw new Error('a tip was answered as a list')
    told.push({ kind, id: receipt.id, url })
  }
  return [...told, ...(await tellMistake(api, by, origin, (MIX.mistake * tips) / 60))]
}

async function tellMistake(
  api: Api,
  by: Principal,
  origin: string,
  count: number,
): Promise<readonly Told[]> {
  const calls = api.engine.as(by)
  const rows = Array.from(
    { length: count },
    (_, at) => `${origin}/mistake/${at}.jpg;;;R-${at};hotline;image`,
  )
  const head = 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE'
  await calls.tips.submit({ csv: [head, ...rows].join('\n') })
  const listed = await calls.tips.list({ limit: 1_000 })
  return listed
    .filter(({ importId }) => importId !== undefined)
    .map(({ id, url }) => ({ kind: 'mistake', id, url }))
}

/** What the file of the first wave has as its digest: a sender may say anything. */
async function digestOf(pictures: ReadonlyMap<string, Buffer>): Promise<string> {
  const bytes = new Uint8Array(pictures.get('/wave/0.jpg') ?? [])
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

function shuffled<One>(all: readonly One[], random: SeededRandom): readonly One[] {
  return all
    .map((one) => ({ one, place: random.between(0, 1) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one)
}
