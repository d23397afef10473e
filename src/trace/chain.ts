import { type Clock, isoTime } from '../core/index.ts'
import type { TraceEvidence } from './host.ts'

/** Writes a look-up and its answer into the chain. */
export type Note = (step: string, question: string, answer: string) => void

/** Answers of others go into the case: no page of text, no line breaks. */
const ANSWER_CHARS_MAX = 500

/** What was asked, what was answered and when, so that a notice can be defended. */
export function evidenceChain(clock: Clock): { evidence: TraceEvidence[]; note: Note } {
  const evidence: TraceEvidence[] = []
  return {
    evidence,
    note(step, question, answer) {
      const line = answer.replace(/\s+/g, ' ').slice(0, ANSWER_CHARS_MAX)
      evidence.push({ step, question, answer: line, at: isoTime(clock.now()) })
    },
  }
}
