import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TIPLINE_SENTENCES } from '../../src/tipline/terms.ts'
import { IS_WIDE, violationsOf } from './axe.ts'
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
import { hardPicture, type ToldPicture } from './told-pictures.ts'

const SEEN = 'https://pictures.example/child/1.png'
const SAYS = TIPLINE_SENTENCES.en.states

describe.runIf(isChromiumThere)('what a child asks for itself', () => {
  let world: ConsoleWorld
  let seats: Seats
  let picture: ToldPicture
  let child: Page
  let ann: Page
  let receipt = ''

  beforeAll(async () => {
    world = await openConsole({
      'trace.registries': false,
      'tipline.page': true,
      'tipline.workBits': 8,
    })
    seats = await openSeats()
    picture = await hardPicture('png-16', 3)
    child = await seats.sit(`${world.api.url}/tip?language=en`)
    // Axe is put into the page, which no policy of ours lets anybody do.
    const options = { bypassCSP: true }
    ann = await seats.sit(`${world.api.url}/console`, await world.signIn('ANN', 'analyst'), options)
  })
  afterAll(async () => {
    await seats.close()
    await world.dispose()
  })

  async function lookAgain(): Promise<void> {
    await child.goto(`${world.api.url}/tip/receipt?language=en`)
    await writeAt(child.locator('[name=receipt]'), receipt)
    await child.keyboard.press('Enter')
  }

  it('the picture stays with the child; its hashes go, and a receipt comes', async () => {
    await child.locator('[data-hasher]').waitFor()
    await child.locator('#own-pictures').setInputFiles({
      name: 'me.png',
      mimeType: picture.type,
      buffer: Buffer.from(picture.bytes),
    })
    await child.locator('[name=pictures]:not([value=""])').waitFor({ state: 'attached' })
    await writeAt(child.locator('[name=words]'), 'He has it, and says that he will send it on')
    await pressAt(child.locator('form[action="/tip"] button[type=submit]'))
    receipt = (await child.locator('.receipt').innerText()).replaceAll(/\D/g, '')
    await writeAt(child.locator('[name=end]'), receipt.slice(-4))
    await child.keyboard.press('Enter')
    await child.getByText(SAYS['own-received']).waitFor()
    expect(await child.context().cookies()).toEqual([])
  })

  it('an analyst finds it in the queue before all else, reads it, and has the picture looked for', async () => {
    await ann.getByText('The child itself asks').first().waitFor()
    await ann.keyboard.press('j')
    await ann.keyboard.press('Enter')
    await ann.waitForURL(/\/tips\//)
    expect(await read(ann)).toContain('He has it, and says that he will send it on')
    expect([await violationsOf(ann), await ann.evaluate(IS_WIDE)]).toEqual([[], false])
    await pressAt(ann.getByRole('button', { name: 'Have them looked for' }))
    await ann.waitForURL(/done=1/)
    expect(await read(ann)).toContain('Its pictures are looked for.')
    await lookAgain()
    await child.getByText(SAYS['own-accepted']).waitFor()
  })

  it('they write each other, by the receipt alone', async () => {
    await pressAt(ann.locator('summary', { hasText: 'Write an answer' }))
    await writeAt(ann.locator('#answer'), 'You did right. We look for it.')
    await pressAt(formOf(ann, 'tips.answer').locator('button'))
    await ann.waitForURL(/done=1/)
    await lookAgain()
    await child.getByText('You did right. We look for it.').waitFor()
    await writeAt(child.locator('#text'), 'Thank you')
    await pressAt(child.locator('form[action="/tip/message"] button'))
    await child.getByText(TIPLINE_SENTENCES.en.messageTaken).waitFor()
    await ann.goto(`${world.api.url}/console`)
    await tabTo(ann.getByRole('link', { name: 'Whoever tipped has written' }))
    await ann.keyboard.press('Enter')
    await ann.waitForURL(/\/tips\//)
    expect(await read(ann)).toContain('Thank you')
    await pressAt(ann.getByRole('button', { name: 'There is nothing to answer' }))
    await ann.waitForURL(/done=1/)
  })

  it('a copy that a crawler sees waits for a person, and the child is told nothing of it', async () => {
    const { key } = await world.api.keyOf('crawler')
    const crawler = await world.api.engine.authenticate(key)
    const media = Uint8Array.from(picture.bytes)
    await world.api.engine.as(crawler).sightings.submit({ url: SEEN, media })
    await ann.goto(`${world.api.url}/console`)
    await tabTo(ann.locator('[data-open]', { hasText: 'child/1.png' }))
    await ann.keyboard.press('Enter')
    await ann.waitForURL(/\/cases\//)
    expect(await read(ann)).toContain('a person decides')
    await lookAgain()
    await child.getByText(SAYS['own-accepted']).waitFor()
    expect(await read(child)).not.toContain('child/1.png')
  })

  it('the child changes its mind, and nothing of it is looked for any more', async () => {
    await pressAt(child.getByRole('button', { name: 'I have changed my mind' }))
    await child.getByText(SAYS['own-withdrawn']).waitFor()
    const [request] = await world.api.engine.stages.tipline.list({})
    expect(request).toMatchObject({ state: 'withdrawn', pictures: 0 })
  })
})
