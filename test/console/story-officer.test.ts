import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { OPERATOR } from '../../src/access/index.ts'
import { isoTime, MINUTE_MS } from '../../src/core/index.ts'
import { HOST } from '../cases/world.ts'
import type { LocalCalls } from '../../src/operations/index.ts'
import { codeOf, PASSWORD } from '../sessions/world.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { IS_WIDE } from './axe.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import {
  formOf,
  isChromiumThere,
  openSeats,
  pressAt,
  read,
  type Seats,
  tabTo,
  writeAt,
} from './played.ts'

/** The second factor was shown longer ago than that. */
const STALE_MS = 11 * MINUTE_MS
const TOLD = 'http://192.0.2.10/officer/1.jpg'
/** Of a host that nobody knew before a look-up found it. */
const FOUND = { url: 'http://192.0.2.7/officer/2.jpg', abuse: 'abuse@gamma.example' }
/** CSS pixels of A4 between its margins. */
const PAPER = { width: 658, height: 987 }
/** What is wider than the paper gives it room for. */
const CUT_OFF = `Array.from(document.querySelectorAll('main *'))
  .filter((one) => one.checkVisibility() && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX !== 'visible' && !one.matches('.hidden'))
  .map((one) => one.outerHTML.slice(0, 120))`

describe.runIf(isChromiumThere)("an officer's day", () => {
  let world: ConsoleWorld
  let seats: Seats
  let mails: MailServer
  let ann: LocalCalls
  let olga: Page
  let secret = ''
  let caseId = ''

  beforeAll(async () => {
    mails = await openMailServer()
    world = await openConsole({
      'trace.registries': false,
      'takedown.lookMinutes': 1_440,
      'trace.providers': [
        {
          name: 'Delta',
          country: 'TV',
          networks: ['192.0.2.10/32'],
          abuseContact: 'abuse@delta.example',
        },
      ],
      'mail.port': mails.port,
      'mail.from': 'notices@hotline.example',
      'mail.organisation': 'Hotline Testland',
    })
    seats = await openSeats()
    const { id } = await world.signIn('ANN', 'analyst')
    ann = world.api.engine.as({ id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] })
    const said = { classification: 'Baseline', reason: 'a child, as seen' } as const
    caseId = (await ann.assessments.assess({ url: TOLD, ...said })).id
    const found = await ann.assessments.assess({ url: FOUND.url, ...said })
    const { store, cases, takedown } = world.api.engine.stages
    const host = {
      ...HOST,
      name: 'Gamma Servers',
      country: 'TV',
      channel: { kind: 'mail', address: FOUND.abuse },
      abuseContact: FOUND.abuse,
      contactSource: 'rdap-ip',
      tracedAt: isoTime(Date.now()),
    } as const
    await store.transact((tx) => cases.setHost(tx, 'hindra', found.id, host))
    await takedown.queueDue('hindra')
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await seats.close()
    await world.dispose()
    await mails.close()
  })

  it('comes in by an invitation, a password and a second factor', async () => {
    const as = world.api.engine.as(OPERATOR)
    const roles = ['officer', 'admin', 'auditor'] as const
    await as.people.add({ name: 'Olga', pseudonym: 'OLGA', kind: 'person', roles: [...roles] })
    const { path } = await as.sessions.invite({ person: 'OLGA' })
    olga = await seats.sit(`${world.api.url}${path}`)
    await pressAt(olga.getByRole('button', { name: 'Go on' }))
    secret = await olga.locator('code.url').innerText()
    await writeAt(olga.locator('[name=password]'), PASSWORD)
    await writeAt(olga.locator('[name=totp]'), codeOf(secret, Date.now()))
    await olga.keyboard.press('Enter')
    await olga.getByRole('heading', { name: 'Recovery codes' }).waitFor()
    expect(await olga.locator('ol li').count()).toBe(10)
    await pressAt(olga.getByRole('link', { name: 'I have written them down' }))
    await olga.waitForURL(/\/console$/)
  })

  it('approves a contact that a look-up found, which frees what waits for it', async () => {
    expect(await read(olga)).toContain(FOUND.abuse)
    await pressAt(olga.locator('main a[href="/console/contacts?state=pending"]'))
    await olga.waitForURL(/\/contacts/)
    await writeAt(olga.locator('main textarea').first(), 'it stands on their site')
    await pressAt(olga.locator('button[value=approved]'))
    await olga.waitForURL(/done=1/)
    await olga.goto(`${world.api.url}/console/notices?host=gamma`)
    expect(await read(olga)).toContain('held until its contact is approved')
    await world.api.engine.stages.takedown.dispatch('hindra')
    await olga.reload()
    expect(await read(olga)).toContain('waits to leave')
  })

  it('sends what is due, and reads the letter as it left', async () => {
    await pressAt(formOf(olga, 'notices.send').locator('button'))
    await olga.waitForURL(/done=/)
    const letter = mails.received.find(({ to }) => to.includes('abuse@delta.example'))
    expect(letter?.parsed.text).toContain('/officer/1.jpg')
    await olga.goto(`${world.api.url}/console/notices?host=delta`)
    await olga.keyboard.press('j')
    await olga.keyboard.press('Enter')
    await olga.waitForURL(/\/notices\/.+/)
    expect(await read(olga)).toContain('192[.]0[.]2[.]10/officer/1.jpg')
  })

  it('decides an objection, which whoever assessed the case may not', async () => {
    const said = { caseId, objector: 'host', way: 'phone' } as const
    await ann.objections.add({ ...said, words: 'It is an advertisement of ours.' })
    await olga.keyboard.press('q')
    await olga.waitForURL(/\/console$/)
    await tabTo(olga.getByRole('link', { name: 'An objection' }))
    await olga.keyboard.press('Enter')
    await olga.waitForURL(/\/objections\//)
    expect(await read(olga)).toContain('It is an advertisement of ours.')
    expect(await read(olga)).toMatch(/OLGA/)
    expect(await read(olga)).not.toMatch(/decide it: [^\n]*ANN/)
    const [form] = await formOf(olga, 'objections.decide').all()
    await writeAt(form?.locator('textarea') ?? olga.locator('textarea'), 'It was compared again.')
    await olga.keyboard.press('Tab')
    await olga.keyboard.press('Enter')
    await olga.waitForURL(/done=1/)
    expect(await read(olga)).toContain('It was compared again.')
    await pressAt(formOf(olga, 'objections.markTold').locator('button'))
    await olga.getByText('Told at').waitFor()
  })

  it('tries who would be told of a host abroad, and by which rule', async () => {
    await olga.goto(`${world.api.url}/console/policy`)
    await pressAt(olga.locator('main a[href="/console/policy/route"]'))
    await olga.waitForURL(/\/route/)
    await tabTo(olga.locator('#kind'))
    await olga.locator('#kind').selectOption('provider')
    await writeAt(olga.locator('#country'), 'nl')
    await olga.keyboard.press('Enter')
    await olga.getByText('The rules that were tried').first().waitFor()
    expect(await read(olga)).toMatch(/NL/)
    expect(await read(olga)).toMatch(/yes/)
    expect(await olga.locator('#country').inputValue()).toBe('NL')
  })

  it('makes a key for a machine: the second factor is asked for again, and the form goes on', async () => {
    // The rest of the day is as much later: what has been shown is not shown in the time to come.
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + STALE_MS)
    const { id } = await world.api.engine
      .as(OPERATOR)
      .people.add({ name: 'C', pseudonym: 'C-01', kind: 'machine', roles: ['crawler'] })
    await olga.goto(`${world.api.url}/console/people/${id}`)
    await pressAt(olga.locator('summary', { hasText: 'key' }))
    const form = formOf(olga, 'keys.create')
    await writeAt(form.locator('[name=label]'), 'the crawler in the cellar')
    await olga.keyboard.press('Enter')
    await olga.getByRole('heading', { name: 'Once more' }).waitFor()
    // The field has the focus: it is what the page asks for.
    await olga.keyboard.type('000000')
    await olga.keyboard.press('Enter')
    await olga.getByRole('alert').waitFor()
    expect(await read(olga)).toContain('Wait for the next one')
    await writeAt(olga.locator('[name=_code]'), codeOf(secret, Date.now()))
    await olga.keyboard.press('Enter')
    await olga.getByText(/hk_/).waitFor()
    await olga.goto(`${world.api.url}/console/people/${id}`)
    expect(await read(olga)).toContain('the crawler in the cellar')
    expect(await read(olga)).not.toMatch(/hk_/)
  })

  it('checks the audit, and takes it along as a file', async () => {
    await olga.goto(`${world.api.url}/console/audit?action=contact`)
    expect(await read(olga)).toContain('OLGA')
    await pressAt(olga.getByRole('button', { name: 'Check the whole audit' }))
    await olga.getByText('The audit was checked').first().waitFor()
    await olga.goto(`${world.api.url}/console/audit`)
    const downloading = olga.waitForEvent('download')
    await pressAt(olga.getByRole('button', { name: 'Download' }))
    const file = await (await downloading).path()
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.join()).not.toContain('/officer/1.jpg')
  })

  it('prints a report whose figures lead to their rows, and nothing of it is cut off', async () => {
    const period = await quarter()
    const at = `${world.api.url}/console/reports/ecpat?period=${period}`
    await olga.goto(at)
    await pressAt(olga.locator('.rows-link a').last())
    await olga.waitForURL(/\/figures\//)
    await olga.goto(`${world.api.url}/console/figures/casesOpened?period=${period}`)
    expect(await read(olga)).toContain('hxxp://192[.]0[.]2[.]10/officer/1.jpg')
    await pressAt(olga.locator(`a[href="/console/cases/${caseId}"]`))
    await olga.waitForURL(new RegExp(`/console/cases/${caseId}`))
    for (const place of [at, `${world.api.url}/console/statistics?period=${period}`]) {
      await olga.goto(place)
      await olga.emulateMedia({ media: 'print' })
      await olga.setViewportSize(PAPER)
      expect(await olga.locator('header.top').isVisible()).toBe(false)
      expect(await olga.getByRole('button').filter({ visible: true }).count()).toBe(0)
      expect([place, await olga.evaluate(IS_WIDE), await olga.evaluate(CUT_OFF)]).toEqual([
        place,
        false,
        [],
      ])
      expect((await olga.pdf({ format: 'A4' })).subarray(0, 4).toString()).toBe('%PDF')
      await olga.emulateMedia({ media: 'screen' })
    }
  })

  /** The quarter in which it is, as the house counts. */
  async function quarter(): Promise<string> {
    await olga.goto(`${world.api.url}/console/statistics`)
    const named = await olga.locator('.periods a, .periods strong').allInnerTexts()
    const month = isoTime(Date.now()).slice(0, 7)
    const found = `${month.slice(0, 4)}-Q${String(Math.ceil(Number(month.slice(5)) / 3))}`
    expect(named.join(' ')).toContain(month.slice(0, 4))
    return found
  }
})
