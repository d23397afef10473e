import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Role } from '../../src/access/index.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import {
  chooseAt,
  formOf,
  isChromiumThere,
  openSeats,
  pressAt,
  read,
  type Seats,
  tabTo,
  writeAt,
} from './played.ts'

const MATCHED = 'https://pictures.example/day/match.jpg'

describe.runIf(isChromiumThere)("an analyst's day, without a mouse", () => {
  let world: ConsoleWorld
  let seats: Seats
  let page: Page

  beforeAll(async () => {
    world = await openConsole({ 'trace.registries': false })
    seats = await openSeats()
    await tip('https://pictures.example/day/first.jpg', { inDangerNow: true })
    await tip('https://pictures.example/day/second.jpg')
    await match()
    page = await seats.sit(`${world.api.url}/console`, await world.signIn('ANN', 'analyst'))
  })
  afterAll(async () => {
    await seats.close()
    await world.dispose()
  })

  async function tip(url: string, more: object = {}): Promise<void> {
    const { key } = await world.api.keyOf('intake')
    const body = { source: 'public', url, ...more }
    await world.api.call('POST', '/v1/tips', { key, body })
  }

  /** Seen again, of an item that somebody disputes: a person decides. */
  async function match(): Promise<void> {
    const { engine } = world.api
    const as = async (role: Role) => engine.authenticate((await world.api.keyOf(role)).key)
    const [analyst, verifier] = [await as('analyst'), await as('verifier')]
    const picture = await sceneJpeg(31, { width: 640, height: 480 })
    const media = () => Uint8Array.from(picture)
    const { curation } = engine.stages
    const { id: itemId } = await curation.propose(analyst, {
      media: media(),
      classification: 'Baseline',
    })
    await curation.verify(verifier, { itemId, acknowledgeFindings: true })
    await curation.dispute(verifier, { itemId }, 'is it this child?')
    await engine.as(await as('crawler')).sightings.submit({ url: MATCHED, media: media() })
  }

  const heading = () => page.locator('h1').innerText()
  const focused = () => page.evaluate<string>('document.activeElement.textContent')

  it('? lists the keys; t takes the most urgent tip', async () => {
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog')
    await keys.waitFor()
    for (const said of ['Take', 'Next row', 'Accept the match', 'Go to the search field']) {
      expect(await keys.innerText()).toContain(said)
    }
    // Whoever knows the keys is faster than the next picture of the screen: the focus still stands in the list.
    await page.evaluate(
      `document.querySelector('#keys').close()
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }))`,
    )
    await page.waitForURL(/\/console\/tips\/.*done=1/)
    expect(await read(page)).toContain('day/first.jpg')
    expect(await read(page)).toContain('You work on it until')
    // What it came to is read out, and Tab goes on from there.
    expect(await focused()).toContain('Done')
  })

  it('it is skipped with a reason, which stands beside it in the queue', async () => {
    const skip = formOf(page, 'tipAssignments.skip')
    await pressAt(page.locator('details:has(form[action$="tipAssignments.skip"]) summary'))
    await chooseAt(skip, 'language')
    await writeAt(skip.locator('textarea'), 'a language that I do not read')
    await pressAt(skip.locator('button'))
    await page.waitForURL(/\/console\?done=1/)
    expect(await focused()).toContain('Done')
    const row = page.locator('[data-row]', { hasText: 'day/first.jpg' })
    expect(await row.innerText()).toContain('skipped by 1')
  })

  it('the next is dismissed by mistake, which is undone where the message leads to', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toContain('day/second.jpg')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/tips\//)
    const form = formOf(page, 'tips.dismiss')
    await chooseAt(form, 'gone')
    await writeAt(form.locator('textarea'), 'the wrong one')
    await pressAt(form.locator('button'))
    await pressAt(page.getByRole('link', { name: 'where it can be undone' }))
    await writeAt(page.locator('#reopen-reason'), 'a slip')
    await pressAt(formOf(page, 'tips.reopen').locator('button'))
    await page.waitForURL(/done=1/)
    expect(await read(page)).toMatch(/State\s+new/)
  })

  it('it is assessed, which is undone as long as no letter has left', async () => {
    const form = formOf(page, 'assessments.assess')
    await chooseAt(form, 'National')
    await writeAt(form.locator('#assess-reason'), 'seen there')
    await pressAt(form.locator('button[type=submit]').last())
    await page.waitForURL(/\/console\?done=1/)
    await pressAt(page.getByRole('link', { name: 'where it can be undone' }))
    await writeAt(page.locator('#undo-reason'), 'it is another picture')
    await pressAt(formOf(page, 'cases.undo').locator('button'))
    await page.waitForURL(/done=1/)
    expect(await read(page)).toMatch(/State\s+new/)
  })

  it('a match is decided: a wants a reason first, and the next one is a key away', async () => {
    await page.keyboard.press('q')
    await page.waitForURL(/\/console$/)
    await tabTo(page.locator('[data-open]', { hasText: 'day/match.jpg' }))
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/cases\//)
    await page.keyboard.press('t')
    await page.waitForURL(/done=1/)
    await page.keyboard.press('a')
    // Nothing is sent without a reason: the focus is where it is missing.
    await page.keyboard.type('the same child, as seen')
    await pressAt(formOf(page, 'cases.decide').locator('button[value=accepted]'))
    await page.waitForURL(/\/console\?done=1/)
    const [decided] = await world.api.engine.stages.cases.forUrl(MATCHED)
    expect(decided).toMatchObject({ decision: 'accepted' })
  })

  it('whoever rings is answered: / goes to the search, and j to what was found', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('hxxps://pictures[.]example/day/match.jpg')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/find/)
    expect(await heading()).toBe('Find')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/cases\//)
    expect(await read(page)).toContain('the same child, as seen')
  })
})
