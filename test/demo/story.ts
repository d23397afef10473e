import { defang, HOUR_MS, isoTime, SeededRandom } from '../../src/core/index.ts'
import type { Alert, Case } from '../../src/cases/index.ts'
import type { DueReport } from '../../src/watch/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import type { RecheckResult } from '../../src/recheck/index.ts'
import type { Item } from '../../src/register/index.ts'
import type { QuarterTable } from '../../src/stats/index.ts'
import { ApiRefusal } from './api.ts'
import { type Answer, createCrawler } from './crawler.ts'
import { tellOfFilm } from './film.ts'
import { galleryMedia, registerFromGallery } from './gallery.ts'
import { type Copy, type Library, type Media, needed, shuffle } from './library.ts'
import { listedUrls } from './mail-server.ts'
import { tellOtherWays } from './other-ways.ts'
import type { Provider } from './provider.ts'
import { tally } from './summary.ts'
import { tellWhatStays } from './what-stays.ts'
import type { World } from './world.ts'

/**
 * Published recall of PDQ on re-encoded, resized and watermarked copies is 98 to 100%; a few dozen
 * copies of somebody's own pictures may fall a little below.
 */
const EVERYDAY_FOUND_MIN = 0.95

/** What was put up where, and what it truly is: a copy of a known item, or nothing known. */
export interface Hosted {
  readonly url: string
  readonly provider: Provider
  readonly path: string
  readonly media: Media
  readonly copy: Copy | undefined
}

export interface Seen extends Answer {
  readonly hosted: Hosted
}

/** One thing that the story must come to. */
export interface Check {
  readonly text: string
  readonly ok: boolean
  readonly found: string
}

export interface Outcome {
  readonly seen: readonly Seen[]
  readonly checks: readonly Check[]
  readonly stats: QuarterTable
  readonly mails: number
  readonly alerts: number
}

/** How the story is told. */
export interface Teller {
  readonly chapter: (title: string) => void
  readonly check: (text: string, ok: boolean, found: string | number) => void
  readonly moveClock: (hours: number) => void
}

/** Plays the whole main job against a running world, saying what happens as it goes. */
export async function tellStory(
  world: World,
  library: Library,
  seed: number,
  say: (text: string) => void,
): Promise<Outcome> {
  const { api, clock, removing, ignoring, mail } = world
  const checks: Check[] = []
  const crawler = createCrawler(api.crawler, world.fetcher)

  function check(text: string, ok: boolean, found: string | number): void {
    checks.push({ text, ok, found: String(found) })
    say(`  ${ok ? '✓' : '✗'} ${text}: ${found}`)
  }
  function chapter(title: string): void {
    say(`\n${isoTime(clock.now())}  ${title}`)
  }
  function moveClock(hours: number): void {
    clock.advance(hours * HOUR_MS)
    say(`\n  — the clock is moved by ${hours} h to ${isoTime(clock.now())} —`)
  }
  async function casesAt(provider: Provider): Promise<readonly Case[]> {
    const all = await api.analyst.get<readonly Case[]>('/v1/cases?limit=1000')
    return all.filter(({ url }) => url.startsWith(provider.origin))
  }
  async function recheckAll(): Promise<readonly RecheckResult[]> {
    return api.officer.post<readonly RecheckResult[]>('/v1/rechecks')
  }
  async function alertKinds(): Promise<readonly string[]> {
    const alerts = await api.pipeline.get<readonly Alert[]>('/v1/alerts?limit=1000')
    return alerts.map(({ kind }) => kind)
  }

  chapter('The register: an analyst proposes, a second person verifies')
  const items: Item[] = []
  for (const [number, { bytes }] of library.known.entries()) {
    items.push(
      await api.analyst.post<Item>('/v1/items', {
        media: Buffer.from(bytes).toString('base64'),
        classification: 'Baseline',
        description: { reference: `DEMO-${number + 1}` },
      }),
    )
  }
  const first = items[0]?.id ?? ''
  check(
    'nobody verifies alone',
    (await refusal(api.analyst.post(`/v1/items/${first}/verify`))) === 'SAME_PERSON',
    'refused with SAME_PERSON',
  )
  for (const { id } of items) await api.verifier.post(`/v1/items/${id}/verify`)
  const verified = await api.verifier.get<readonly Item[]>('/v1/items?status=verified&limit=1000')
  check('20 items are verified', verified.length === 20, verified.length)

  chapter('Two providers put up what their customers upload; the crawler walks their pages')
  const hosted = host(library, [removing, ignoring], new SeededRandom(seed))
  const byUrl = new Map(hosted.map((entry) => [entry.url, entry]))
  const answers = [...(await crawler.visit(removing)), ...(await crawler.visit(ignoring))]
  const seen = answers.map((answer) => ({
    ...answer,
    hosted: needed(byUrl.get(answer.url), 'what an answer is about'),
  }))
  check('every sighting is answered', seen.length === hosted.length, `${seen.length} sightings`)
  check(
    'none failed',
    seen.every(({ error }) => error === undefined),
    failures(seen),
  )
  const missed = seen.filter(
    ({ hosted: { copy }, verdict }) => copy?.mustBeFound && (verdict ?? 'none') === 'none',
  )
  const everydayCopies = seen.filter(({ hosted: { copy } }) => copy?.mustBeFound)
  check(
    'everyday copies are found (95% of them or more)',
    missed.length <= everydayCopies.length * (1 - EVERYDAY_FOUND_MIN),
    `${everydayCopies.length - missed.length} of ${everydayCopies.length}`,
  )
  const accused = seen.filter(
    ({ hosted: { copy }, verdict }) =>
      copy === undefined && (verdict === 'exact' || verdict === 'confirmed'),
  )
  check('nobody is wrongly accused', accused.length === 0, `${accused.length} wrong`)

  chapter('The review band: a person decides')
  await registerFromGallery(world, 'gardens-original.webp')
  const captioned = await galleryMedia('gardens-captioned.webp')
  const truth = put(ignoring, '/u/captioned.webp', captioned, undefined)
  put(ignoring, '/u/alike.webp', await galleryMedia('like-gardens-original.webp'), undefined)
  await crawler.visit(ignoring)
  const pending = await api.analyst.get<readonly Case[]>('/v1/cases?decision=pending&limit=1000')
  for (const { id, url, matches } of pending) {
    const isCopy = url === truth.url || byUrl.get(url)?.copy !== undefined
    const decision = isCopy ? 'accepted' : 'rejected'
    await api.analyst.post(`/v1/cases/${id}/decision`, {
      decision,
      reason: 'looked at both, side by side',
    })
    say(`  ${defang(url)}: ${matches[0]?.reason ?? ''} → ${decision}`)
  }
  check('a copy and its like waited for a person', pending.length > 1, `${pending.length} decided`)

  chapter('A tip on new material: an assessment opens a case without an item')
  const novel = put(ignoring, '/u/tip.jpg', library.novel, undefined)
  const tip = await api.analyst.post<Tip>('/v1/tips', {
    url: novel.url,
    source: 'public',
    priority: 1,
  })
  const assessed = await api.analyst.post<Case>('/v1/assessments', {
    url: novel.url,
    classification: 'Baseline',
    reason: 'assessed by an analyst',
    tipId: tip.id,
  })
  check(
    'the case has an assessment as its subject',
    assessed.subject.kind === 'assessment',
    assessed.subject.kind,
  )

  chapter('Notices: each provider gets one mail that lists its URLs')
  const sent = await api.officer.post<DueReport>('/v1/notices/send')
  const expected = (provider: Provider) =>
    hosted.filter(
      (entry) =>
        entry.provider === provider &&
        entry.copy !== undefined &&
        !missed.some(({ url }) => url === entry.url),
    ).length + (provider === ignoring ? 2 : 0)
  for (const provider of [removing, ignoring]) {
    const mails = mail.mailbox(provider.abuseContact)
    check(`${provider.name} got one mail`, mails.length === 1, mails.length)
    const listed = listedUrls(mails[0])
    check(
      `  that lists its URLs`,
      listed.length === expected(provider),
      `${listed.length} of ${expected(provider)}`,
    )
  }
  say(`  ${sent.noticesSent} notices in ${sent.mailsSent} mails`)

  chapter(`${removing.name} removes at once, ${ignoring.name} does nothing: rechecks find out`)
  for (let look = 0; look < 3; look += 1) {
    moveClock(4)
    const results = await recheckAll()
    say(`  looked at ${results.length}: ${tally(results.map(({ outcome }) => outcome))}`)
  }
  const removedNow = await casesAt(removing)
  check(
    `three misses, hours apart: ${removing.name}'s cases are removed`,
    live(removedNow).every(({ status }) => status === 'removed'),
    tally(removedNow.map(({ status }) => status)),
  )
  const present = live(await casesAt(ignoring))
  check(
    `${ignoring.name}'s are still in progress`,
    present.every(({ status }) => status === 'in-progress'),
    tally(present.map(({ status }) => status)),
  )

  moveClock(13)
  chapter('A day has passed: the reminder')
  await recheckAll()
  await api.officer.post<DueReport>('/v1/notices/send')
  const stepsTo = ({ abuseContact }: Provider) =>
    mail.mailbox(abuseContact).map(({ headers }) => {
      const step = headers.get('x-hindra-step')
      return typeof step === 'string' ? step : 'none'
    })
  check(
    `${ignoring.name} is reminded once`,
    stepsTo(ignoring).join() === 'notice,reminder',
    stepsTo(ignoring).join(),
  )
  check(
    `${removing.name} is not, and is thanked`,
    stepsTo(removing).join() === 'notice,removed',
    stepsTo(removing).join(),
  )

  chapter('It returns: one copy under a new URL, one at its old place')
  const everyday = hosted.filter(
    ({ provider, copy, media }) =>
      provider === removing &&
      copy?.mustBeFound &&
      media.contentType === 'image/jpeg' &&
      copy.alteration !== 'caption' &&
      copy.alteration !== 'logo',
  )
  const moving = needed(everyday[0], 'a copy to move')
  const staying = needed(everyday[1], 'a copy to put back')
  const again = put(removing, '/u/again.jpg', moving.media, moving.copy)
  put(removing, staying.path, staying.media, staying.copy)
  const [back] = await crawler.visit(removing)
  check(
    'the crawler finds it under its new URL',
    back?.url === again.url && back.caseId !== undefined,
    back?.verdict ?? 'not seen',
  )
  moveClock(24)
  await recheckAll()
  const kinds = await alertKinds()
  check('an alert says that it returned', kinds.includes('returned'), tally(kinds))
  const old = (await casesAt(removing)).find(({ url }) => url === staying.url)
  check(
    'the case of the old URL is open again',
    (old?.reopened ?? 0) === 1,
    `${old?.status ?? '?'}, re-opened ${old?.reopened ?? 0} time(s)`,
  )
  await api.officer.post<DueReport>('/v1/notices/send')
  for (let look = 0; look < 3; look += 1) {
    moveClock(4)
    await recheckAll()
  }
  const final = live(await casesAt(removing))
  check(
    'it is noticed again, and removed again',
    final.every(({ status }) => status === 'removed'),
    tally(final.map(({ status }) => status)),
  )

  const certain = seen.flatMap(({ verdict, hosted: { copy } }) =>
    copy?.contentType === 'image/jpeg' && verdict === 'confirmed' ? [copy] : [],
  )
  await tellOtherWays(world, certain, crawler, { chapter, check, moveClock })
  await tellOfFilm(world, crawler, { chapter, check, moveClock })
  await tellWhatStays(world, certain, crawler, { chapter, check, moveClock })

  const stats = await api.officer.get<QuarterTable>('/v1/stats')
  return { seen, checks, stats, mails: mail.received(), alerts: (await alertKinds()).length }

  function put(provider: Provider, path: string, media: Media, copy: Copy | undefined): Hosted {
    provider.upload({ path, ...media })
    return { url: `${provider.origin}${path}`, provider, path, media, copy }
  }
  function host(from: Library, providers: readonly Provider[], random: SeededRandom) {
    const all = [
      ...from.copies.map((copy) => ({ media: copy, copy: copy })),
      ...from.unrelated.map((media) => ({ media, copy: undefined })),
    ]
    return shuffle(all, random).map(({ media, copy }, number) =>
      put(needed(providers[number % providers.length], 'a provider'), `/u/${number}`, media, copy),
    )
  }
}

/** Cases that somebody should act on: not those that a person rejected. */
function live(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ decision }) => decision !== 'rejected')
}

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'allowed'
  } catch (error) {
    if (error instanceof ApiRefusal) return error.code
    throw error
  }
}

function failures(seen: readonly Seen[]): string {
  return tally(seen.flatMap(({ error }) => (error === undefined ? [] : [error.code]))) || 'none'
}
