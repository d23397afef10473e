import { existsSync } from 'node:fs'
import { Parser } from 'htmlparser2'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOST } from '../cases/world.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { HOSTILE_WORDS, readable } from './hostile-words.ts'

const CHROMIUM = '/usr/bin/chromium'
const HARMLESS = 'Harmless'
const ALL = [HARMLESS, ...HOSTILE_WORDS]

interface Told {
  readonly words: string
  readonly caseId: string
  readonly hostId: string
  readonly noticeId: string
  readonly objectionId: string
}

let world: ConsoleWorld
let olga: Awaited<ReturnType<ConsoleWorld['signIn']>>
let told: readonly Told[]

beforeAll(async () => {
  world = await openConsole({ 'trace.registries': false })
  const ann = await world.signIn('ANN', 'analyst')
  olga = await world.signIn('OLGA', 'officer')
  const by = { id: ann.id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] } as const
  const as = world.api.engine.as(by)
  const { store, cases, takedown, hosts } = world.api.engine.stages
  const all: Told[] = []
  for (const [place, words] of ALL.entries()) {
    const url = `https://pictures.example/${place}.jpg`
    const said = { url, classification: 'Baseline', reason: words.slice(0, 4_000) } as const
    const { id: caseId } = await as.assessments.assess(said)
    const upstream = {
      role: 'upstream',
      name: words,
      channel: { kind: 'mail', address: `noc${place}@network.example` },
      source: 'rdap-as',
    } as const
    const found = { ...HOST, name: words, country: 'TV', tracedAt: new Date().toISOString() }
    const channel = { kind: 'mail', address: `abuse${place}@one.example` } as const
    await store.transact((tx) =>
      cases.setHost(tx, 'hindra', caseId, { ...found, channel, contacts: [upstream] }),
    )
    await as.cases.note({ id: caseId, text: words })
    const brought = { caseId, objector: 'other', way: 'post', words } as const
    const objection = await store.transact((tx) => takedown.objections.add(tx, by.id, brought))
    const ids = { caseId, objectionId: objection.id, noticeId: '' }
    all.push({ words, hostId: hosts.idOf(words), ...ids })
  }
  await takedown.queueDue('hindra')
  told = await Promise.all(
    all.map(async (one) => {
      const [notice] = await takedown.list({ caseId: one.caseId })
      return { ...one, noticeId: notice?.id ?? '' }
    }),
  )
})
afterAll(() => world.dispose())

/** What a page is made of, whatever is written in it: its tags with the names of their attributes. */
function skeletonOf(html: string): string {
  const tags: string[] = []
  const parser = new Parser({
    onopentag: (name, attributes) => tags.push(`${name} ${Object.keys(attributes).join(' ')}`),
  })
  parser.write(html)
  parser.end()
  return tags.join('\n')
}

/** What a reader reads of a page. */
function textOf(html: string): string {
  const texts: string[] = []
  const parser = new Parser({ ontext: (text) => texts.push(text) }, { decodeEntities: true })
  parser.write(html)
  parser.end()
  return texts.join('')
}

/** As the record has them, without what no reader would see. */
async function keptWords({ objectionId }: Told): Promise<string> {
  const { store, takedown } = world.api.engine.stages
  return (await store.transact((tx) => takedown.objections.read(tx, objectionId))).words
}

describe('what strangers wrote', () => {
  it.each([
    ['hosts', ({ hostId }: Told) => hostId, ({ words }: Told) => words],
    ['notices', ({ noticeId }: Told) => noticeId, ({ words }: Told) => words],
    ['objections', ({ objectionId }: Told) => objectionId, keptWords],
    ['cases', ({ caseId }: Told) => caseId, ({ words }: Told) => words],
  ] as const)(
    'is text on the page of one of the %s, which is made as of harmless words',
    async (list, idOf, wordsOf) => {
      const [harmless, ...hostile] = told
      if (harmless === undefined) throw new Error('nothing was told')
      const { html: plain } = await olga.get(`/console/${list}/${idOf(harmless)}`)
      expect(hostile).toHaveLength(60)
      for (const one of hostile) {
        const { html, status } = await olga.get(`/console/${list}/${idOf(one)}`)
        expect([one.words, status]).toEqual([one.words, 200])
        expect([one.words, skeletonOf(html)]).toEqual([one.words, skeletonOf(plain)])
        expect(readable(textOf(html))).toContain(readable(await wordsOf(one)))
      }
    },
  )

  it('is text in the lists, whatever is looked for', async () => {
    const counted = (html: string) => html.match(/<tr data-row/g)?.length
    for (const path of ['/console/hosts', '/console/notices', '/console/objections']) {
      const { html } = await olga.get(path)
      expect([path, counted(html)]).toEqual([path, 50])
      expect(html).not.toMatch(/<script>|<img|<svg|<iframe|<style|<base|<b>|onerror="|onload="/)
    }
    const empty = skeletonOf((await olga.get('/console/hosts?name=nobody')).html)
    for (const words of HOSTILE_WORDS.filter((one) => one.length <= 200)) {
      const query = encodeURIComponent(`${words}nobody`)
      const { html, status } = await olga.get(`/console/hosts?name=${query}`)
      expect([words, status, skeletonOf(html)]).toEqual([words, 200, empty])
    }
  })

  it('is typed and refused without getting out of its field', async () => {
    const place = `/console/objections/${told[0]?.objectionId ?? ''}`
    const skeletons = new Set<string>()
    for (const reason of [HARMLESS, ...HOSTILE_WORDS]) {
      await olga.get(place)
      const { status, html } = await olga.post('/console/do/objections.decide', {
        id: told[0]?.objectionId ?? '',
        decision: 'upheld',
        reason,
        _place: place,
      })
      expect([reason, status]).toEqual([reason, 400])
      skeletons.add(skeletonOf(html))
    }
    expect(skeletons.size).toBe(1)
  })

  it.runIf(existsSync(CHROMIUM))('does nothing in a browser', async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    const context = await browser.newContext({ viewport: { width: 390, height: 900 } })
    const { url } = world.api
    await context.addCookies(Array.from(olga.cookies, ([name, value]) => ({ name, value, url })))
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => faults.push(message.text()))
    page.on('dialog', (dialog) => {
      faults.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) faults.push(request.url())
    })
    const pages = [
      '/console/hosts',
      `/console/hosts?after=${told[50]?.hostId ?? ''}`,
      '/console/notices',
      '/console/objections',
      ...told
        .slice(-2)
        .flatMap(({ hostId, noticeId, objectionId, caseId }) => [
          `/console/hosts/${hostId}`,
          `/console/notices/${noticeId}`,
          `/console/objections/${objectionId}`,
          `/console/cases/${caseId}`,
        ]),
    ]
    for (const place of pages) {
      await page.goto(`${url}${place}`)
      const isWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
      expect([place, await page.evaluate(isWide)]).toEqual([place, false])
    }
    expect(faults).toEqual([])
    await browser.close()
  })
})
