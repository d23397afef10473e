import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal, Role } from '../../src/access/index.ts'
import { pendingCases } from '../assessing/sample-house.ts'
import { type Browser, type ConsoleWorld, openConsole } from './browser.ts'

/** Why the first decided so, as nobody else would say it. */
const WHY = 'the blue wall behind the bed'

let world: ConsoleWorld
let policy: string
let first: Browser & { readonly id: string }
let second: Browser & { readonly id: string }
let third: Browser & { readonly id: string }
let matches: readonly string[]

beforeAll(async () => {
  policy = mkdtempSync(join(tmpdir(), 'hindra-again-'))
  const all = 'version: "1"\nofHundred: { matches: 100, assessments: 100 }\n'
  writeFileSync(join(policy, 'blind-samples.yaml'), all)
  world = await openConsole({ 'trace.registries': false, 'policy.directory': policy })
  first = await world.signIn('FIRSTLY', 'analyst')
  second = await world.signIn('SECONDLY', 'analyst')
  third = await world.signIn('THIRDLY', 'officer')
  matches = await pendingCases(world.api.engine, 3)
})
afterAll(async () => {
  await world.dispose()
  rmSync(policy, { recursive: true, force: true })
})

/** A case that the first has decided in the browser. */
async function decided(caseId: string, decision: 'accepted' | 'rejected'): Promise<void> {
  await first.get(`/console/cases/${caseId}`)
  const { html } = await first.submit('cases.decide', { decision, reason: WHY })
  expect(html).toContain('role="status"')
}

/** Where the one stands that waits for a browser. */
async function placeFor(browser: Browser): Promise<string> {
  const { html } = await browser.get('/console/again')
  return /\/console\/again\/[0-9a-f-]{36}/.exec(html)?.[0] ?? ''
}

function as(roles: readonly Role[]): Principal {
  return { id: 'somebody', pseudonym: 'SOMEBODY', kind: 'person', roles }
}

describe('the page on which a decision is decided again', () => {
  it('shows what it stood on, whatever was decided, and nothing of the first', async () => {
    const shown: string[] = []
    for (const [index, decision] of (['accepted', 'rejected'] as const).entries()) {
      const caseId = matches[index] ?? ''
      await decided(caseId, decision)
      expect(await placeFor(first)).toBe('')
      expect((await first.get('/console')).html).not.toContain('/console/again"><')
      const place = await placeFor(second)
      const { html: queue } = await second.get('/console')
      expect(queue).toContain('Decisions to decide again')
      const { html: offer } = await second.get(place)
      const { html: form } = await second.submit('samples.take', {})
      for (const html of [queue, offer, form]) {
        for (const said of [WHY, 'FIRSTLY', first.id, caseId]) expect(html).not.toContain(said)
      }
      const { html: case_, status } = await second.get(`/console/cases/${caseId}`)
      expect([status, case_.includes('CASE_WITHHELD') || case_.includes('/console/again')]).toEqual(
        [409, true],
      )
      expect(case_).not.toContain(WHY)
      await second.get(place)
      shown.push(
        form
          .replaceAll(place, 'PLACE')
          .replaceAll(place.slice(-36), 'ID')
          .replaceAll(`/${index}.jpg`, '/FILE.jpg'),
      )
      const { html: after } = await second.submit('samples.decide', {
        answer: 'accepted',
        reason: 'as I see it',
      })
      expect(after).toContain('role="status"')
    }
    expect(withoutTokens(shown[0])).toBe(withoutTokens(shown[1]))
  })

  it('shows two who differ to a third, who settles it, and to neither of them', async () => {
    for (const browser of [first, second]) {
      expect((await browser.get('/console/again')).html).not.toContain('class="url"')
    }
    const place = await placeFor(third)
    const { html } = await third.get(place)
    for (const said of [WHY, 'as I see it', 'The match is right', 'The match is not right']) {
      expect(html).toContain(said)
    }
    for (const name of ['FIRSTLY', 'SECONDLY']) expect(html).not.toContain(name)
    const { status: ofSecond } = await second.get(place)
    expect(ofSecond).toBe(404)
    await third.get(place)
    const { html: refused } = await third.submit('samples.settle', {
      outcome: 'corrected',
      reason: 'it is the same',
    })
    expect(refused).toContain('case:decide')
    const { html: settled } = await third.submit('samples.settle', {
      outcome: 'stands',
      reason: 'it is another wall',
    })
    expect(settled).toContain('role="status"')
    expect(await placeFor(third)).toBe('')
  })

  it('is left to others, who have it then', async () => {
    await decided(matches[2] ?? '', 'accepted')
    const place = await placeFor(second)
    await second.get(place)
    await second.submit('samples.take', {})
    const { html } = await second.submit('samples.leave', {})
    expect(html).toContain('role="status"')
    expect(await placeFor(second)).toBe('')
    const others = await world.api.engine.as(as(['verifier'])).samples.list()
    expect(others.map(({ id }) => id)).toEqual([place.slice(-36)])
  })
})

/** Without what every page has another of: the token of its forms, and the time that is left. */
function withoutTokens(html = ''): string {
  return html.replaceAll(/value="[\w.-]{20,}"/g, '').replaceAll(/<time[^>]*>[^<]*<\/time>/g, '')
}
