import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { MEDIA_LINES } from '../../src/core/index.ts'
import { grainyPictures } from './pictures.ts'

/** What the process is told by its one argument, in JSON. */
export interface LoadOptions {
  readonly url: string
  readonly key: string
  readonly lines: number
  readonly feeds: number
  /** Lines that wait for their answers, over all feeds. */
  readonly window: number
  readonly seed: number
  /** Hashes that must be found: one line in `plantedEvery` brings one. */
  readonly planted: readonly string[]
  readonly plantedEvery: number
  /** So many different pictures are sent instead of hashes. */
  readonly pictures?: number
  /** Whether the pictures are sent as bytes behind their lines, rather than as base64 in them. */
  readonly asBytes?: boolean
}

/** What it prints, in JSON. */
export interface LoadResult {
  readonly seconds: number
  readonly lines: number
  readonly pending: number
  readonly planted: number
  /** The milliseconds from the sending of a portion of lines to the last answer of it. */
  readonly answerMs: readonly number[]
}

/** Different lines: sent again and again, in portions, so that making them costs next to nothing. */
const DISTINCT = 65_536
const HASHES_A_PORTION = 64
const REFUSED = '"error":'
const PENDING = Buffer.from('"pending"')

interface Portion {
  readonly bytes: Buffer
  readonly lines: number
  readonly planted: number
}

async function load(options: LoadOptions): Promise<LoadResult> {
  const portions = await makePortions(options)
  const perPortion = portions[0]?.lines ?? 1
  const perFeed = Math.floor(options.lines / options.feeds / perPortion)
  const start = performance.now()
  const results = await Promise.all(
    Array.from({ length: options.feeds }, (_, feed) => runFeed(options, portions, feed, perFeed)),
  )
  const sum = (figure: (result: FeedResult) => number) =>
    results.reduce((total, result) => total + figure(result), 0)
  return {
    seconds: (performance.now() - start) / 1e3,
    lines: sum(({ lines }) => lines),
    pending: sum(({ pending }) => pending),
    planted: sum(({ planted }) => planted),
    answerMs: results.flatMap(({ answerMs }) => answerMs),
  }
}

async function makePortions(options: LoadOptions): Promise<readonly Portion[]> {
  const { seed, pictures, asBytes } = options
  if (pictures === undefined) return hashPortions(options)
  return (await grainyPictures(seed, pictures)).map((media, number) => {
    const url = `https://images.example/${seed}/${number}/picture.jpg`
    const bytes = asBytes
      ? Buffer.concat([Buffer.from(`${String(media.length)} ${JSON.stringify({ url })}\n`), media])
      : Buffer.from(`${JSON.stringify({ url, media: media.toString('base64') })}\n`)
    return { bytes, lines: 1, planted: 0 }
  })
}

function hashPortions({ seed, planted, plantedEvery }: LoadOptions): readonly Portion[] {
  const portions: Portion[] = []
  for (let first = 0; first < DISTINCT; first += HASHES_A_PORTION) {
    let count = 0
    const lines = Array.from({ length: HASHES_A_PORTION }, (_, place) => {
      const number = first + place
      const isPlanted = planted.length > 0 && number % plantedEvery === plantedEvery - 1
      if (isPlanted) count += 1
      const value = isPlanted
        ? planted[Math.floor(number / plantedEvery) % planted.length]
        : createHash('sha256').update(`line ${seed}/${number}`).digest('hex')
      return `${JSON.stringify({
        url: `https://images.example/${seed}/${number}/picture.jpg`,
        pageUrl: `https://forum.example/thread/${number >> 4}`,
        fetchedAt: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
        httpStatus: 200,
        contentType: 'image/jpeg',
        hashes: [{ type: 'pdq', value, quality: 90 }],
      })}\n`
    })
    const bytes = Buffer.from(lines.join(''))
    portions.push({ bytes, lines: lines.length, planted: count })
  }
  return portions
}

interface FeedResult {
  readonly lines: number
  readonly pending: number
  readonly planted: number
  readonly answerMs: number[]
}

/** One request: sends while fewer lines than its share of the window wait for answers. */
function runFeed(
  { url, key, feeds, window, asBytes }: LoadOptions,
  portions: readonly Portion[],
  feed: number,
  count: number,
): Promise<FeedResult> {
  const perPortion = portions[0]?.lines ?? 1
  const type = asBytes ? MEDIA_LINES : 'application/x-ndjson'
  const share = Math.max(perPortion, Math.floor(window / feeds))
  return new Promise((resolve, reject) => {
    let [sent, answered, pending, planted] = [0, 0, 0, 0]
    const sentAt: number[] = []
    const answerMs: number[] = []
    const sending = request(`${url}/v1/sightings?ordered=true`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${key}` },
    })

    function send(): void {
      while (sent < count && (sent + 1) * perPortion - answered <= share) {
        const portion = portions[(feed * count + sent) % portions.length]
        if (portion === undefined) throw new Error('no portion')
        sentAt.push(performance.now())
        planted += portion.planted
        sent += 1
        sending.write(portion.bytes)
      }
      if (sent === count) sending.end()
    }

    sending.on('error', reject)
    sending.on('response', (response) => {
      response.on('data', (chunk: Buffer) => {
        const before = Math.floor(answered / perPortion)
        answered += countOf(chunk, 0x0a)
        pending += countOf(chunk, PENDING)
        if (chunk.includes(REFUSED)) reject(new Error('a line was refused'))
        const nowMs = performance.now()
        for (let done = before; done < Math.floor(answered / perPortion); done += 1) {
          answerMs.push(nowMs - (sentAt[done] ?? nowMs))
        }
        send()
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ lines: answered, pending, planted, answerMs })
        else reject(new Error(`the server answered with ${String(response.statusCode)}`))
      })
    })
    send()
  })
}

function countOf(chunk: Buffer, what: number | Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(what); at !== -1; at = chunk.indexOf(what, at + 1)) count += 1
  return count
}

const [, , told = ''] = process.argv
console.log(JSON.stringify(await load(JSON.parse(told) as LoadOptions)))
