import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERRORS } from '../../src/errors.ts'
import { letterKinds, type LetterView } from '../../src/takedown/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let officer: string
beforeAll(async () => {
  home = createHome()
  await home.json(['init', '--admin', 'Ada'])
  await home.serve()
  officer = (await home.person('Ola', 'officer')).key
})
afterAll(() => home.dispose())

const preview = (...args: readonly string[]) =>
  home.run(['notices', 'preview', ...args], { key: officer })

describe('hindra notices preview', () => {
  it('--list names every letter that there is, to people and to programs', async () => {
    const { stdout, code } = await preview('--list')
    expect(code).toBe(0)
    const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/))
    expect(rows).toContainEqual(['recipient', 'kind', 'steps'])
    const named = rows.slice(1).flatMap(([role = '', matter = '', steps = '']) =>
      steps
        .split(', ')
        .filter((step) => step !== '')
        .map((step) => ({ role, matter, step })),
    )
    expect(named).toEqual(letterKinds())
    expect(await home.json(['notices', 'preview', '--list'], { key: officer })).toEqual(named)
  })

  it('shows each of them in both languages, and says what it leaves out', async () => {
    const kinds = letterKinds().filter(({ step }) => step === 'first' || step === 'escalation')
    for (const language of ['sv', 'en']) {
      for (const { role, matter, step } of kinds) {
        const asked = ['--recipient', role, '--kind', matter, '--step', step]
        const [letter] = (await home.json(
          ['notices', 'preview', ...asked, '--language', language],
          { key: officer },
        )) as readonly LetterView[]
        expect(letter).toMatchObject({ role, step, language, notice: null })
        const cites = ['host', 'platform', 'regulator'].includes(role) && matter !== 'harmful'
        const left = letter?.unconfirmedLaws.some((law) => law.includes('2022/2065'))
        expect(left, `${role} ${matter} ${step}`).toBe(cites)
        expect(letter?.body).not.toContain('2022/2065')
      }
    }
    const { stdout } = await preview('--recipient', 'host', '--language', 'en')
    expect(stdout).toContain('MISSING: mail.organisation, mail.from, house.telephone')
    expect(stdout).toContain('left out, for nobody has confirmed it: Regulation (EU) 2022/2065\n')
  })

  it('says where there is none, and how to find those that there are', async () => {
    const { code, stderr } = await preview('--recipient', 'police', '--kind', 'harmful')
    expect(code).toBe(ERRORS.LETTER_UNKNOWN.exit)
    expect(stderr).toMatch(/^LETTER_UNKNOWN: .*\n .*`hindra notices preview --list`/)
    for (const args of [[], ['--list', '--recipient', 'host']]) {
      expect((await preview(...args)).code).toBe(ERRORS.INVALID_INPUT.exit)
    }
  })
})

const named = Object.entries(ERRORS).flatMap(([code, { remedy }]) =>
  Array.from(remedy.matchAll(/`hindra ([^`]+)`/g), ([, text = '']) => [code, text] as const),
)

it.each(named)('the remedy of %s names a command that there is: hindra %s', async (_code, text) => {
  const words = text.split(' ')
  const verbs = words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('--'))
  const { stdout } = await home.run([...verbs, '--help'])
  expect(stdout).toContain(`Usage: hindra ${verbs.join(' ')} `)
  for (const flag of words.filter((word) => word.startsWith('--'))) {
    expect(stdout).toMatch(new RegExp(`^ +(-\\w, )?${flag}\\b`, 'm'))
  }
})
