import { channelText } from '../channels/index.ts'
import type { RouteExplanation } from '../takedown/index.ts'
import type { Recipient } from '../route/index.ts'
import { printable, table } from './output.ts'

/** A route for people: the host, each rule that was tried, and who is told. */
export function explanationText(shown: RouteExplanation): string {
  const { facts, trials, decision, problem, policy } = shown
  const { country, hostName } = facts
  const place = country === null ? 'in a country that is not known' : `in ${country}`
  return [
    `host      ${printable(hostName)} (${facts.host}), ${place}`,
    ...(problem === null ? [] : [`          nobody was found: ${printable(problem)}`]),
    `policy    ${policy}`,
    '',
    ...trials.map(
      ({ rule, fits, because }) => `${fits ? '→' : ' '} ${rule}: ${because.join('; ')}`,
    ),
    '',
    `decided by ${decision.rule}`,
    `  ${decision.why}`,
    '',
    ...(problem === null ? [] : untold(hostName)),
    people('told', decision.recipients),
    ...(decision.ladder.length === 0 ? [] : ['', people('later', decision.ladder)]),
    ...decision.unreachable.map((reason) => `not told  ${printable(reason)}`),
    ...evidence(shown),
  ].join('\n')
}

/** A case of which nobody was found is tried again, and nobody at all is told of it meanwhile. */
function untold(hostName: string): readonly string[] {
  const name = printable(hostName)
  return [
    'Until somebody is found for the host, nobody is told. Who knows better says so:',
    `  hindra trace override ${name} --mail ADDRESS --country CC --reason TEXT`,
    'Then:',
    '',
  ]
}

function people(heading: string, recipients: readonly Recipient[]): string {
  return table(
    [heading, 'name', 'by', 'language', 'priority', 'waits for'],
    recipients.map((recipient) => [
      ...[recipient.role, recipient.name, channelText(recipient.channel)],
      ...[recipient.language, recipient.priority, waits(recipient)],
    ]),
  )
}

function waits({ hold, needsApproval }: Recipient): string {
  const reasons = [
    ...(hold === null ? [] : [`the police, ${hold.timeoutHours} h at most`]),
    ...(needsApproval ? ['approval of the contact'] : []),
  ]
  return reasons.join('; ') || 'nothing'
}

function evidence({ host }: RouteExplanation): readonly string[] {
  if (host === null) return []
  const rows = host.evidence.map(({ at, step, question, answer }) => [at, step, question, answer])
  return ['', table(['traced at', 'step', 'question', 'answer'], rows)]
}
