import type { Command } from 'commander'
import type { DueReport, NoticeDetail } from '../../engine.ts'
import { NOTICE_STATES, type Notice } from '../../takedown/index.ts'
import { type PageOptions, paged, verb } from '../help.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface ListOptions extends PageOptions {
  readonly state?: string
  readonly case?: string
}

export function noticesCommand(shell: Shell): Command {
  const notices = verb('notices', 'what was told to whom, and what is due to be told', [
    'hindra notices --state failed',
    'hindra notices show NOTICE_ID',
    'hindra notices send',
  ])

  paged(notices.command('list', { isDefault: true }))
    .description('a page of notices, oldest first')
    .option('--state <state>', NOTICE_STATES.join(', '))
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
        shell
          .output()
          .answer(report, ({ traced, queued, mailsSent, noticesSent }) =>
            fields({ traced, queued, 'mails sent': mailsSent, 'notices sent': noticesSent }),
          )
        for (const problem of report.problems) shell.output().note(printable(problem))
        if (report.problems.length > 0) shell.exitWith(1)
      }),
    )

  return notices
}

function asTable(notices: readonly Notice[]): string {
  return table(
    ['id', 'case', 'step', 'state', 'host', 'recipient', 'sent', 'tries', 'error'],
    notices.map((notice) => [
      ...[notice.id, notice.caseId, notice.step, notice.state, notice.hostName],
      ...[notice.recipient, notice.sentAt, notice.attempts, notice.lastError],
    ]),
  )
}

function asText({ preview, ...notice }: NoticeDetail): string {
  return `${fields({ ...notice })}\n\n${preview.split('\n').map(printable).join('\n')}`
}
