import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageFile } from '../../../src/core/index.ts'
// The parts of one folder that no other folder may enter are tested where they are.
import {
  allKinds,
  isWritten,
  LETTER_ROLES,
  LETTER_STEPS,
  MATTERS,
} from '../../../src/takedown/letters/kinds.ts'
import { sampleLetter, sampleLetters } from '../../../src/takedown/letters/samples.ts'
import { createLetterWriter } from '../../../src/takedown/letters/writer.ts'
import { LANGUAGES } from '../../../src/takedown/notice.ts'
import {
  asShipped,
  count,
  flipped,
  lines,
  nameOf,
  shownAs,
  SILENT,
  timesOf,
  variantsOf,
} from './changed-facts.ts'

const writer = createLetterWriter()
const ASKED = ['first', 'reminder', 'came-back', 'escalation']

describe.each(LANGUAGES)('letters in %s', (language) => {
  const letters = allKinds().map((kind) => sampleLetter(kind, language))

  it.each(LETTER_ROLES)('to %s are what is written down', async (role) => {
    const variants = letters.filter((facts) => facts.role === role).flatMap(variantsOf)
    const text = variants.map(({ title, facts }) => shownAs(writer, title, asShipped(facts)))
    await expect(text.join('\n')).toMatchFileSnapshot(`rendered/${language}/${role}.txt`)
  })

  it('are all different: none stands in for another', () => {
    const said = new Map<string, string>()
    for (const facts of letters) {
      const { subject, body } = writer.write({ ...facts, recipient: 'X', notices: lines(facts) })
      // An answer says what the person says, to whomever.
      const text = facts.step === 'answer' ? `${nameOf(facts)}${subject}` : `${subject}\n${body}`
      expect(said.get(text), nameOf(facts)).toBeUndefined()
      said.set(text, nameOf(facts))
    }
  })

  it('have our number in the subject and in the text, and say how to reach us', () => {
    for (const facts of letters) {
      const { subject, body } = writer.write(facts)
      expect(subject, nameOf(facts)).toContain(`[${facts.reference}]`)
      for (const said of [facts.reference, facts.organisation, facts.contact, facts.telephone]) {
        expect(body, nameOf(facts)).toContain(said)
      }
    }
  })

  it('say by when, to whomever something is asked of but the police', () => {
    const { time } = timesOf(language)
    for (const facts of letters) {
      const asked =
        ASKED.includes(facts.step) && !['police', 'hotline', 'regulator'].includes(facts.role)
      const { body } = writer.write(facts)
      expect(body.replace(/\s+/g, ' ').includes(time), nameOf(facts)).toBe(asked)
    }
  })

  it('quote the letter that they come back to, with its number, date and channel', () => {
    for (const facts of letters) {
      if (['first', 'escalation'].includes(facts.step)) continue
      const { subject, body } = writer.write(facts)
      expect(`${subject}${body}`, nameOf(facts)).toContain('4F2A91-C30B7D')
    }
  })

  it('hold no time as machines write it, no placeholder and no hole', () => {
    for (const facts of [...letters, ...letters.map(asShipped)]) {
      const { subject, body } = writer.write(facts)
      const text = `${subject}\n${body}`
      expect(text, nameOf(facts)).not.toMatch(
        /\d{4}-\d{2}-\d{2}T|undefined|null|\[object|NaN|<%|\?\]/,
      )
      expect(text, nameOf(facts)).not.toMatch(/\n\n\n|[ \t]\n| {2,}[^ \n]*\w {2,}/)
      for (const line of body.split('\n')) {
        const isProse = !/^( {3}|\d+\. )/.test(line)
        if (isProse) expect(line.length, line).toBeLessThanOrEqual(76)
      }
    }
  })

  it('say no URL to social services, networks, regulators and whoever objects', () => {
    for (const facts of letters) {
      if (!['social-services', 'upstream', 'regulator', 'objector'].includes(facts.role)) continue
      const { subject, body } = writer.write(facts)
      expect(`${subject}${body}`, nameOf(facts)).not.toMatch(/h(tt|xx)ps?:|site\.example|\[\.\]/)
    }
  })

  it('of what is no crime call it none, name no authority and no Article 16', () => {
    for (const facts of letters.filter(({ matter }) => matter === 'harmful')) {
      const { subject, body } = writer.write(facts)
      expect(`${subject}${body}`).not.toMatch(
        /artikel|Article|polis|police|barn i pornografisk bild|sexual abuse material|brott|crime/i,
      )
      if (!['first', 'reminder', 'came-back'].includes(facts.step)) continue
      expect(body.replace(/\s+/g, ' ')).toMatch(
        /Vi säger inte att det är olagligt|We do not say that it is illegal/,
      )
    }
  })

  it('ask nobody but whoever can to preserve, and never the owner of a site', () => {
    for (const facts of letters.filter(({ role }) => role === 'site-owner')) {
      expect(writer.write(facts).body).not.toMatch(
        /bevara|preserve|logg|log|polis|police|bevis|evidence/i,
      )
    }
    const proxy = letters.filter(({ role }) => role === 'proxy')
    for (const facts of proxy) {
      expect(writer.write(facts).body).not.toMatch(/er tjänst lagrar|your service (stores|holds)/i)
    }
  })

  it('tell whoever receives them as it is called, in a line of its own', () => {
    for (const facts of letters) {
      const first = writer.write(facts).body.split('\n')[0] ?? ''
      expect(first, nameOf(facts)).toMatch(language === 'sv' ? /^Till \S/ : /^To \S/)
      expect(first).not.toMatch(/:$/)
    }
  })

  it('name machine-readable parts only where there are some', () => {
    for (const facts of letters) {
      const word = /ARF|XARF/
      expect(writer.write({ ...facts, attached: [] }).body, nameOf(facts)).not.toMatch(word)
    }
    const host = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, language)
    expect(writer.write({ ...host, attached: ['ARF'] }).body).toMatch(/\(ARF\)/)
  })

  it('hold a law only as it is given to them, and a trusted flagger only where there is one', () => {
    for (const facts of letters) {
      const { body } = writer.write({ ...facts, laws: [], trustedFlagger: null })
      expect(body, nameOf(facts)).not.toMatch(
        /brottsbalken|Criminal Code|2011\/93|betrodd anmälare|trusted flagger|Article 22|artikel 22/,
      )
    }
  })
})

describe('every sentence is bound to what it says', () => {
  const states = sampleLetters().flatMap((facts) => [
    [nameOf(facts), facts] as const,
    [`${nameOf(facts)}, nothing confirmed`, asShipped(facts)] as const,
  ])

  it.each(states)('%s', (_name, facts) => {
    const { used, subject, body } = writer.draft(facts)
    const before = `${subject}\n${body}`
    for (const path of used) {
      const changed = flipped(facts, path)
      if (changed === undefined) continue
      const after = writer.draft(changed.facts)
      const text = `${after.subject}\n${after.body}`
      const isHeld = after.missing.includes(path)
      expect(isHeld || text !== before, `${path} changes nothing`).toBe(true)
      // What is not known any more is not said any more.
      const gone = changed.gone ?? ''
      const times = gone === '' ? 0 : count(before, gone)
      if (times > 0 && !isHeld) expect(count(text, gone), path).toBeLessThan(times)
    }
  })

  it('and every fact is said by some letter', () => {
    const used = new Set(
      sampleLetters()
        .flatMap((facts) => variantsOf(facts))
        .flatMap(({ facts }) => writer.draft(facts).used),
    )
    const letter = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'en')
    const line = Object.keys(letter.notices[0] ?? {}).map((name) => `notices.${name}`)
    const known = [...Object.keys(letter), ...line]
    const unsaid = known.filter((name) => !used.has(name) && !SILENT.includes(name))
    expect(unsaid).toEqual([])
  })
})

describe('a letter that lacks what it needs', () => {
  it.each([
    ['site-owner', 'media', 'escalation', 'policeAgreedAt'],
    ['social-services', 'media', 'first', 'municipality'],
    ['host', 'media', 'correction', 'takenBack'],
    ['host', 'media', 'reminder', 'notices.first'],
    ['host', 'media', 'gone', 'notices.first'],
    ['host', 'media', 'first', 'actBy'],
    ['registrar', 'media', 'gone', 'notices.first'],
    ['police', 'account', 'answer', 'answer'],
  ] as const)('%s, %s, %s: %s', (role, matter, step, path) => {
    for (const language of LANGUAGES) {
      const facts = sampleLetter({ role, matter, step }, language)
      const name = path.replace('notices.', '')
      const lacking = path.startsWith('notices.')
        ? { ...facts, notices: facts.notices.map((line) => ({ ...line, [name]: null })) }
        : { ...facts, [name]: null }
      expect(writer.draft(lacking).missing).toContain(path)
      expect(() => writer.write(lacking)).toThrow(
        expect.objectContaining({ code: 'LETTER_INCOMPLETE' }),
      )
    }
  })
})

describe('the catalogue', () => {
  it('says of every recipient, matter and step whether a letter is written', () => {
    for (const role of LETTER_ROLES) {
      for (const matter of MATTERS) {
        for (const step of LETTER_STEPS) {
          const facts = {
            ...sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'sv'),
            role,
            matter,
            step,
          }
          const write = () => writer.draft(facts)
          if (isWritten(role, matter, step)) expect(write).not.toThrow()
          else expect(write).toThrow(expect.objectContaining({ code: 'LETTER_UNKNOWN' }))
        }
      }
    }
    expect(isWritten('interpol', 'media', 'first')).toBe(false)
  })

  it('writes of no crime to those who host it alone, and to whoever objects', () => {
    const told = allKinds().filter(({ matter }) => matter === 'harmful')
    const roles = new Set(told.map(({ role }) => role))
    expect(roles).toEqual(new Set(['host', 'proxy', 'platform', 'objector']))
  })
})

describe('the Swedish', () => {
  const texts = sampleLetters()
    .filter(({ language }) => language === 'sv')
    .flatMap((facts) => variantsOf(facts))
    .flatMap(({ facts }) => [writer.write(facts), writer.write(asShipped(facts))])

  /** Translated English, bureaucratic, or false. */
  it.each([
    /låta .{0,20}nummer.{0,20} stå kvar/i,
    /det håller inte/i,
    /rättsakten om digitala tjänster/i,
    /^Till .*:$/m,
    /skildrar sexuella övergrepp/i,
    /barnpornografi(?!brott)/i,
    /säkra bevis/i,
    /tillhandahåll/i,
    /i enlighet med/i,
    /vänligen/i,
    /ta ner\b/i,
    /\bdu\b|\bdin\b/i,
    /material med sexuella övergrepp/i,
    /\bkl \d/,
    /\d:\d\d(?! )/,
    /trusted flagger/i,
    /content|notice(?!s@)|hosting provider/i,
    /"artikel 5 i direktiv/i,
  ])('has none of %s', (phrase) => {
    for (const { subject, body } of texts) {
      const text = `${subject}\n${body}`.replaceAll('Example Hosting', '').replaceAll('TT:MM', '')
      expect(text).not.toMatch(phrase)
    }
  })

  it('writes times as people do, and says which', () => {
    for (const { body } of texts) {
      for (const [at] of body.replace(/\s+/g, ' ').matchAll(/\d+ (\w+) 2026 kl\. [^ ]+ \S+ \S+/g)) {
        expect(at).toMatch(/^\d{1,2} november 2026 kl\. \d\d\.\d\d svensk tid/)
      }
    }
  })

  it('says another zone by its name', () => {
    const facts = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'sv')
    const { body } = writer.write({ ...facts, timeZone: 'Europe/Helsinki' })
    expect(body).toContain('25 november 2026 kl. 11.05 (Europe/Helsinki)')
    const english = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'en')
    expect(writer.write(english).body).toContain('25 November 2026 at 10:05 Swedish time (CET)')
  })
})

describe('own templates', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hindra-letters-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  function own(file: string, change: (text: string) => string): void {
    const shipped = readFileSync(packageFile(`templates/en/host.eta`), 'utf8')
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), change(shipped))
  }

  it('are held to what those that ship keep: these pass as if they were own ones', () => {
    expect(() => createLetterWriter(packageFile('templates'))).not.toThrow()
  })

  it('come before those that ship, file by file', () => {
    own('en/host.eta', (text) => text.replace('Notice of ', 'Illegal content here: '))
    const ours = createLetterWriter(directory)
    const host = sampleLetter({ role: 'host', matter: 'media', step: 'first' }, 'en')
    expect(ours.write(host).subject).toContain('Illegal content here')
    const proxy = sampleLetter({ role: 'proxy', matter: 'media', step: 'first' }, 'en')
    expect(ours.write(proxy)).toEqual(writer.write(proxy))
  })

  it.each([
    [
      'a placeholder that does not exist',
      (text: string) => text.replace('it.recipient', 'it.recipent'),
      'placeholder recipent',
    ],
    [
      'a needed fact that is known by another name',
      (text: string) => text.replace('it.actBy', 'it.known.actByWhen'),
      'placeholder known.actByWhen',
    ],
    ['no subject', (text: string) => text.replace('Subject: ', ''), 'Subject'],
    [
      'no URL',
      (text: string) => text.replace("<%~ it.part('lines') %>", ''),
      'https://site.example/1.jpg',
    ],
    [
      'broken syntax',
      (text: string) => text.replace('<%= it.recipient %>', '<% for ( { %>'),
      'en/host.eta',
    ],
    [
      'a letter without words',
      (text: string) => text.replace('=== media: reminder', '=== harmful: answer'),
      'twice',
    ],
    [
      'a letter left out',
      (text: string) => text.slice(0, text.indexOf('=== media: reminder')),
      '"media: reminder" has no words',
    ],
    [
      'a letter that is never written',
      (text: string) => `${text}\n=== media: escalation\nSubject: x\n`,
      'no letter "media: escalation"',
    ],
    [
      'a step that does not exist',
      (text: string) => text.replace('=== media: first', '=== media: start'),
      'start is none of',
    ],
  ])('with %s are refused at the start', (_what, change, says) => {
    own('en/host.eta', change)
    const start = () => createLetterWriter(directory)
    expect(start).toThrow(says)
    expect(start).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  })

  it('of an earlier version, which nothing uses any more, are refused and named', () => {
    own('sv/notice.eta', (text) => text)
    expect(() => createLetterWriter(directory)).toThrow('sv/notice.eta is used by nothing')
  })
})
