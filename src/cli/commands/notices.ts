import type { Command } from 'commander'
import type { DueReport, NoticeDetail } from '../../engine.ts'
import { defang } from '../../core/index.ts'
import { CHANNEL_KINDS, NOTICE_STATES, type Notice, type Stop } from '../../takedown/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface ListOptions extends PageOptions {
  readonly state?: string
  readonly channel?: string
  readonly case?: string
}

export function noticesCommand(shell: Shell): Command {
  const notices = verb('notices', 'what was told to whom, and what is due to be told', [
    'hindra notices --state failed',
    'hindra notices show NOTICE_ID',
    'hindra notices send',
    'hindra notices list --state held',
    'hindra notices stop --reason "wrong list imported"',
  ])

  paged(notices.command('list', { isDefault: true }))
    .description('a page of notices, oldest first')
    .option('--state <state>', NOTICE_STATES.join(', '))
    .option('--channel <kind>', CHANNEL_KINDS.join(', '))
    .option('--case <id>', 'of one case')
    .action(({ case: caseId, ...query }: ListOptions) =>
      shell.withClient(async (client) => {
        const found = await client.get('/v1/notices', { ...query, caseId })
        shell.output().answer(found as readonly Notice[], asTable)
      }),
    )

  notices
    .command('show <id>')
    .description('one notice with its text')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.get(`/v1/notices/${id}`)) as NoticeDetail, asText)
      }),
    )

  notices
    .command('send')
    .description('traces, composes and sends what is due now; `hindra serve` does it by itself')
    .action(() =>
      shell.withClient(async (client) => {
        const report = (await client.post('/v1/notices/send')) as DueReport
        shell.output().answer(report, ({ traced, queued, mailsSent, postsSent, noticesSent }) =>
          fields({
            ...{ traced, queued, 'mails sent': mailsSent, 'posts sent': postsSent },
            'notices sent': noticesSent,
          }),
        )
        for (const problem of report.problems) shell.output().note(printable(problem))
        if (report.problems.length > 0) shell.exitWith(1)
      }),
    )

  notices
    .command('release <id>')
    .description('lets a notice go that waits for the police')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const released = (await client.post(`/v1/notices/${id}/release`)) as Notice
        shell.output().answer(released, (shown) => asTable([shown]))
      }),
    )

  notices
    .command('told <id>')
    .description('a person told it by hand: by telephone, or through a portal')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const told = (await client.post(`/v1/notices/${id}/told`)) as Notice
        shell.output().answer(told, (shown) => asTable([shown]))
      }),
    )

  notices
    .command('stop')
    .description('emergency stop: from the next mail or POST on nothing leaves')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((why: { reason: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer((await client.post('/v1/notice-stop', why)) as Stop, stopText)
      }),
    )

  notices
    .command('resume')
    .description('ends the emergency stop')
    .action(() =>
      shell.withClient(async (client) => {
        const answer = (await client.post('/v1/notice-stop/lift')) as { wasStopped: boolean }
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
        const answer = (await client.get('/v1/notice-stop')) as { stop: Stop | null }
        shell.output().answer(answer, ({ stop }) => (stop ? stopText(stop) : 'notices leave'))
      }),
    )

  return notices
}

function stopText({ by, at, reason }: Stop): string {
  return `nothing leaves since ${at}: ${printable(reason)} (${by})`
}

function asTable(notices: readonly Notice[]): string {
  return table(
    ['id', 'case', 'step', 'state', 'role', 'recipient', 'sent', 'held until', 'tries', 'error'],
    notices.map((notice) => [
      ...[notice.id, notice.caseId, notice.step, notice.state, notice.role, notice.recipient],
      ...[notice.sentAt, notice.heldUntil ?? notice.heldFor, notice.attempts, notice.lastError],
    ]),
  )
}

function asText({ preview, replies, ...notice }: NoticeDetail): string {
  return [
    fields({ ...notice }),
    shownText(preview),
    ...replies.map(({ at, kind, from, subject, text }) =>
      shownText(`${at}, ${kind} from ${from}: ${subject}\n\n${text}`),
    ),
  ].join('\n\n')
}

/** What strangers wrote: no control characters, no URL that can be clicked. */
function shownText(text: string): string {
  return text
    .replace(/https?:\/\/\S+/gi, defang)
    .split('\n')
    .map(printable)
    .join('\n')
}
