import type { Audit } from '../audit/index.ts'
import { canonicalUrl, defined, isoTime, type UrlRule } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  type Digester,
  type IndexPlace,
  keySpace,
  KeptFacts,
  type Row,
  table,
  take,
  type Transaction,
} from '../store/index.ts'
import { assessmentTable } from './assessment-records.ts'
import { urlPlace } from './case-table.ts'
import { isWaiting, type Panel, type PanelRule, type PanelWord, stateAfter } from './panel.ts'
import type { AssessmentInput } from './case.ts'

type PanelClear = Pick<Panel, 'state' | 'openedAt' | 'endedAt' | 'caseId'>
type PanelSealed = Omit<Panel, 'id' | keyof PanelClear>
type PanelRow = Row<PanelClear, PanelSealed>

export const panelTable = table<PanelClear, PanelSealed>(keySpace('panel')).with({
  by: {
    waiting: { keys: keySpace('panel-waiting'), at: ({ clear }) => isWaiting(clear) && [] },
    /** The one that waits at a canonical URL. */
    url: {
      unique: true,
      keys: keySpace('panel-url'),
      at: ({ clear, sealed }, sealer) => isWaiting(clear) && urlPlace(sealer, sealed.url),
    },
    /** Those that ended with a word that counts, by the files that were seen when words were given. */
    shown: {
      keys: keySpace('panel-shown'),
      atEach: ({ clear: { state }, sealed: { words } }, sealer) => {
        if (state !== 'agreed' && state !== 'decided') return []
        const shown = new Set(words.flatMap((word) => word.shown ?? []))
        return [...shown].map((sha256) => shownPlace(sealer, sha256))
      },
    },
    case: {
      keys: keySpace('panel-case'),
      at: ({ clear: { caseId } }) => caseId !== null && [caseId],
    },
  },
})

function shownPlace(sealer: Digester, sha256: string): IndexPlace {
  return [sealer.digest('panel-shown', sha256)]
}

/** What of panels figures count: the first two assessments, where the second was waited for. */
export interface PanelFacts {
  readonly id: string
  /** When the second was given. */
  readonly at: string
  readonly first: Pick<PanelWord, 'by' | 'classification'>
  readonly second: Pick<PanelWord, 'by' | 'classification'>
}

function factsOf({ id, clear, sealed }: PanelRow): PanelFacts | undefined {
  const [first, second] = sealed.words
  if (clear.state === 'overtaken' || first === undefined || second === undefined) return undefined
  const said = ({ by, classification }: PanelWord) => ({ by, classification })
  return { id, at: second.at, first: said(first), second: said(second) }
}

/**
 * Assessments that are asked of several people, each without sight of the others. What was said is sealed, also on the
 * disk: nothing but the state and times can be read there. Who may give which is asked before.
 */
export interface Panels {
  /** The one that waits at a URL. Throws URL_INVALID. */
  at(tx: Transaction, url: string): Promise<Panel | undefined>
  /** Throws NOT_FOUND. */
  read(tx: Transaction, panelId: string): Promise<Panel>
  /** Those that wait, the oldest first. */
  waiting(tx: Transaction, after?: string): AsyncIterable<Panel>
  /**
   * One more assessment: of the panel that waits there, or of a new one.
   *
   * @param ends Nobody else is waited for, whatever was said
   */
  give(
    tx: Transaction,
    by: string,
    input: AssessmentInput,
    rule: PanelRule,
    ends: boolean,
  ): Promise<Panel>
  /** What it came to: each assessment is kept among all others, with its author. */
  settle(tx: Transaction, by: string, panelId: string, caseId: string | null): Promise<Panel>
  /** Its only author takes the word back. Throws NOT_FOUND, CONFLICT. */
  withdraw(tx: Transaction, by: string, panelId: string, reason: string): Promise<Panel>
  /** Those that ended with a word that counts on what showed this file when one of the words was given. */
  ofFile(tx: Transaction, sha256: string): Promise<readonly Panel[]>
  facts(tx: Transaction, tell: (one: PanelFacts) => void): Promise<void>
  /** Ids of those that ended without a case before a time, for retention. */
  before(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** Removes it for good, with assessments that no case keeps. */
  erase(tx: Transaction, panelId: string): Promise<void>
}

export function createPanels(
  { clock, newId, sealer }: Context,
  audit: Audit,
  rules: readonly UrlRule[],
): Panels {
  const panels = panelTable(sealer)
  const kept = new KeptFacts(panels, factsOf)
  const assessments = assessmentTable(sealer)
  const now = () => isoTime(clock.now())

  async function rowAt(tx: Transaction, url: string): Promise<PanelRow | undefined> {
    return panels.by.url.find(tx, urlPlace(sealer, canonicalUrl(url, rules)))
  }

  function wordOf(by: string, input: AssessmentInput): PanelWord {
    const { classification, reason, answers = [], circumstances = {}, tipId = null } = input
    const { shown } = input
    const said = { tipId, classification, reason, answers, circumstances }
    return { id: newId(), by, at: now(), ...said, ...defined({ shown }) }
  }

  return {
    async at(tx, url) {
      const row = await rowAt(tx, url)
      return row && panelOf(row)
    },

    read: async (tx, panelId) => panelOf(await panels.need(tx, panelId)),

    async *waiting(tx, after) {
      for await (const row of panels.by.waiting.rows(tx, [], { after })) yield panelOf(row)
    },

    async give(tx, by, input, rule, ends) {
      const word = wordOf(by, input)
      const before = await rowAt(tx, input.url)
      const words = [...(before?.sealed.words ?? []), word]
      const kept = before?.sealed.rule ?? rule
      const state = ends ? 'overtaken' : stateAfter(kept, words)
      const endedAt = isWaiting({ state }) ? null : word.at
      // Whose word it is, is found by nothing that others are shown of the panel.
      audit.append(tx, { by, action: 'assessment.give', subject: word.id })
      if (before !== undefined) {
        const clear = { ...before.clear, state, endedAt }
        const after = { ...before, clear, sealed: { ...before.sealed, words } }
        panels.change(tx, before, after)
        return panelOf(after)
      }
      const { url: rawUrl, pageUrl = null } = input
      const url = canonicalUrl(rawUrl, rules)
      const row = {
        id: newId(),
        clear: { state, openedAt: word.at, endedAt, caseId: null },
        sealed: { url, rawUrl, pageUrl, rule, words },
      }
      panels.add(tx, row)
      return panelOf(row)
    },

    async settle(tx, by, panelId, caseId) {
      const row = await panels.need(tx, panelId)
      const { url, pageUrl, words } = row.sealed
      for (const [index, word] of words.entries()) {
        const { id, by: author, at, tipId, classification, reason, answers } = word
        const panel = { id: panelId, number: index + 1 }
        assessments.add(tx, {
          id,
          clear: { classification, by: author, at, caseId, tipId, panel },
          sealed: { url, pageUrl, reason, answers },
        })
      }
      const after = { ...row, clear: { ...row.clear, caseId } }
      panels.change(tx, row, after)
      const given = words.map(({ id }) => id).join(' ')
      const detail = { state: row.clear.state, case: caseId, given }
      audit.append(tx, { by, action: 'assessment.settle', subject: panelId, detail })
      return panelOf(after)
    },

    async withdraw(tx, by, panelId, reason) {
      const row = await panels.need(tx, panelId)
      const isOnly = row.clear.state === 'second' && row.sealed.words[0]?.by === by
      if (!isOnly) {
        const message = { says: 'assessment-not-yours' } as const
        throw new HindraError('CONFLICT', message)
      }
      const after = { ...row, clear: { ...row.clear, state: 'withdrawn', endedAt: now() } as const }
      panels.change(tx, row, after)
      audit.append(tx, { by, action: 'assessment.withdraw', subject: panelId, detail: { reason } })
      return panelOf(after)
    },

    async ofFile(tx, sha256) {
      const found = await take(panels.by.shown.rows(tx, shownPlace(sealer, sha256)))
      return found.map(panelOf)
    },

    facts: (tx, tell) => kept.each(tx, tell),

    async before(tx, beforeIso, limit) {
      const found = panels.clearRows(tx)
      const isDue = ({ clear }: Pick<PanelRow, 'clear'>) =>
        clear.caseId === null && clear.endedAt !== null && clear.endedAt < beforeIso
      return (await take(found, limit, isDue)).map(({ id }) => id)
    },

    async erase(tx, panelId) {
      const row = await panels.need(tx, panelId)
      for (const { id } of row.sealed.words) {
        const kept = await assessments.get(tx, id)
        if (kept?.clear.caseId === null) assessments.remove(tx, kept)
      }
      panels.remove(tx, row)
    },
  }
}

function panelOf({ id, clear, sealed }: PanelRow): Panel {
  return { id, ...clear, ...sealed }
}
