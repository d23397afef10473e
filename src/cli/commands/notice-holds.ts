import type { Command } from 'commander'
import { HindraError } from '../../errors.ts'
import type { HoldChange, NoticeHold, PoliceHold, PoliceMail } from '../../takedown/index.ts'
import { type PagingOptions, paged } from '../help.ts'
import { showPage } from '../list-page.ts'
import { answerNamed } from '../named-people.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { shownText } from './notice-text.ts'

/** What the police say of who may be told when, and what of it waits for a person. */
export function addHoldCommands(notices: Command, shell: Shell): void {
  notices
    .command('hold <id>')
    .description('what the police say: wait until a time, let it go, or forbid it (notice or case)')
    .option(
      '--until <time>',
      'wait: "2026-12-01 12:00" by the clocks of the house, or with an offset',
    )
    .option('--release', 'the host may be told now; also lifts what is forbidden')
    .option(
      '--forbid',
      'the host must not be told, until somebody lifts that; takes a second person',
    )
    .option('--confirm', 'agree to what another person, or the police, proposed')
    .option('--reject', 'what was proposed does not come about')
    .option('--seen', 'the replies that changed nothing were read')
    .option('--reason <text>', 'why, for the record')
    .option('--their-number <number>', 'under which the police know it')
    .action((id: string, options: HoldOptions) =>
      shell.withClient(async (client) => {
        const change = holdChange(options)
        const hold =
          change === undefined
            ? await client.holds.show({ id })
            : await client.holds.change({ id, ...change })
        await answerNamed(shell, client, hold, holdText)
      }),
    )

  paged(notices.command('holds'))
    .description('cases that wait for the police, and what they said that waits for you')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.holds.list, {
          query: { ...query },
          human: holdsText,
          names: client,
          placeOf: ({ caseId }) => caseId,
        })
      }),
    )

  paged(notices.command('police-mails'))
    .description('what the police wrote without citing a letter of ours: find the case yourself')
    .option('--seen <id>', 'you have read this one: it is forgotten here, and stays in the mailbox')
    .action(({ seen, ...query }: PagingOptions & { readonly seen?: string }) =>
      shell.withClient(async (client) => {
        if (seen !== undefined) {
          const mail = await client.policeMails.markSeen({ id: seen })
          shell.output().answer(mail, ({ id }) => `read, and forgotten here: ${id}`)
          return
        }
        await showPage(shell, client.policeMails.list, {
          query: { ...query },
          human: mailsText,
          placeOf: ({ id }) => id,
        })
      }),
    )
}

interface HoldOptions {
  readonly until?: string
  readonly release?: true
  readonly forbid?: true
  readonly confirm?: true
  readonly reject?: true
  readonly seen?: true
  readonly reason?: string
  readonly theirNumber?: string
}

/** What is said of a hold, one of them: to wait until a time, or any other act. */
const HOLD_OPTIONS = ['until', 'release', 'forbid', 'confirm', 'reject', 'seen'] as const

interface Change {
  readonly act: HoldChange['act']
  readonly until: string | undefined
  readonly reason: string | undefined
  readonly theirNumber: string | undefined
}

/** Undefined where nothing is asked but how it stands. Throws INVALID_INPUT for more than one act. */
function holdChange({ reason, theirNumber, ...acts }: HoldOptions): Change | undefined {
  const [first, second] = HOLD_OPTIONS.filter((name) => acts[name] !== undefined)
  if (first === undefined) return undefined
  if (second !== undefined) {
    throw new HindraError('INVALID_INPUT', `--${first} and --${second}: say one of them`)
  }
  const { until } = acts
  return { act: first === 'until' ? 'wait' : first, until, reason, theirNumber }
}

function holdText(hold: PoliceHold): string {
  const { since, longestUntil, ringsAt, proposed = false, unheeded } = hold
  return [
    fields({
      case: hold.caseId,
      ...holdFields(hold),
      since,
      'longest by one person': longestUntil,
      'duty is rung at': ringsAt,
    }),
    ...(proposed
      ? ['Proposed: another person agrees with `hindra notices hold ID --confirm`, or --reject']
      : []),
    ...(unheeded.length === 0 ? [] : [unheededText([hold])]),
  ].join('\n\n')
}

function holdsText(holds: readonly PoliceHold[]): string {
  if (holds.length === 0) return 'nothing waits for the police'
  const asked = holds.filter(({ unheeded }) => unheeded.length > 0)
  return [
    ...(asked.length === 0 ? [] : [unheededText(asked)]),
    table(
      ['case', 'host told at', 'said by', 'at', 'their number', 'asks a second person for'],
      holds.map(({ caseId, state, untilLocal, by, at, theirNumber, proposal }) => [
        ...[caseId, state === 'forbidden' ? 'FORBIDDEN' : untilLocal, by, at, theirNumber],
        proposal &&
          [proposal.wish, proposal.untilLocal, `by ${proposal.by}`].filter(Boolean).join(' '),
      ]),
    ),
  ].join('\n\n')
}

/** What the police (or somebody in their name) wrote, and nothing came of it. */
function unheededText(holds: readonly PoliceHold[]): string {
  const rows = holds.flatMap(({ caseId, unheeded }) =>
    unheeded.map(({ at, why, from, said, hostToldAt }) => [
      ...[caseId, at, why, hostToldAt, from, printable(said.split('\n')[0] ?? '')],
    ]),
  )
  const read =
    'Call them where it matters, then say that you have read it: hindra notices hold CASE --seen'
  const heads = ['case', 'at', 'why', 'host told at', 'from', 'said']
  return [`REPLIES THAT CHANGED NOTHING, and wait for you:\n${table(heads, rows)}`, read].join('\n')
}

/** What holds it, until when, who said so, and their number. */
export function holdFields(hold: NoticeHold | null) {
  if (!hold) return {}
  const { proposal } = hold
  return {
    'held for': hold.state === 'forbidden' ? 'the police forbid it' : 'the police',
    'host told at': hold.untilLocal ?? 'not until a person lifts that',
    'said by': `${hold.by} (${hold.voice}) at ${hold.at}`,
    'because of': hold.reason,
    'their number': hold.theirNumber,
    'a second person is asked':
      proposal === null
        ? null
        : [proposal.wish, proposal.untilLocal, `by ${proposal.by}`].filter(Boolean).join(' '),
  }
}

/** Unproven: whoever forges an address can write it. */
function mailsText(mails: readonly PoliceMail[]): string {
  if (mails.length === 0) return 'the police wrote nothing of which nobody knows the case'
  const shown = mails.map(({ id, at, why, proof, from, subject, text }) =>
    [fields({ id, at, from, subject, why, proof }), ...(text === '' ? [] : [shownText(text)])].join(
      '\n\n',
    ),
  )
  return [...shown, READ].join('\n\n')
}

const READ =
  'Nothing was changed by these. Find the case (our number may stand in the subject), call them where it ' +
  'matters, say what they want with `hindra notices hold CASE ...`, then `hindra notices police-mails --seen ID`'
