import { SeededRandom } from '../../src/core/index.ts'
import { type ExchangeServer, startExchange } from './exchange-server.ts'

const NAMESPACE = 'https://hashsharing.ncmec.org/hashsharing/v2'

export interface NcmecEntry {
  readonly member: number
  readonly id: string
  readonly type: 'image' | 'video'
  /** ISO, whole seconds. */
  readonly timestamp: string
  readonly classification?: string
  /** The fingerprints by the name of the element. */
  readonly fingerprints: Readonly<Record<string, string>>
  readonly deleted?: boolean
}

export interface NcmecServer extends ExchangeServer {
  /** The body of the vote that stands there, by `member/id/type`. */
  readonly votes: Map<string, string>
  /** Reasons for negative votes, by guid. */
  readonly reasons: Map<string, string>
  readonly entries: NcmecEntry[]
  /** Tokens that were given before do not work any more. */
  expireTokens(): void
}

export const NCMEC_CREDENTIALS = { username: 'hotline', password: 'p:äß' }

/** Plays NCMEC hash sharing 2: entries of a range in an order of its own, some a page. */
export async function startNcmec(pageRows = 3): Promise<NcmecServer> {
  const entries: NcmecEntry[] = []
  const { username, password } = NCMEC_CREDENTIALS
  const key = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const votes = new Map<string, string>()
  const reasons = new Map([['0123-guid', 'Not what it says']])
  let generation = 1

  const exchange = await startExchange((request, url, body) => {
    if (request.headers.authorization !== key) return said(401, '')
    const vote = /^\/npo\/v2\/entries\/(\d+)\/([^/]+)\/(\w+)\/feedback$/.exec(url.pathname)
    if (vote !== null && request.method === 'PUT') {
      const [, member = '', id = '', type = ''] = vote
      const isThere = entries.some(
        (one) =>
          one.member === Number(member) &&
          one.id === decodeURIComponent(id) &&
          type in one.fingerprints,
      )
      if (!isThere) return said(404, '')
      votes.set(`${member}/${decodeURIComponent(id)}/${type}`, body)
      return said(200, '<submissionResult/>')
    }
    if (/^\/npo\/v2\/feedback\/\w+\/reasons$/.test(url.pathname)) {
      const rows = [...reasons].map(
        ([guid, name]) => `<reason guid="${guid}" name="${name}" type="Md5"/>`,
      )
      return said(
        200,
        `<availableFeedbackReasons xmlns="${NAMESPACE}">${rows.join('')}</availableFeedbackReasons>`,
      )
    }
    if (url.pathname !== '/npo/v2/entries') return said(404, '')
    const asked = (name: string) => url.searchParams.get(name) ?? ''
    const [from, to] = [Date.parse(asked('from')), Date.parse(asked('to'))]
    if (asked('generation') !== '' && asked('generation') !== String(generation)) {
      return said(400, '')
    }
    const inRange = shuffled(
      entries.filter(({ timestamp }) => {
        const time = Date.parse(timestamp)
        return time >= from && time <= to
      }),
    )
    const start = Number(asked('start') || '0')
    const page = inRange.slice(start, start + pageRows)
    const more = start + pageRows < inRange.length
    const query = new URLSearchParams({
      from: asked('from'),
      to: asked('to'),
      start: String(start + pageRows),
      generation: String(generation),
    })
    return said(200, document(page, more ? `/v2/entries?${String(query)}` : undefined))
  })

  return Object.assign(exchange, {
    url: `${exchange.url}/npo`,
    entries,
    votes,
    reasons,
    expireTokens() {
      generation += 1
    },
  })
}

function said(status: number, body: string) {
  return { status, type: 'application/xml', body }
}

function document(page: readonly NcmecEntry[], next: string | undefined): string {
  const part = (type: 'image' | 'video') =>
    page
      .filter((entry) => entry.type === type)
      .map(element)
      .join('\n')
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<queryResult xmlns="${NAMESPACE}">
  <images count="1" maxTimestamp="2026-01-01T00:00:00Z">${part('image')}</images>
  <videos count="1" maxTimestamp="2026-01-01T00:00:00Z">${part('video')}</videos>
  ${next === undefined ? '' : `<paging><next>${next.replaceAll('&', '&amp;')}</next></paging>`}
</queryResult>`
}

function element(entry: NcmecEntry): string {
  const { member, id, type, timestamp, classification, fingerprints, deleted } = entry
  const head = `<member id="${member}">Somebody &amp; Co</member>
    <timestamp>${timestamp}</timestamp><id>${id}</id>`
  if (deleted === true) {
    const name = type === 'image' ? 'deletedImage' : 'deletedVideo'
    return `<${name}>${head}</${name}>`
  }
  const hashes = Object.entries(fingerprints).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<${type}>${head}
    ${classification === undefined ? '' : `<classification>${classification}</classification>`}
    <fingerprints>${hashes.join('')}<videntifier rel="self" href="/v2/x"/></fingerprints>
    <feedback lastUpdateTimestamp="${timestamp}">
      <affirmativeFeedback type="Md5"><members><member id="99">Other</member></members></affirmativeFeedback>
    </feedback>
  </${type}>`
}

/** No order that anybody could rely on, and the same each time. */
function shuffled(entries: readonly NcmecEntry[]): readonly NcmecEntry[] {
  const random = new SeededRandom(5)
  const left = [...entries]
  return entries.flatMap(() => left.splice(random.integer(0, left.length - 1), 1))
}
