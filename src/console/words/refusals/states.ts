import { own } from '../../../core/index.ts'
import { cases } from '../cases.ts'
import { notices } from '../notices.ts'
import { tip } from '../tip.ts'

/** What a state is called on the pages; a name that no page knows stays as it is. */
export function caseState(status: string): string {
  return own(cases.sv.statuses, status) ?? status
}

export function tipState(status: string): string {
  return own(tip.sv.statuses, status) ?? status
}

export function noticeState(state: string): string {
  return own(notices.sv.states, state) ?? state
}
