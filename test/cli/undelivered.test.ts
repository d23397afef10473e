import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Notice } from '../../src/takedown/index.ts'
import type { MailServer } from '../takedown/mail-server.ts'
import type { Home } from './hindra.ts'
import { openTakedownHome } from './takedown-home.ts'

/** A relay that refuses every mail for good, and an officer at the command line. */
let home: Home
let relay: MailServer
let officer: string
let caseId: string
let close: () => Promise<void>

beforeAll(async () => {
  const behaviour = 'refuse-recipient'
  const opened = await openTakedownHome({ country: 'MD', classification: 'National', behaviour })
  ;({ home, relay, officer, caseId, close } = opened)
})
afterAll(() => close())

const shown = async (...args: readonly string[]) => (await home.run(args, { key: officer })).stdout

const waiting = async () => {
  const listed = await home.json(['notices', '--undelivered'], { key: officer })
  return listed as readonly Notice[]
}

it('is told first, with why and what to do, and by cases show, alerts and doctor', async () => {
  const [notice] = await waiting()
  const id = notice?.id ?? ''
  expect(await shown('notices')).toMatch(
    /^REACHED NOBODY, and waits for you:\n[^]*abuse@alpha\.example[^]*550[^]*hindra notices retry ID/,
  )
  expect(await shown('notices', '--undelivered')).not.toContain('interpol')
  expect(await shown('cases', 'show', caseId)).toMatch(/reached nobody[^]*550 [^]*notices retry ID/)
  expect(await shown('notices', 'show', id)).toMatch(/what to do +mend what refuses it/)
  expect(await shown('alerts')).toMatch(new RegExp(`undelivered  ${caseId}  .*  ${id}  notice  1`))
  expect(await shown('doctor')).toMatch(
    /warn {2}store: .*notices that reached nobody: 1\n {6}hindra notices list --undelivered/,
  )
})

it('goes to another address, and is out of the list once it arrived', async () => {
  const [notice] = await waiting()
  const id = notice?.id ?? ''
  relay.behave('accept')
  expect(await shown('notices', 'set-aside', id, '--reason', 'by telephone')).toMatch(
    /\nSet aside: by telephone\. Nobody is alerted of it any more\.\n[^\n]*retry/,
  )
  expect(await shown('notices', '--undelivered')).toMatch(/^nothing waits for you: /)
  const again = ['notices', 'retry', id, '--mail', 'legal@alpha.example']
  expect(await home.json(again, { key: officer })).toMatchObject({ state: 'queued' })
  await home.json(['notices', 'send'], { key: officer })
  expect(relay.received.map(({ to }) => to)).toEqual([['legal@alpha.example']])
  expect(await waiting()).toEqual([])
  expect(await shown('notices')).not.toContain('REACHED NOBODY')
  const aside = ['notices', 'set-aside', id, '--reason', 'no use']
  expect((await home.run(aside, { key: officer })).stderr).toMatch(/^CONFLICT: /)
})
