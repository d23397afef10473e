import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PoliceMail } from '../../src/takedown/index.ts'
import type { Home } from './hindra.ts'
import { openTakedownHome } from './takedown-home.ts'

/** A host in Sweden, which waits for the police, and what of that asks for a person. */
const POLICE = 'ocg@police.example'

let home: Home
let maildir: string
let officer: string
let caseId: string
let close: () => Promise<void>

beforeAll(async () => {
  const addresses = { police: POLICE }
  const opened = await openTakedownHome({ country: 'SE', classification: 'Baseline', addresses })
  ;({ home, maildir, officer, caseId, close } = opened)
})
afterAll(() => close())

const shown = async (...args: readonly string[]) => (await home.run(args, { key: officer })).stdout

it('doctor says how many cases wait, and warns of a proposal that nobody has decided', async () => {
  expect(await shown('doctor')).toMatch(/ok {4}store: .*cases whose host waits for the police: 1/)
  await home.json(['notices', 'hold', caseId, '--forbid', '--reason', 'as tested'], {
    key: officer,
  })
  expect(await shown('doctor')).toMatch(
    /warn {2}store: .*holds that ask for a person: 1\n {6}hindra notices holds/,
  )
  await home.json(['notices', 'hold', caseId, '--reject', '--reason', 'no'], { key: officer })
  expect(await shown('doctor')).toMatch(/ok {4}store: /)
})

it('a mail of the police that cites nothing is in doctor, alerts and a list until it is read', async () => {
  const lines = [`From: ${POLICE}`, 'Subject: Ert brev', '', 'Se https://host.example/a.jpg']
  writeFileSync(join(maildir, 'new', '1001.M1.host'), lines.join('\r\n'))
  await home.json(['notices', 'send'], { key: officer })
  expect(await shown('doctor')).toMatch(
    /warn {2}store: .*mails of the police of which nobody knows the case: 1\n {6}hindra notices police-mails/,
  )
  const mails = (await home.json(['notices', 'police-mails'], { key: officer })) as PoliceMail[]
  const id = mails[0]?.id ?? ''
  expect(await shown('alerts')).toMatch(/police-mail .* cites-nothing/)
  expect(await shown('notices', 'police-mails')).toMatch(
    /ocg@police\.example[^]*Ert brev[^]*hxxps:\/\/host\[\.\]example[^]*--seen ID/,
  )
  await shown('notices', 'police-mails', '--seen', id)
  expect(await shown('notices', 'police-mails')).toMatch(/^the police wrote nothing/)
  expect(await shown('doctor')).toMatch(/ok {4}store: /)
})
