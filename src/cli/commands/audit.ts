import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import type { AuditEntry, AuditReport, Checkpoint } from '../../audit/index.ts'
import type { Client } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import { collect, type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { answerNamed } from '../named-people.ts'
import { fields, printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface FindOptions {
  readonly by?: string
  readonly action?: string
  readonly subject?: string
  readonly since?: string
  readonly until?: string
  readonly before?: string
  readonly limit?: string
}

export function define(audit: Command, shell: Shell): void {
  withExamples(audit, [
    'hindra audit',
    'hindra audit list --after CURSOR --json',
    'hindra audit find --by A-01 --action case --since 2026-11-01',
    'hindra audit find --subject CASE_ID',
    'hindra audit checkpoint --to /elsewhere/checkpoints.ndjson --to mailto:board@hotline.example',
    'hindra audit verify --checkpoint /elsewhere/checkpoints.ndjson',
    'hindra audit export --out audit.ndjson && hindra audit verify --file audit.ndjson',
  ])

  paged(audit.command('list', { isDefault: true }))
    .description('a page of entries, oldest first')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.audit.list, {
          query: { ...query },
          human: asTable,
          placeOf: ({ cursor }) => cursor,
        })
      }),
    )

  audit
    .command('find')
    .description('entries by who, what, about what and when, the newest first')
    .option('--by <person>', 'pseudonym or id')
    .option('--action <action>', 'item.verify, or item for all that is done to items')
    .option('--subject <id>', 'what it is about, or what the entry names beside it')
    .option('--since <day>', 'first day: 2026-11-01')
    .option('--until <day>', 'last day')
    .option('--before <cursor>', 'to go on, towards older entries')
    .option('--limit <rows>', 'at most so many (1 to 1000)')
    .action((asked: FindOptions) =>
      shell.withClient(async (client) => {
        const found = await client.audit.search({ ...asked })
        await answerNamed(shell, client, found, ({ rows }) => asTable(rows))
        const { next, looked, erased } = found
        const note = `${looked.toLocaleString('en')} entries looked at`
        if (next !== null) shell.output().note(`${note}; --before ${next} goes on`)
        else shell.output().note(erased ? `${note}; what is older was erased` : note)
      }),
    )

  audit
    .command('verify')
    .description('reads the whole chain and says what was changed, is missing or was cut off')
    .option(
      '--checkpoint <file>',
      'checkpoints that were kept elsewhere, beside those of audit.checkpointFile; may be repeated',
      collect,
      [],
    )
    .option('--file <export>', 'an export instead of the store; needs no server and no key')
    .action(async (options: { checkpoint: readonly string[]; file?: string }) => {
      const { readCheckpoints } = await import('../../audit/index.ts')
      const checkpoints = options.checkpoint.flatMap((file) => readCheckpoints(file))
      const report =
        options.file === undefined
          ? await shell.withClient((client) => client.audit.verify({ checkpoints }))
          : await verifyFile(options.file, checkpoints)
      showReport(shell, report)
    })

  audit
    .command('checkpoint')
    .description('the state of the chain in one line of JSON, to be kept on another machine')
    .option(
      '--to <place>',
      'give it to a witness: a file, an https URL (POST) or mailto:ADDRESS; may be repeated',
      collect,
      [],
    )
    .action(({ to }: { to: readonly string[] }) =>
      shell.withClient(async (client) => {
        const { checkpoint, epochs } = await checkpointOf(client)
        if (to.length === 0) {
          shell.terminal.stdout.write(`${JSON.stringify(checkpoint)}\n`)
          return
        }
        const { witnessAt, witnessWays } = await import('../../keeping/index.ts')
        const ways = witnessWays((await shell.settings()).config)
        const given: string[] = []
        for (const witness of to.map((place) => witnessAt(place, ways))) {
          await witness.keep(checkpoint, epochs)
          given.push(witness.name)
        }
        shell
          .output()
          .answer({ ...checkpoint, to: given }, ({ count, at }) =>
            fields({ entries: count, 'sealed at': at, 'given to': given.join(', ') }),
          )
      }),
    )

  audit
    .command('export')
    .description('every entry with what is needed to verify it elsewhere; audited itself')
    .requiredOption('--out <file>', 'new file, for its owner alone')
    .action(({ out }: { out: string }) =>
      shell.withClient(async (client) => {
        const written = await exportTo(client, out)
        shell.output().answer({ file: out, entries: written }, fields)
      }),
    )
}

async function verifyFile(file: string, checkpoints: readonly Checkpoint[]): Promise<AuditReport> {
  const { verifyChain } = await import('../../audit/index.ts')
  const { readExport } = await import('../audit-files.ts')
  const { head, entries } = await readExport(file)
  return verifyChain(entries, head, checkpoints)
}

function showReport(shell: Shell, report: AuditReport): void {
  shell.output().answer(report, ({ intact, entries, erased, pending, head }) =>
    fields({
      intact,
      entries,
      erased,
      pending,
      ...(head === null ? {} : { 'last sealed': head.at, hash: head.hash }),
    }),
  )
  for (const { kind, number, cursor, message } of report.problems) {
    shell.output().note(printable(`${kind} at ${number} (${cursor ?? 'end'}): ${message}`))
  }
  const more = report.problemsTotal - report.problems.length
  if (more > 0) shell.output().note(`and ${more} more`)
  if (!report.intact) shell.exitWith(1)
}

async function checkpointOf(client: Client) {
  const { checkpoint, epochs } = await client.audit.checkpoint()
  if (checkpoint === null) throw new HindraError('NOT_FOUND', 'the audit holds no entry yet')
  return { checkpoint, epochs }
}

/** Writes the audit into a new file that its owner alone can read; resolves to the number of entries. */
async function exportTo(client: Client, file: string): Promise<number> {
  const { auditLines } = await import('../../operations/index.ts')
  const { checkpoint: head } = await checkpointOf(client)
  const handle = await openNew(file)
  let lines = 0
  try {
    for await (const part of auditLines(client.audit, head)) {
      await handle.write(part.join(''))
      lines += part.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return lines - 1
}

function openNew(file: string) {
  return open(file, 'wx', 0o600).catch((cause: unknown) => {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new HindraError('INVALID_INPUT', `${file} cannot be made: ${why}`, { cause })
  })
}

function asTable(entries: readonly AuditEntry[]): string {
  return table(
    ['cursor', 'at', 'by', 'action', 'subject', 'detail'],
    entries.map((entry) => [
      ...[entry.cursor, entry.at, entry.by, entry.action, entry.subject],
      Object.entries(entry.detail)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(' '),
    ]),
  )
}
