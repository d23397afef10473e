import type { Cases } from '../../cases/index.ts'
import { HOUR_MS, own } from '../../core/index.ts'
import { toHindraError } from '../../errors.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Denials } from '../../trace/index.ts'
import type { Envelopes } from '../envelopes.ts'
import type { Errands } from '../errands/errands.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import type { createSettlement } from '../settlement.ts'
import type { AwsStatus } from './aws-status.ts'
import { AWS_OUTCOMES } from './aws-terms.ts'
import type { ReportLog } from './report-log.ts'

const ASKED_A_RUN = 100
/** After so long a person asks them. */
const WAITED_MAX_MS = 14 * 24 * HOUR_MS
const FROM = 'AWS Abuse Signal'

/** Asks what became of the reports that AWS took, and does what follows from it. */
export function createAwsAnswers(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  parts: {
    readonly reports: ReportLog
    /** Absent: nobody is asked any more, so a person is told. */
    readonly status: AwsStatus | undefined
    readonly denials: Pick<Denials, 'add'>
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly inbox: Pick<Inbox, 'note'>
    readonly cases: Cases
    readonly errands: Pick<Errands, 'open'>
    readonly settlement: Pick<ReturnType<typeof createSettlement>, 'bounced'>
    /** Finds the host anew, and queues what follows. Throws NO_CONTACT. */
    readonly retrace: (by: string, caseId: string) => Promise<unknown>
  },
) {
  const { reports, status, denials, outbox, envelopes, inbox, cases, errands } = parts
  const { settlement, retrace } = parts

  return {
    /** Resolves to what went wrong and will be tried again. */
    async collect(by: string): Promise<readonly string[]> {
      const due = await store.transact((tx) => reports.due(tx, ASKED_A_RUN))
      const problems: string[] = []
      for (const { id } of due) {
        const problem = await follow(by, id)
        if (problem !== undefined) problems.push(`report of notice ${id}: ${problem}`)
      }
      return problems
    },
  }

  async function follow(by: string, noticeId: string): Promise<string | undefined> {
    const report = await store.transact((tx) => reports.get(tx, noticeId))
    if (report === undefined) return undefined
    if (report.clear.step === 'elsewhere') return rerouted(by, noticeId)
    const { reportId } = report.sealed
    if (status === undefined || reportId === '') {
      const why =
        reportId === ''
          ? 'AWS took the report and gave it no id that is known here: a person asks them'
          : 'aws.region is not set any more: a person asks AWS what became of the report'
      return store.transact((tx) => tellPerson(tx, by, noticeId, why))
    }
    const answer = await status(reportId)
    const isOld = clock.now() - Date.parse(report.clear.takenAt) > WAITED_MAX_MS
    await store.transact(async (tx) => {
      if ((await reports.get(tx, noticeId)) === undefined) return
      if (answer.kind === 'said') await heed(tx, by, noticeId, answer.word)
      else if (isOld) {
        const why = 'AWS has not said in 14 days what became of the report: a person asks them'
        await tellPerson(tx, by, noticeId, why)
      } else await reports.later(tx, noticeId)
    })
    if (answer.kind === 'said' && own(AWS_OUTCOMES, answer.word)?.does === 'elsewhere') {
      return rerouted(by, noticeId)
    }
    return answer.kind === 'fault' ? answer.why : undefined
  }

  async function heed(tx: Transaction, by: string, noticeId: string, word: string): Promise<void> {
    const row = await outbox.need(tx, noticeId)
    const { caseId, state } = row.clear
    const outcome = own(AWS_OUTCOMES, word)
    if (outcome === undefined) {
      const why = `AWS answered ${word}, which is not known here: a person asks them`
      await tellPerson(tx, by, noticeId, why)
      return
    }
    const says = `${outcome.says} (${word})`
    if (outcome.does === 'read') {
      await tellPerson(tx, by, noticeId, says)
      return
    }
    if (outcome.does === 'elsewhere') {
      inbox.note(tx, by, row, { kind: 'bounce', from: FROM, text: says })
      await deny(tx, row)
      if (state === 'sent' || state === 'acknowledged') await settlement.bounced(tx, by, row, says)
      await reports.elsewhere(tx, noticeId)
      return
    }
    inbox.note(tx, by, row, { kind: 'answer', from: FROM, text: says })
    if (outcome.does === 'acted') acknowledge(tx, by, row)
    await cases.lookSoon(tx, by, caseId, { says: 'form-answered', meaning: outcome.says, word })
    await reports.forget(tx, noticeId)
  }

  async function tellPerson(
    tx: Transaction,
    by: string,
    noticeId: string,
    text: string,
  ): Promise<undefined> {
    const row = await outbox.need(tx, noticeId)
    inbox.note(tx, by, row, { kind: 'answer', from: FROM, text })
    acknowledge(tx, by, row)
    const { caseId, step } = row.clear
    await errands.open(
      tx,
      by,
      { kind: 'reply', about: noticeId, caseId },
      { kind: 'answered', notice: { id: noticeId, step, times: 1 } },
    )
    await reports.forget(tx, noticeId)
  }

  function acknowledge(tx: Transaction, by: string, row: NoticeRow): void {
    if (row.clear.state === 'sent') outbox.change(tx, by, row, { state: 'acknowledged' })
  }

  /** The addresses that the report named: of whatever the host has moved to AWS is asked again. */
  async function deny(tx: Transaction, { id, clear, sealed: { to } }: NoticeRow): Promise<void> {
    const envelope = await envelopes.get(tx, clear.envelopeId ?? '')
    const line = envelope?.sealed.part.notices.find(({ noticeId }) => noticeId === id)
    if (line === undefined || to.channel.kind !== 'http-api') return
    const { hostname } = new URL(line.url)
    denials.add(tx, { api: to.channel.api, name: hostname, addresses: line.addresses })
  }

  async function rerouted(by: string, noticeId: string): Promise<string | undefined> {
    const { caseId } = await store.transact(async (tx) => (await outbox.need(tx, noticeId)).clear)
    let problem: string | undefined
    try {
      await retrace(by, caseId)
    } catch (error) {
      const { code, message } = toHindraError(error)
      problem = `${code}: ${message}`
      // Nobody else is known: a person has been alerted, and the ladder goes on.
      if (code !== 'NO_CONTACT') return problem
    }
    await store.transact((tx) => reports.forget(tx, noticeId))
    return problem
  }
}
