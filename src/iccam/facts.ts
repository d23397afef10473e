import { type Case, type Cases, isDecided } from '../cases/index.ts'
import type { Tips } from '../intake/index.ts'
import type { AssessmentBeside, Takedown } from '../takedown/index.ts'
import { type Transaction, unlessDamaged, unlessGone } from '../store/index.ts'
import type { Hosting } from './content.ts'
import type { IccamEntry } from './entries.ts'
import type { ContentFacts } from './next-act.ts'
import type { ClassName } from './terms.ts'

/** Nothing is known, so nothing is said. */
const NOTHING: ContentFacts = { classification: null, hosting: null, told: [], end: null }
/** Of several media at one URL the weightiest says what the URL is. */
const BY_WEIGHT: readonly ClassName[] = ['baseline', 'national', 'ignore']

export interface FactsParts {
  readonly cases: Pick<Cases, 'read' | 'hostOf'>
  readonly tips: Pick<Tips, 'read'>
  readonly takedown: { readonly exports: Pick<Takedown['exports'], 'actionsOf'> }
  readonly assessment: AssessmentBeside
}

/** What became of the cases of a content, read in the transaction that says it. */
export function createFacts({ cases, tips, takedown, assessment }: FactsParts) {
  return {
    /** Undefined where all of it was erased. */
    async of(tx: Transaction, entry: IccamEntry): Promise<ContentFacts | undefined> {
      const all: ContentFacts[] = []
      for (const id of (await casesOf(tx, entry)) ?? []) {
        const found = await unlessGone(unlessDamaged(cases.read(tx, id)))
        if (found === undefined) return undefined
        all.push(await ofCase(tx, found))
      }
      const [first] = all
      if (first === undefined) return NOTHING
      // All of it is gone, or all of it is legal, or nothing is said of an end.
      const end = all.every((one) => one.end === first.end) ? first.end : null
      const isDecidedOfAll = all.every(({ classification }) => classification !== null)
      const classes = BY_WEIGHT.filter((name) => all.some((one) => one.classification === name))
      return {
        classification: isDecidedOfAll ? (classes[0] ?? null) : null,
        hosting: first.hosting,
        told: first.told.filter((who) => all.every(({ told }) => told.includes(who))),
        end,
      }
    },

    casesOf,

    /** The pseudonym of whoever assessed it, where it is known. */
    async analystOf(tx: Transaction, entry: IccamEntry): Promise<string | undefined> {
      const [caseId] = (await casesOf(tx, entry)) ?? []
      return caseId && (await assessment(tx, await cases.read(tx, caseId))).analyst
    },
  }

  /** None while nobody has assessed it; undefined where its tip was erased. */
  async function casesOf(
    tx: Transaction,
    { clear }: IccamEntry,
  ): Promise<readonly string[] | undefined> {
    if (clear.caseId !== null) return [clear.caseId]
    const tip =
      clear.tipId === null ? undefined : await unlessGone(unlessDamaged(tips.read(tx, clear.tipId)))
    if (tip === undefined) return undefined
    return tip.caseIds ?? (tip.caseId === undefined ? [] : [tip.caseId])
  }

  async function ofCase(tx: Transaction, entry: Case): Promise<ContentFacts> {
    const host = await cases.hostOf(tx, entry.id)
    const hosting: Hosting | null = host && {
      country: host.country,
      address: host.addresses[0] ?? null,
      provider: host.name === '' ? null : host.name,
    }
    const isLegal = entry.status === 'not-illegal' || entry.classification === 'Harmful'
    if (isLegal && entry.status !== 'disputed' && entry.status !== 'retracted') {
      const isSaid = entry.status === 'not-illegal' || isDecided(entry)
      return isSaid ? { classification: 'ignore', hosting, told: [], end: 'notIllegal' } : NOTHING
    }
    // What is disputed or was taken back for another reason is not what it was said to be; nothing is said of it.
    if (['disputed', 'retracted'].includes(entry.status) || !isDecided(entry)) return NOTHING
    const said = (await takedown.exports.actionsOf(tx, entry)).map(({ action }) => action)
    return {
      classification: classOf(entry),
      hosting,
      told: [
        ...(said.includes('ReportedToLEA') ? (['police'] as const) : []),
        ...(said.includes('ReportedToISP') ? (['provider'] as const) : []),
      ],
      end: endOf(entry),
    }
  }
}

export type FactsReader = ReturnType<typeof createFacts>

function classOf({ classification }: Case): ClassName | null {
  if (classification === 'Baseline') return 'baseline'
  return classification === 'National' ? 'national' : 'ignore'
}

function endOf({ status }: Case): ContentFacts['end'] {
  return status === 'removed' || status === 'unavailable' || status === 'moved' ? status : null
}
