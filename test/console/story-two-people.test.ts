import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Role } from '../../src/access/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { createLog, type Server, startServer } from '../../src/http/index.ts'
import { freePort } from '../../fixtures/servers/free-port.ts'
import { DATA_KEY } from '../http/api.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'
import { formOf, isChromiumThere, openSeats, pressAt, read, type Seats, writeAt } from './played.ts'

const URL = 'https://pictures.example/two/people.jpg'

describe.runIf(isChromiumThere)('two people on one case, while the server restarts', () => {
  let world: ConsoleWorld
  let seats: Seats
  let ann: Page
  let bea: Page
  let place: string
  let again: { readonly engine: Engine; readonly server: Server } | undefined

  beforeAll(async () => {
    world = await openConsole({ 'trace.registries': false, 'server.port': await freePort() })
    seats = await openSeats()
    place = `${world.api.url}/console/cases/${await pendingCase()}`
    ann = await seats.sit(place, await world.signIn('ANN', 'analyst'))
    bea = await seats.sit(place, await world.signIn('BEA', 'analyst'))
  })
  afterAll(async () => {
    await seats.close()
    await again?.server.close()
    await again?.engine.shutdown()
    await world.dispose()
  })

  /** Seen again, of an item that somebody disputes: a person decides. */
  async function pendingCase(): Promise<string> {
    const { engine } = world.api
    const as = async (role: Role) => engine.authenticate((await world.api.keyOf(role)).key)
    const picture = await sceneJpeg(32, { width: 640, height: 480 })
    const media = () => Uint8Array.from(picture)
    const { curation } = engine.stages
    const verifier = await as('verifier')
    const said = { media: media(), classification: 'Baseline' } as const
    const { id: itemId } = await curation.propose(await as('analyst'), said)
    await curation.verify(verifier, { itemId, acknowledgeFindings: true })
    await curation.dispute(verifier, { itemId }, 'is it this child?')
    await engine.as(await as('crawler')).sightings.submit({ url: URL, media: media() })
    return (await engine.stages.cases.list({ decision: 'pending' }))[0]?.id ?? ''
  }

  it('both read it; once one takes it the other is told, and keeps what she has written', async () => {
    await writeAt(bea.locator('#decide-reason'), 'the wall is another')
    await ann.keyboard.press('t')
    await ann.waitForURL(/done=1/)
    await bea.getByText('ANN works on it').waitFor()
    expect(await bea.locator('#decide-reason').inputValue()).toBe('the wall is another')
  })

  it('the other cannot decide it meanwhile: she reads why, and has nothing to write again', async () => {
    await pressAt(formOf(bea, 'cases.decide').locator('button[value=rejected]'))
    await bea.getByRole('alert').waitFor()
    expect(await read(bea)).toContain('ANN')
    const [pending] = await world.api.engine.stages.cases.forUrl(URL)
    expect(pending).toMatchObject({ decision: 'pending' })
  })

  it('the server goes: both are told that what they see may be old', async () => {
    await ann.locator('#decide-reason').fill('the same child, as seen')
    const { engine, server } = world.api
    await server.close()
    await engine.shutdown()
    for (const page of [ann, bea]) await page.getByText('No connection').waitFor()
  })

  it('the server is back: both pages are right again, and the form of before goes through', async () => {
    const { engine: before, socket } = world.api
    const engine = await createEngine({ config: before.config, dataKey: DATA_KEY })
    const server = await startServer({ engine, socket: `${socket}2`, log: createLog('silent') })
    again = { engine, server }
    for (const page of [ann, bea]) {
      await page.getByText('No connection').waitFor({ state: 'detached' })
    }
    expect(await ann.locator('#decide-reason').inputValue()).toBe('the same child, as seen')
    await pressAt(formOf(ann, 'cases.decide').locator('button[value=accepted]'))
    await ann.waitForURL(/done=1/)
    await bea.getByText('accepted').first().waitFor()
    const [decided] = await engine.stages.cases.forUrl(URL)
    expect(decided).toMatchObject({ decision: 'accepted' })
  })
})
