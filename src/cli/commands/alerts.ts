import { type Command, Option } from 'commander'
import { type Alert, type DeliveredAlert, readAlerts } from '../../client/index.ts'
import { defined, SECOND_MS, systemRandom } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { onSignals } from '../signals.ts'

interface AlertsOptions extends PagingOptions {
  readonly follow?: true
  readonly consumer?: string
  readonly ack?: string
}

export function define(command: Command, shell: Shell): void {
  paged(
    withExamples(command, [
      'hindra alerts --json',
      'hindra alerts --after CURSOR',
      'hindra alerts --consumer pipeline             # what it has not acknowledged yet',
      'hindra alerts --consumer pipeline --ack 117   # it is done with all up to 117',
      'hindra alerts --follow --consumer pipeline --json | takedown',
    ]),
  )
    .option('--consumer <name>', 'go on where this consumer is')
    .addOption(
      new Option('--ack <cursor>', 'the consumer is done with all up to this one').conflicts([
        'follow',
        'after',
      ]),
    )
    .option(
      '--follow',
      'rows as alerts come, until SIGINT; with --consumer each is acknowledged once it is written',
    )
    .action(async (options: AlertsOptions) => {
      if (options.follow === true) await follow(shell, options)
      else if (options.ack === undefined) await list(shell, options)
      else await acknowledge(shell, options.consumer, options.ack)
    })
}

function list(shell: Shell, { after, limit, all, consumer }: AlertsOptions): Promise<void> {
  return shell.withClient(async (client) => {
    await showPage(shell, client.alerts.list, {
      query: { after, limit, all, consumer },
      human: asTable,
      placeOf: ({ cursor }) => cursor,
    })
  })
}

function acknowledge(shell: Shell, consumer: string | undefined, cursor: string): Promise<void> {
  if (consumer === undefined) {
    throw new HindraError('INVALID_INPUT', '--ack: say with --consumer who is done', {
      field: 'consumer',
    })
  }
  return shell.withClient(async (client) => {
    const done = await client.alerts.acknowledge({ consumer, cursor })
    shell.output().answer(done, () => `done up to ${cursor}`)
  })
}

async function follow(shell: Shell, { consumer, after }: AlertsOptions): Promise<void> {
  const stop = new AbortController()
  const stopHandling = onSignals((code) => {
    shell.exitWith(code)
    stop.abort()
  })
  const options = {
    signal: stop.signal,
    onRetry: ({ code }: HindraError, waitMs: number) => {
      shell.output().note(`${code}: trying again in ${Math.ceil(waitMs / SECOND_MS)} s`)
    },
    ...defined({ consumer, after }),
  }
  try {
    await shell.withClient(async (client) => {
      for await (const alert of readAlerts(client.transport, options, systemRandom)) {
        await write(shell, alert)
        if (consumer !== undefined) await alert.ack()
      }
    })
  } finally {
    stopHandling()
  }
}

/** Writes until it was taken: what is acknowledged must have left this process. */
function write(shell: Shell, alert: DeliveredAlert): Promise<void> {
  shell
    .output()
    .row(alert, ({ cursor, kind, caseId, tipId, mail, record, errand, at }) =>
      [
        cursor,
        kind,
        caseId ?? record ?? (mail ? `mail ${mail.id}` : (errand ?? `tip ${tipId ?? ''}`)),
        at,
      ].join('  '),
    )
  return new Promise((resolve) => {
    shell.terminal.stdout.write('', () => {
      resolve()
    })
  })
}

function asTable(alerts: readonly Alert[]): string {
  return table(
    [
      'cursor',
      'kind',
      'case, record or what waits',
      'tip',
      'at',
      'notice',
      'step',
      'times',
      'cannot tell',
      'why',
    ],
    alerts.map(({ cursor, kind, caseId, record, tipId, at, notice, look, ...told }) => {
      const { hold, mail, objection, errand } = told
      const repeated = notice ?? look ?? objection
      return [
        ...[cursor, kind, caseId ?? record ?? errand, tipId, at, notice?.id, notice?.step],
        ...[repeated?.times, look?.cause, (hold ?? mail ?? objection)?.why],
      ]
    }),
  )
}
