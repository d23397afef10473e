import type { Recipient } from '../../route/index.ts'
import type { LadderStep, Nature } from '../notice.ts'

/** Whoever objects to what was told of a case: nobody whom a rule of the policy tells. */
const OBJECTOR = 'objector'

/** Whom letters are written to. INTERPOL is told by files alone. */
export const LETTER_ROLES = [
  'police',
  'host',
  'proxy',
  'platform',
  'hotline',
  'social-services',
  'site-owner',
  'registrar',
  'upstream',
  'regulator',
  OBJECTOR,
] as const satisfies readonly (Recipient['role'] | typeof OBJECTOR)[]
export type LetterRole = (typeof LETTER_ROLES)[number]

/**
 * What a letter is about. `media`: a picture or film. `account`: what an account does to a child, be there
 * media or not. `harmful`: what is no crime. `words`: what somebody told in words, without a URL.
 */
export const MATTERS = ['media', 'account', 'harmful', 'words'] as const
export type Matter = (typeof MATTERS)[number]

/**
 * `first`: the recipient hears of it for the first time. `escalation`: the same, because whoever was told
 * before did nothing. `came-back`: it was gone, as that recipient knows, and is there again. `gone`: it is
 * gone and closed. `answer`: a person answers a question. `confirmation`: what the police said in a reply was heeded.
 * `upheld`, `rejected`: what was decided on an objection.
 */
export const LETTER_STEPS = [
  'first',
  'reminder',
  'escalation',
  'came-back',
  'correction',
  'gone',
  'answer',
  'confirmation',
  'upheld',
  'rejected',
] as const
export type LetterStep = (typeof LETTER_STEPS)[number]

export interface LetterKind {
  readonly role: LetterRole
  readonly matter: Matter
  readonly step: LetterStep
}

const TOLD = ['first', 'came-back', 'correction', 'gone', 'answer'] as const
const ASKED = ['first', 'reminder', 'came-back', 'correction', 'gone', 'answer'] as const
const LATER = ['escalation', 'correction', 'gone', 'answer'] as const
const NONE = [] as const
const POLICE = [...TOLD, 'confirmation'] as const
const DECIDED = ['upheld', 'rejected'] as const

/**
 * Every letter that there is. Each has words of its own in each language (`templates/LANGUAGE/ROLE.eta`); what
 * is not here is not written to anybody, and a notice that would need it waits for a person.
 */
const CATALOGUE: Readonly<Record<LetterRole, Readonly<Record<Matter, readonly LetterStep[]>>>> = {
  // What is no crime is the business of whoever hosts it, and of no authority.
  police: { media: POLICE, account: POLICE, harmful: NONE, words: ['first'] },
  host: { media: ASKED, account: ASKED, harmful: ASKED, words: NONE },
  proxy: { media: ASKED, account: ASKED, harmful: ASKED, words: NONE },
  platform: { media: ASKED, account: ASKED, harmful: ASKED, words: NONE },
  // A hotline is not reminded: after a time the host in its country is told.
  hotline: { media: TOLD, account: TOLD, harmful: NONE, words: NONE },
  'social-services': { media: TOLD, account: TOLD, harmful: NONE, words: NONE },
  // Nobody but the platform can act upon an account of it.
  'site-owner': { media: LATER, account: NONE, harmful: NONE, words: NONE },
  registrar: { media: LATER, account: NONE, harmful: NONE, words: NONE },
  upstream: { media: LATER, account: NONE, harmful: NONE, words: NONE },
  regulator: { media: LATER, account: LATER, harmful: NONE, words: NONE },
  objector: { media: DECIDED, account: DECIDED, harmful: DECIDED, words: NONE },
}

export function isWritten(role: string, matter: Matter, step: LetterStep): boolean {
  const known = LETTER_ROLES.find((one) => one === role)
  return known !== undefined && CATALOGUE[known][matter].includes(step)
}

/** All of them, recipient by recipient. */
export function allKinds(): readonly LetterKind[] {
  return LETTER_ROLES.flatMap((role) =>
    MATTERS.flatMap((matter) => CATALOGUE[role][matter].map((step) => ({ role, matter, step }))),
  )
}

export function matterOf(nature: Nature, { account }: { readonly account: boolean }): Matter {
  if (nature === 'harmful') return 'harmful'
  return account ? 'account' : 'media'
}

/** The letter of a step; whether a first one is about what came back is another question. */
export function letterStep(step: LadderStep, cameBack: boolean): LetterStep {
  switch (step) {
    case 'notice':
      return cameBack ? 'came-back' : 'first'
    case 'reminder':
    case 'correction':
    case 'answer':
    case 'confirmation':
      return step
    case 'removed':
      return 'gone'
    case 'site-owner':
    case 'registrar':
    case 'upstream':
    case 'regulator':
      return 'escalation'
  }
}
