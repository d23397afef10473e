import type { Classification } from '../register/index.ts'
import type { KeptAnswer } from './answers.ts'
import type { Circumstances } from './case.ts'

/**
 * Where a panel stands. `second`, `third`: it waits for that person's assessment. `agreed`: the second was equal to the
 * first. `decided`: they differed, and the third counts. `overtaken`: a child is in danger now, and nobody was waited for.
 * `withdrawn`: its first author took it back before anybody else had assessed.
 */
export type PanelState = 'second' | 'third' | 'agreed' | 'decided' | 'overtaken' | 'withdrawn'

/** What a panel began under, and keeps whatever becomes of the file. */
export interface PanelRule {
  /** Of the file, with a digest of its content. */
  readonly version: string
  /** Questions whose answers must be equal, beside the class. */
  readonly questions: readonly string[]
}

/** One person's assessment of what a panel is about, given without sight of the others. */
export interface PanelWord {
  readonly id: string
  /** Principal id of its author. */
  readonly by: string
  /** UTC ISO 8601. */
  readonly at: string
  readonly tipId: string | null
  readonly classification: Classification
  readonly reason: string
  readonly answers: readonly KeptAnswer[]
  readonly circumstances: Partial<Circumstances>
  /** SHA-256 of the file that Hindra itself fetched at the URL when it was given; absent where it saw none. */
  readonly shown?: string
}

/** Up to three people who assess what is at one URL, each without sight of the others. */
export interface Panel {
  readonly id: string
  readonly state: PanelState
  readonly openedAt: string
  readonly endedAt: string | null
  /** What the assessments opened; null while they wait, and where nothing was illegal. */
  readonly caseId: string | null
  /** Canonical, and as the first author wrote it. */
  readonly url: string
  readonly rawUrl: string
  readonly pageUrl: string | null
  readonly rule: PanelRule
  /** In order of giving; the last one counts. */
  readonly words: readonly PanelWord[]
}

export function isWaiting({ state }: Pick<Panel, 'state'>): boolean {
  return state === 'second' || state === 'third'
}

/** Where a panel stands when these words have been given. */
export function stateAfter(rule: PanelRule, words: readonly PanelWord[]): PanelState {
  const [first, second, third] = words
  if (first === undefined || second === undefined) return 'second'
  if (third !== undefined) return 'decided'
  return areEqual(rule, first, second) ? 'agreed' : 'third'
}

/** Two words of one panel that say the same, the later of which is the one that counts. */
export type EqualWords = readonly [PanelWord, PanelWord]

/** Undefined while others are waited for, where nobody was, and where the last one says what nobody else said. */
export function equalWordsOf({
  state,
  rule,
  words,
}: Pick<Panel, 'state' | 'rule' | 'words'>): EqualWords | undefined {
  if (state !== 'agreed' && state !== 'decided') return undefined
  const last = words.at(-1)
  const other = last && words.slice(0, -1).find((word) => areEqual(rule, word, last))
  return last && other && [other, last]
}

/** Whether class and each answer that the rule asks for are the same; what both left open is. */
function areEqual(
  { questions }: PanelRule,
  one: Pick<PanelWord, 'classification' | 'answers'>,
  other: Pick<PanelWord, 'classification' | 'answers'>,
): boolean {
  if (one.classification !== other.classification) return false
  return questions.every((question) => answerOf(one, question) === answerOf(other, question))
}

/** The terms of an answer as one text, in whatever order they were given; undefined where it was left open. */
function answerOf({ answers }: Pick<PanelWord, 'answers'>, question: string): string | undefined {
  return answers
    .find((one) => one.question === question)
    ?.answer.toSorted()
    .join('+')
}

/** What any of them knows of the case: what one says is so stands, and of two words the later. */
export function circumstancesOf(words: readonly PanelWord[]): Partial<Circumstances> {
  const all: Partial<Circumstances>[] = words.map(({ circumstances }) => circumstances)
  return all.reduce((known, told) => ({ ...known, ...said(known, told) }), {})
}

/** What is new: no later word unsays that something is so, and none that it left open. */
function said(known: Partial<Circumstances>, told: Partial<Circumstances>): Partial<Circumstances> {
  const entries = Object.entries(told) as [keyof Circumstances, string | boolean | null][]
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== null && (value !== false || known[name] !== true)),
  )
}
