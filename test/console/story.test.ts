import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { TIPLINE_SENTENCES } from '../../src/tipline/terms.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { formOf, isChromiumThere, openSeats, type Seats } from './played.ts'

/** How often a house looks, at most, until it holds that something is gone. */
const ROUNDS = 12

describe.runIf(isChromiumThere)('from a tip to the removal, each in a browser of their own', () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 2, 9))
  let host: Host
  let mails: MailServer
  let world: ConsoleWorld
  let seats: Seats
  let url: string
  let isThereStill = true
  let receipt = ''
  let caseId = ''
  let ann: Page
  let bea: Page
  let olga: Page

  beforeAll(async () => {
    const picture = await sceneJpeg(3, { width: 640, height: 480 })
    host = await httpHost((_request, response) => {
      response.writeHead(isThereStill ? 200 : 404, {
        connection: 'close',
        'content-type': isThereStill ? 'image/jpeg' : 'text/plain',
      })
      response.end(isThereStill ? picture : 'no')
    })
    url = `http://127.0.0.1:${host.port}/album/1.jpg`
    mails = await openMailServer()
    world = await openConsole(
      {
        'trace.registries': false,
        'trace.providers': [
          {
            name: 'Loopback Hosting',
            country: 'TV',
            networks: ['127.0.0.0/8'],
            abuseContact: 'abuse@loopback.example',
          },
        ],
        'fetch.allowNetworks': ['127.0.0.0/8'],
        'fetch.allowPorts': [host.port],
        'tipline.page': true,
        'tipline.workBits': 8,
        'mail.port': mails.port,
        'mail.from': 'notices@hotline.example',
        'mail.organisation': 'Hotline Testland',
      },
      { clock },
    )
    seats = await openSeats()
    ann = await signedIn('ANN', 'analyst')
    bea = await signedIn('BEA', 'analyst')
    olga = await signedIn('OLGA', 'officer')
  })
  afterAll(async () => {
    await seats.close()
    await world.dispose()
    await mails.close()
    await host.close()
  })

  async function signedIn(...who: Parameters<ConsoleWorld['signIn']>): Promise<Page> {
    return seats.sit(`${world.api.url}/console`, await world.signIn(...who))
  }

  it('somebody tells, without a name, and keeps the receipt', async () => {
    const page = await seats.sit(`${world.api.url}/tip?language=en`)
    await page.locator('[name=url]').fill(url)
    await page.locator('form[action="/tip"] button[type=submit]').click()
    receipt = (await page.locator('code').first().innerText()).replaceAll(' ', '')
    expect(receipt).toMatch(/^\d{16}$/)
    await page.locator('[name=end]').fill(receipt.slice(-4))
    await page.locator('form[action="/tip/keep"] button').click()
    expect(await page.context().cookies()).toEqual([])
    await page.context().close()
  })

  it('an analyst takes it from the queue and assesses it; two people are never on one thing', async () => {
    await ann.goto(`${world.api.url}/console`)
    await ann.locator('a[data-open]', { hasText: 'album/1.jpg' }).click()
    await formOf(ann, 'tipAssignments.take').locator('button').click()
    await bea.goto(ann.url())
    await bea.getByText('ANN', { exact: false }).first().waitFor()
    expect(await formOf(bea, 'assessments.assess').count()).toBe(0)
    const form = formOf(ann, 'assessments.assess').first()
    await form.locator('[name=classification][value=Baseline]').check()
    await form.locator('[name=reason]').fill('seen there')
    await form.locator('button[type=submit]').last().click()
    await ann.getByText('Done').first().waitFor()
    const [opened] = await world.api.engine.stages.cases.forUrl(url)
    caseId = opened?.id ?? ''
    expect(caseId).not.toBe('')
  })

  it('the host is told by a letter, which an officer reads as it left', async () => {
    await world.api.engine.runDue()
    const letter = mails.received.find(({ to }) => to.includes('abuse@loopback.example'))
    expect(letter?.parsed.text).toContain('/album/1.jpg')
    await olga.goto(`${world.api.url}/console/cases/${caseId}`)
    await olga.getByText('Loopback Hosting').first().waitFor()
    await olga.locator('a[href^="/console/notices/"]').first().click()
    await olga.getByText('abuse@loopback.example').first().waitFor()
  })

  it('it is gone, and the analyst and the figures say so; whoever told learns nothing of it', async () => {
    isThereStill = false
    for (let round = 0; round < ROUNDS; round += 1) {
      clock.advance(12 * HOUR_MS)
      await world.api.engine.runDue()
    }
    await ann.goto(`${world.api.url}/console/cases/${caseId}`)
    expect(await ann.locator('main').innerText()).toMatch(/State\s+removed/)
    await olga.goto(`${world.api.url}/console/statistics?period=2026-11`)
    expect(await olga.locator('main').innerText()).toMatch(/[Rr]emov/)
    const page = await seats.sit(`${world.api.url}/tip/receipt?language=en`)
    await page.locator('[name=receipt]').fill(receipt)
    await page.locator('main form button[type=submit]').first().click()
    // Of a URL it is never said what came of it: whoever sent it could ask so whether we know a picture.
    await page.getByText(TIPLINE_SENTENCES.en.states.received).waitFor()
    expect(await page.locator('main').innerText()).not.toContain('album')
    await page.context().close()
  })
})
