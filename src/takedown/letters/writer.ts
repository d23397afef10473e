import { Eta } from 'eta'
import { defang } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { LANGUAGES, type Language } from '../notice.ts'
import type { LetterFacts } from './facts.ts'
import { type TemplateFacts, watched } from './holes.ts'
import { allKinds, isWritten, LETTER_ROLES, type LetterKind, type LetterRole } from './kinds.ts'
import { laidOut } from './layout.ts'
import { sampleLetters, UNCONFIRMED } from './samples.ts'
import { checkOwnFiles, keyOf, lettersTo, sharedParts } from './template-files.ts'
import { createWords, type Words } from './words.ts'

export interface LetterText {
  readonly subject: string
  readonly body: string
}

export interface Draft extends LetterText {
  /** Facts that the letter needs and nobody knows; it may leave only where there are none. */
  readonly missing: readonly string[]
  /** Facts that were asked for, for tests and for whoever writes a template. */
  readonly used: readonly string[]
}

export interface LetterWriter {
  /** Drafts a letter, also one that is incomplete. Throws LETTER_UNKNOWN where there is no such letter. */
  draft(facts: LetterFacts): Draft
  /** Throws LETTER_UNKNOWN, LETTER_INCOMPLETE. */
  write(facts: LetterFacts): LetterText
}

const SUBJECT = /^Subject: (.+)\n/

/**
 * The human text of all letters, from the templates that ship with Hindra or those of `directory`, which come
 * first, file by file. Where there are own ones each letter is written with samples here and now: one without
 * words, a placeholder that does not exist, or a letter that would lack what its recipient must have, is
 * INVALID_CONFIG at the start and not a broken mail at night.
 */
export function createLetterWriter(directory?: string): LetterWriter {
  if (directory === undefined) return SHIPPED
  const { check, ...writer } = writerOf(directory)
  for (const facts of sampleLetters()) {
    check(facts)
    check({ ...facts, ...UNCONFIRMED })
  }
  return writer
}

/**
 * Writes by the templates that ship with Hindra, which do not change while a process runs and were checked before they
 * shipped: they are read for the first letter, as most commands write none.
 */
const SHIPPED: LetterWriter = {
  draft: (facts) => shipped().draft(facts),
  write: (facts) => shipped().write(facts),
}
let read: LetterWriter | undefined

function shipped(): LetterWriter {
  read ??= writerOf()
  return read
}

function writerOf(
  directory?: string,
): LetterWriter & { readonly check: (facts: LetterFacts) => void } {
  const eta = new Eta({ autoEscape: false, autoTrim: false })
  const words = createWords()
  for (const language of LANGUAGES) loadLanguage(language)
  return { draft, write, check }

  function write(facts: LetterFacts): LetterText {
    const { missing, subject, body } = draft(facts)
    if (missing.length === 0) return { subject, body }
    throw new HindraError('LETTER_INCOMPLETE', `the letter needs ${missing.join(', ')}`)
  }

  function draft(facts: LetterFacts): Draft {
    const { role, matter, step, language } = facts
    if (!isWritten(role, matter, step)) {
      throw new HindraError(
        'LETTER_UNKNOWN',
        `no letter "${matter}: ${step}" is written to ${role}`,
      )
    }
    const reading: TemplateFacts = { missing: new Set(neededBeyondWords(facts)), used: new Set() }
    const it: object = placeholders(facts, words(facts), reading, (name) =>
      eta.render(`@${language}/${name}`, it),
    )
    const text = eta.render(nameOf(language, facts), it)
    const subject = SUBJECT.exec(text)
    return {
      subject: (subject?.[1] ?? '').replace(/\s+/g, ' ').trim(),
      body: laidOut(text.slice(subject?.[0].length ?? 0)),
      missing: [...reading.missing],
      used: [...reading.used],
    }
  }

  function loadLanguage(language: Language): void {
    refused(`${language}/shared.eta`, () => {
      checkOwnFiles(language, directory)
      for (const [name, text] of sharedParts(language, directory)) {
        eta.loadTemplate(`@${language}/${name}`, text)
      }
    })
    for (const role of LETTER_ROLES) loadLetters(role, language)
  }

  function loadLetters(role: LetterRole, language: Language): void {
    const wanted = allKinds().filter((kind) => kind.role === role)
    refused(`${language}/${role}.eta`, () => {
      const letters = lettersTo(role, language, wanted, directory)
      for (const kind of wanted) {
        eta.loadTemplate(nameOf(language, kind), letters.get(keyOf(kind)) ?? '')
      }
    })
  }

  function check(facts: LetterFacts): void {
    refused(`${facts.language}/${facts.role}.eta`, () => {
      const at = keyOf(facts)
      const { subject, body, missing } = draft(facts)
      if (subject === '') throw new Error(`${at}: its first line is not "Subject: ..."`)
      if (missing.length > 0) throw new Error(`${at}: it needs ${missing.join(', ')}`)
      const said = `${subject} ${body}`.replace(/\s+/g, ' ')
      for (const needed of mustSay(facts)) {
        if (!said.includes(needed)) throw new Error(`${at}: it does not say "${needed}"`)
      }
      for (const secret of mustNotSay(facts)) {
        if (body.includes(secret)) throw new Error(`${at}: it says "${secret}"`)
      }
    })
  }
}

function refused(file: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : 'unreadable'
    throw new HindraError('INVALID_CONFIG', `the template ${file} cannot be used: ${why}`, {
      cause: error,
    })
  }
}

function nameOf(language: Language, kind: LetterKind): string {
  return `@${language}/${kind.role}/${kind.matter}/${kind.step}`
}

/** All that templates may name, below `it`. */
function placeholders(
  facts: LetterFacts,
  words: Words,
  reading: TemplateFacts,
  part: (name: string) => string,
): object {
  const { notices, urlForm, attached } = facts
  const shown = notices.map((line, position) => ({
    ...line,
    number: position + 1,
    url: shownUrl(line.url, urlForm),
    pageUrl: line.pageUrl === null ? null : shownUrl(line.pageUrl, urlForm),
  }))
  const data = {
    ...facts,
    ...words,
    part,
    notices: shown,
    count: notices.length,
    attached: attached.join(', '),
  }
  return watched(data, reading)
}

function shownUrl(url: string, form: LetterFacts['urlForm']): string | null {
  if (form === 'portal') return null
  return form === 'defanged' ? defang(url) : url
}

/** What must be known although no sentence says it: the owner of a site is told once the police agree. */
function neededBeyondWords({ role, step, policeAgreedAt }: LetterFacts): readonly string[] {
  const needsPolice = role === 'site-owner' && step === 'escalation'
  return needsPolice && policeAgreedAt === null ? ['policeAgreedAt'] : []
}

/** Who is told of no URL at all. */
const WITHOUT_URL: readonly LetterRole[] = ['social-services', 'regulator', 'upstream', 'objector']

function mustSay(facts: LetterFacts): readonly string[] {
  const { role, reference, organisation, contact, notices, urlForm, step, answer, hold } = facts
  const { tip, objection } = facts
  const named = organisation === null ? [] : [organisation, contact ?? organisation]
  const always = [reference, ...named]
  if (tip !== null) return [...always, ...tip.lines.map(oneLine)]
  if (objection !== null) return [...always, ...objection.reasons.map(oneLine)]
  if (step === 'answer') return [...always, answer ?? reference]
  if (step === 'confirmation') return [...always, hold?.replyWord ?? reference]
  if (WITHOUT_URL.includes(role) || urlForm === 'portal') return always
  return [...always, ...notices.map(({ url }) => shownUrl(url, urlForm) ?? reference)]
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function mustNotSay({ role, step, notices }: LetterFacts): readonly string[] {
  if (!WITHOUT_URL.includes(role) && step !== 'confirmation') return []
  return notices.flatMap(({ url, pageUrl }) =>
    [url, pageUrl ?? url].flatMap((secret) => [secret, defang(secret)]),
  )
}
