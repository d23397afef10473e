import type { Command } from 'commander'
import { type Channel, CHANNEL_KINDS } from '../../channels/index.ts'
import type { BatchReport } from '../../batches/index.ts'
import type { Client } from '../../client/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { NoticeDetail } from '../../operations/index.ts'
import type { Notice, NoticeState, Stop } from '../../takedown/index.ts'
import { NOTICE_STATES } from '../../takedown/terms.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { actOn, type ManyOptions, withMany } from '../many.ts'
import { answerNamed } from '../named-people.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { addHoldCommands, holdFields } from './notice-holds.ts'
import { addLetterCommands } from './notice-letters.ts'
import { asTable, shownText } from './notice-text.ts'

interface FilterOptions {
  readonly state?: NoticeState
  readonly channel?: Channel['kind']
  readonly case?: string
  readonly host?: string
  readonly undelivered?: true
}

type ListOptions = PagingOptions & FilterOptions

interface ActOptions extends FilterOptions, ManyOptions {
  readonly reason?: string
}

/** Which notices are meant, of the list and of what is done to many. */
function noticeFilters(command: Command): Command {
  return command
    .option('--state <state>', NOTICE_STATES.join(', '))
    .option('--channel <kind>', CHANNEL_KINDS.join(', '))
    .option('--case <id>', 'of one case')
    .option('--host <words>', 'words of the name of who is told')
    .option('--undelivered', 'only what reached nobody and waits for you')
}

/** One act on one notice, or on many for one reason. Throws INVALID_INPUT. */
function actOnNotices(
  shell: Shell,
  done: string,
  ids: readonly string[],
  { reason, dryRun, count, case: caseId, undelivered, ...filter }: ActOptions,
  acts: {
    readonly one: (id: string) => Promise<Notice>
    readonly many: (input: Parameters<Client['notices']['markToldMany']>[0]) => Promise<BatchReport>
  },
): Promise<void> {
  const query = { ...filter, ...defined({ caseId, undelivered: undelivered && 'true' }) }
  const targets = { ids, query, ...defined({ dryRun, count }) }
  return actOn(shell, done, targets, {
    async one(id) {
      shell.output().answer(await acts.one(id), (shown) => asTable([shown]))
    },
    many(which) {
      if (reason === undefined) {
        throw new HindraError('INVALID_INPUT', '--reason: say why, once for all of them')
      }
      return (how) => acts.many({ ...which, ...how, said: { reason } })
    },
  })
}

export function define(notices: Command, shell: Shell): void {
  withExamples(notices, [
    'hindra notices --undelivered',
    'hindra notices show NOTICE_ID',
    'hindra notices preview --recipient police --kind media --step first --language sv',
    'hindra notices send',
    'hindra notices list --state held',
    'hindra notices hold CASE_ID --until "2026-12-01 12:00" --their-number 5000-K1-26',
    'hindra notices stop --reason "wrong list imported"',
  ])

  paged(noticeFilters(notices.command('list', { isDefault: true })))
    .description('a page of notices, oldest first')
    .action(({ case: caseId, undelivered, ...query }: ListOptions) =>
      shell.withClient(async (client) => {
        const waits = undelivered === true
        const filter = waits ? { undelivered: 'true' } : {}
        const isFirst = query.after === undefined && !waits
        const waiting = isFirst ? await client.notices.list({ undelivered: 'true', caseId }) : []
        await showPage(shell, client.notices.list, {
          query: { ...query, caseId, ...filter },
          human: (shown) =>
            waits && shown.length === 0
              ? 'nothing waits for you: all that was sent reached somebody, or was set aside'
              : [...unheard(waiting), waits ? unheard(shown) : asTable(shown)].flat().join('\n\n'),
          placeOf: ({ id }) => id,
          names: client,
        })
      }),
    )

  notices
    .command('show <id>')
    .description('one notice with its text')
    .action((id: string) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.notices.show({ id }), asText)
      }),
    )

  notices
    .command('send')
    .description('traces, composes and sends what is due now; `hindra serve` does it by itself')
    .action(() =>
      shell.withClient(async (client) => {
        const report = await client.notices.send()
        shell.output().answer(report, ({ traced, queued, mailsSent, postsSent, noticesSent }) =>
          fields({
            traced,
            queued,
            'mails sent': mailsSent,
            'posts sent': postsSent,
            'notices sent': noticesSent,
          }),
        )
        if (report.isQuiet) {
          shell
            .output()
            .note('quiet hours: notices wait for their end (takedown.quietFrom, quietWeekends)')
        }
        for (const problem of report.problems) shell.output().note(printable(problem))
        if (report.problems.length > 0) shell.exitWith(1)
      }),
    )

  withMany(noticeFilters(notices.command('release [ids...]')))
    .description('lets notices go that wait for the police')
    .option('--reason <text>', 'of many: why, for the record')
    .action((ids: readonly string[], options: ActOptions) =>
      shell.withClient((client) =>
        actOnNotices(shell, 'released', ids, options, {
          one: (id) => client.notices.release({ id }),
          many: (input) => client.notices.releaseMany(input),
        }),
      ),
    )

  addHoldCommands(notices, shell)

  notices
    .command('retry <id>')
    .description('sends again what reached nobody')
    .option('--mail <address>', 'to this address from now on')
    .action((id: string, to: { mail?: string }) =>
      shell.withClient(async (client) => {
        const again = await client.notices.retry({ id, ...to })
        shell
          .output()
          .answer(again, (shown) =>
            [
              asTable([shown]),
              'It goes out with the next run of `hindra serve`, or now: hindra notices send',
            ].join('\n\n'),
          )
      }),
    )

  notices
    .command('set-aside <id>')
    .description('what reached nobody need not arrive')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, why: { reason: string }) =>
      shell.withClient(async (client) => {
        const done = await client.notices.setAside({ id, ...why })
        shell
          .output()
          .answer(done, (shown) =>
            [
              asTable([shown]),
              `Set aside: ${printable(why.reason)}. Nobody is alerted of it any more.`,
              'It can still be sent: hindra notices retry ID',
            ].join('\n'),
          )
      }),
    )

  withMany(noticeFilters(notices.command('told [ids...]')))
    .description('a person told them by hand: by telephone, or through a portal')
    .option('--reason <text>', 'of many: how, for the record')
    .action((ids: readonly string[], options: ActOptions) =>
      shell.withClient((client) =>
        actOnNotices(shell, 'told', ids, options, {
          one: (id) => client.notices.markTold({ id }),
          many: (input) => client.notices.markToldMany(input),
        }),
      ),
    )

  notices
    .command('stop')
    .description('emergency stop: from the next mail or POST on nothing leaves')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((why: { reason: string }) =>
      shell.withClient(async (client) => {
        await answerNamed(shell, client, await client.notices.stop(why), stopText)
      }),
    )

  notices
    .command('resume')
    .description('ends the emergency stop')
    .action(() =>
      shell.withClient(async (client) => {
        const answer = await client.notices.resume()
        shell
          .output()
          .answer(answer, ({ wasStopped }) =>
            wasStopped ? 'notices leave again' : 'nothing was stopped',
          )
      }),
    )

  notices
    .command('status')
    .description('whether notices are stopped')
    .action(() =>
      shell.withClient(async (client) => {
        const answer = await client.notices.stopped()
        await answerNamed(shell, client, answer, ({ stop }) =>
          stop ? stopText(stop) : 'notices leave',
        )
      }),
    )

  addLetterCommands(notices, shell)
}

function stopText({ by, at, reason }: Stop): string {
  return `nothing leaves since ${at}: ${printable(reason)} (${by})`
}

/** What reached nobody, corrections first: somebody stays wrongly told. */
function unheard(notices: readonly Notice[]): readonly string[] {
  if (notices.length === 0) return []
  const isCorrection = ({ step }: Notice) => Number(step === 'correction')
  const sorted = [...notices].sort((a, b) => isCorrection(b) - isCorrection(a))
  const remedies = new Set(sorted.map(({ undelivered }) => undelivered?.remedy ?? ''))
  return [
    `REACHED NOBODY, and waits for you:\n${table(
      ['id', 'case', 'step', 'recipient', 'since', 'said', 'why'],
      sorted.map(({ undelivered, ...notice }) => [
        ...[notice.id, notice.caseId, notice.step, notice.recipient],
        ...[undelivered?.since, undelivered?.alerts, notice.lastError],
      ]),
    )}`,
    ...remedies,
  ]
}

function asText({
  preview,
  letter: { missing },
  replies,
  errands,
  undelivered,
  hold,
  ...notice
}: NoticeDetail): string {
  return [
    fields({
      ...notice,
      fault: undefined,
      ...holdFields(hold),
      'its letter lacks': missing.length === 0 ? undefined : missing.join(', '),
      'waits for you': errands.length === 0 ? undefined : errands.map(({ id }) => id).join(', '),
      'reached nobody since': undelivered?.since,
      'alerts of that': undelivered?.alerts,
      'alerted again': undelivered?.nextAlertAt,
      'what to do': undelivered?.remedy,
      'set aside': undelivered?.setAside?.reason,
    }),
    shownText(preview),
    ...replies.map(({ id, at, kind, from, subject, text }) =>
      shownText(`${at}, ${kind} from ${from}: ${subject}\nreply ${id}\n\n${text}`),
    ),
  ].join('\n\n')
}
