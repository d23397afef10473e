import { open, rename, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Transport } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import {
  EXPORT_FORMATS,
  type Exported,
  type ExportFormat,
  type ExportView,
  writeList,
} from '../../exchange/index.ts'
import { verb } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'

const PAGE_ROWS = 1_000

interface ExportOptions {
  readonly list: string
  readonly format: string
  readonly reason: string
  readonly out: string
}

type Row = Exported & { readonly entryId: string }

export function exportCommand(shell: Shell): Command {
  return verb('export', 'writes the hashes of one list into a file, for a stated reason; audited', [
    'hindra export --list own --format csv --reason "quarterly exchange with X" --out own.csv',
  ])
    .requiredOption('--list <name>', 'which list')
    .requiredOption('--format <format>', EXPORT_FORMATS.join(', '))
    .requiredOption('--reason <text>', 'why; kept, and audited')
    .requiredOption('--out <file>', 'for its owner alone')
    .action((options: ExportOptions) =>
      shell.withClient(async (client) => {
        const format = checkedFormat(options.format)
        const { list, reason, out } = options
        const begun = (await client.post('/v1/list-exports', { list, reason })) as ExportView
        const count = { entries: 0 }
        await writeTo(out, writeList(format, counted(entriesOf(client, begun.id), count)))
        shell.output().answer({ file: out, list, ...count }, fields)
      }),
    )
}

async function* entriesOf(client: Transport, id: string): AsyncGenerator<Row> {
  for (let after: string | undefined; ; ) {
    const page = (await client.get(`/v1/list-exports/${id}/entries`, {
      limit: PAGE_ROWS,
      after,
    })) as readonly Row[]
    yield* page
    after = page.at(-1)?.entryId
    if (page.length < PAGE_ROWS) return
  }
}

async function* counted<Value>(
  values: AsyncIterable<Value>,
  count: { entries: number },
): AsyncGenerator<Value> {
  for await (const value of values) {
    count.entries += 1
    yield value
  }
}

/** Under another name until it is whole. */
async function writeTo(out: string, pieces: AsyncIterable<string>): Promise<void> {
  const part = `${out}.part`
  const handle = await open(part, 'w', 0o600).catch((cause: unknown) => {
    throw new HindraError('INVALID_INPUT', `${part} cannot be written`, { cause })
  })
  try {
    try {
      for await (const piece of pieces) await handle.write(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, out)
}

function checkedFormat(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((name) => name === text)
  if (found !== undefined) return found
  throw new HindraError('INVALID_INPUT', `--format: one of ${EXPORT_FORMATS.join(', ')}`)
}
