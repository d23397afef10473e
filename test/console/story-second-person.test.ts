import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleWorld, openConsole } from './browser.ts'
import {
  chooseAt,
  dropOn,
  formOf,
  isChromiumThere,
  openSeats,
  pressAt,
  read,
  type Seats,
  tabTo,
  writeAt,
} from './played.ts'
import { hardPicture, type ToldPicture } from './told-pictures.ts'

const TOLD = 'https://pictures.example/second/person.jpg'
/** What the first one says, and nobody else. */
const FIRST = 'the blue wall behind the bed'

describe.runIf(isChromiumThere)("a second person's day", () => {
  let world: ConsoleWorld
  let seats: Seats
  let policy: string
  let proposed: ToldPicture
  let another: ToldPicture
  let vera: Page
  let ann: Page

  beforeAll(async () => {
    policy = mkdtempSync(join(tmpdir(), 'hindra-second-person-'))
    writeFileSync(
      join(policy, 'second-assessments.yaml'),
      'version: "1"\ncases: { Baseline: two, National: two, Harmful: two, Ignore: two }\n',
    )
    world = await openConsole({ 'trace.registries': false, 'policy.directory': policy })
    seats = await openSeats()
    proposed = await hardPicture('png-16', 1)
    another = await hardPicture('jpeg-grey', 2)
    const { key } = await world.api.keyOf('intake')
    await world.api.call('POST', '/v1/tips', { key, body: { source: 'public', url: TOLD } })
    ann = await sit('ANN', 'analyst')
    vera = await sit('VERA', 'verifier', 'analyst')
  })
  afterAll(async () => {
    await seats.close()
    await world.dispose()
    rmSync(policy, { recursive: true, force: true })
  })

  async function sit(...who: Parameters<ConsoleWorld['signIn']>): Promise<Page> {
    return seats.sit(`${world.api.url}/console`, await world.signIn(...who))
  }

  it('one proposes a picture, which stands in the queue of the other', async () => {
    await ann.goto(`${world.api.url}/console/register`)
    await dropOn(ann, proposed)
    await ann.getByText('Hashed: 1').waitFor()
    await chooseAt(formOf(ann, 'items.proposeHashed'), 'National')
    await pressAt(ann.getByRole('button', { name: 'Propose them' }))
    await ann.getByText('Proposed: 1.').waitFor()
    await vera.reload()
    await pressAt(vera.getByRole('link', { name: 'own (1)' }))
    await vera.waitForURL(/\/console\/verify/)
    expect(await read(vera)).toContain('ANN')
  })

  it('who drops a copy of her own learns how it compares, and verifies by it', async () => {
    await vera.keyboard.press('j')
    await vera.keyboard.press('Enter')
    await pressAt(vera.getByRole('link', { name: 'Compare a copy of your own in this browser' }))
    for (const [picture, said] of [
      [another, 'Your file is not what was proposed.'],
      [proposed, 'is the proposed one, to the byte'],
    ] as const) {
      await dropOn(vera, picture)
      await vera.getByText('Hashed: 1').waitFor()
      await pressAt(vera.getByRole('button', { name: 'Compare' }))
      await vera.getByText(said).waitFor()
    }
    await tabTo(vera.getByLabel('I have looked at what the checks found'))
    await vera.keyboard.press('Space')
    await pressAt(vera.getByRole('button', { name: 'Verify' }))
    await vera.waitForURL(/done=1/)
    expect(await read(vera)).toContain('by the hashes of their browser')
    await vera.goto(`${world.api.url}/console/verify`)
    expect(await read(vera)).toContain('Nothing waits.')
  })

  async function assess(page: Page, classification: string, reason: string): Promise<void> {
    const form = formOf(page, 'assessments.assess')
    await chooseAt(form.locator('fieldset').first(), classification)
    await writeAt(form.locator('#assess-reason'), reason)
    await pressAt(form.locator('button[type=submit]').last())
    await page.waitForURL(/done=1/)
  }

  it('what one assessed is assessed by her without sight of it, and she differs', async () => {
    await ann.goto(`${world.api.url}/console`)
    await tabTo(ann.locator('[data-open]', { hasText: 'second/person.jpg' }))
    await ann.keyboard.press('Enter')
    await ann.waitForURL(/\/tips\//)
    await assess(ann, 'Baseline', FIRST)
    await vera.goto(`${world.api.url}/console`)
    expect(await read(vera)).toMatch(/Second assessments\s+1 in all/)
    await pressAt(vera.locator('main a[href="/console/second"]'))
    await vera.waitForURL(/\/second$/)
    await vera.keyboard.press('j')
    await vera.keyboard.press('Enter')
    await vera.waitForURL(/\/second\/.+/)
    for (const said of [FIRST, 'ANN']) expect(await read(vera)).not.toContain(said)
    await assess(vera, 'Ignore', 'a picture of a beach')
    expect(await read(vera)).toContain('It waits for somebody else.')
    expect(await world.api.engine.stages.cases.forUrl(TOLD)).toEqual([])
  })

  it('a third, who sees neither, settles it; then all may read what each said', async () => {
    const tor = await sit('TOR', 'analyst')
    await pressAt(tor.locator('main a[href="/console/second"]'))
    await tor.waitForURL(/\/second$/)
    await tor.keyboard.press('j')
    await tor.keyboard.press('Enter')
    await tor.waitForURL(/\/second\/.+/)
    expect(await read(tor)).toContain('Two people differ.')
    for (const said of [FIRST, 'ANN', 'VERA', 'beach']) expect(await read(tor)).not.toContain(said)
    await assess(tor, 'National', 'fifteen at most')
    for (const said of [FIRST, 'ANN', 'VERA', 'a picture of a beach', 'fifteen at most']) {
      expect(await read(tor)).toContain(said)
    }
    const [opened] = await world.api.engine.stages.cases.forUrl(TOLD)
    expect(opened).toMatchObject({ classification: 'National' })
    await vera.reload()
    expect(await read(vera)).toContain('fifteen at most')
  })

  it('an address that one officer entered is told nothing before another approves it', async () => {
    const olga = await sit('OLGA', 'officer')
    await olga.goto(`${world.api.url}/console/contacts`)
    const form = formOf(olga, 'contacts.enter')
    await writeAt(form.locator('[name=municipality]'), 'Uppsala')
    await writeAt(form.locator('[name=mail]'), 'social@uppsala.example')
    await writeAt(form.locator('#enter-reason'), 'from their own site')
    await pressAt(form.locator('button[type=submit]'))
    await olga.waitForURL(/done=1/)
    await pressAt(rowOf(olga).locator('summary'))
    expect(await read(olga)).toContain('You entered it: another person approves it.')
    expect(await rowOf(olga).locator('button[value=approved]').count()).toBe(0)
    const otto = await sit('OTTO', 'officer')
    await otto.goto(`${world.api.url}/console/contacts?state=pending`)
    await writeAt(rowOf(otto).locator('textarea'), 'compared with their site')
    await pressAt(rowOf(otto).locator('button[value=approved]'))
    await otto.waitForURL(/done=1/)
    await olga.goto(`${world.api.url}/console/contacts?state=approved`)
    expect(await read(olga)).toMatch(/social@uppsala\.example[^]*OTTO/)
  })

  const rowOf = (page: Page) => page.locator('[data-row]', { hasText: 'social@uppsala.example' })
})
