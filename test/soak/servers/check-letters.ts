import { byKey } from './by-key.ts'
import type { Ending, Line } from './history.ts'

/** Letters of one that lost its turn: the one that the relay was being given, and no more. */
const LATE_MAX = 1

type Mail = Extract<Line, { mail: string }>

/**
 * What hosts received: each notice once, by one Message-ID; a letter that came twice is one whose notices say that it
 * may have; nothing but what the house says it sent, and all of that.
 */
export function wrongOfLetters(lines: readonly Line[], ending: Ending): readonly string[] {
  const mails = lines.filter((line) => 'mail' in line)
  const notices = ending.notices.filter(({ channel }) => channel === 'mail')
  const byMessage = byKey(notices, ({ messageId }) => messageId)
  const urls = new Map(ending.cases.map(({ id, url }) => [id, url]))
  const faults: string[] = []

  for (const [message, all] of byKey(mails, ({ mail }) => mail)) {
    const told = byMessage.get(message) ?? []
    if (all.length > 1 && told.some(({ possiblyDoubled }) => !possiblyDoubled))
      faults.push(`${message} came ${all.length} times, and its notices do not say so`)
  }
  const received = byKey(
    mails.flatMap((mail) => mail.urls.map((url) => ({ ...mail, url }))),
    ({ url, to }) => `${url} ${to}`,
  )
  const said = byKey(notices, ({ caseId, recipient }) => `${urls.get(caseId) ?? ''} ${recipient}`)
  for (const [whom, all] of received) {
    const letters = new Set(all.map(({ mail }) => mail))
    const about = said.get(whom) ?? []
    // One that was given up after it may have gone has no Message-ID any more.
    const known = new Set(about.map(({ messageId }) => messageId))
    const unknown = [...letters].filter((message) => !known.has(message))
    const givenUp = about.filter(
      ({ messageId, possiblyDoubled }) => messageId === null && possiblyDoubled,
    )
    if (unknown.length > givenUp.length)
      faults.push(`${whom} was told by ${letters.size} letters of ${about.length} notices`)
  }
  const there = new Set(mails.map(({ mail }) => mail))
  for (const { id, state, step, messageId } of notices) {
    if (state === 'sent' && !there.has(messageId ?? ''))
      faults.push(`the ${step} ${id} is said to be sent, and nobody has it`)
    if (state === 'queued' || state === 'sending') faults.push(`the ${step} ${id} still waits`)
  }
  const told = new Set(notices.map(({ caseId }) => caseId))
  for (const { id, url, status, decision } of ending.cases) {
    const stands = status === 'open' || status === 'in-progress'
    if (stands && decision === 'not-needed' && !told.has(id))
      faults.push(`nobody was told of ${url}`)
  }
  return [...faults, ...sentLate(lines)]
}

/** Whoever lost its turn to another sends at most the letter that was under way. */
function sentLate(lines: readonly Line[]): readonly string[] {
  const turns = lines.filter((line) => 'turn' in line)
  const late = new Map<string, number>()
  for (const mail of lines.filter((line) => 'mail' in line)) {
    const before = turns.findLast(({ at }) => at < mail.at)
    const after = turns.find(({ at }) => at > mail.at)
    // It was the turn of another one before and after: all the while.
    if (before === undefined || before.turn !== after?.turn || before.by === mail.by) continue
    const lost = `${mail.by} ${lostBy(mail, turns)}`
    late.set(lost, (late.get(lost) ?? 0) + 1)
  }
  return [...late]
    .filter(([, letters]) => letters > LATE_MAX)
    .map(([lost, letters]) => `${lost}: ${letters} letters after its turn`)
}

/** The last turn of who sent it. */
function lostBy({ by, at }: Mail, turns: readonly Extract<Line, { turn: string }>[]): string {
  return turns.findLast((turn) => turn.at < at && turn.by === by)?.turn ?? 'never'
}
