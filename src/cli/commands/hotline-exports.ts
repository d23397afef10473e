import { type Command, Option } from 'commander'
import type { NoticeExportView, ExportFormat, ExportKind } from '../../takedown/index.ts'
import { EXPORT_FORMATS, EXPORT_KINDS } from '../../takedown/terms.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface TakeOptions {
  readonly kind: ExportKind
  readonly country?: string
  readonly today?: true
}

export function define(exports: Command, shell: Shell): void {
  withExamples(exports, [
    'hindra hotline-exports take --kind iccam --country NL',
    'hindra hotline-exports show EXPORT_ID --format scart > to-nl.csv',
    'hindra hotline-exports take --kind interpol',
  ])

  exports
    .command('take')
    .description('makes files of what is queued for them; each notice is told by one of them')
    .addOption(new Option('--kind <kind>').choices(EXPORT_KINDS).makeOptionMandatory())
    .option('--country <code>', 'of ICCAM: only this country (ISO 3166-1)')
    .option('--today', 'of INTERPOL: also of today, which is not over')
    .action(({ kind, country, today }: TakeOptions) =>
      shell.withClient(async (client) => {
        const wanted = { kind, today, country: country?.toUpperCase() }
        const made = await client.hotlineExports.take(wanted)
        shell.output().answer(made, asTable)
      }),
    )

  paged(exports.command('list', { isDefault: true }))
    .description('a page of exports, oldest first')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.hotlineExports.list, {
          query: { ...query },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  exports
    .command('show <id>')
    .description('the file itself, on standard output; whoever reads it is written down')
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).default('json'))
    .action((id: string, { format }: { format: ExportFormat }) =>
      shell.withClient(async (client) => {
        const { text } = await client.hotlineExports.read({ id, format })
        shell.output().answer({ text }, () => text.trimEnd())
      }),
    )
}

function asTable(exports: readonly NoticeExportView[]): string {
  return table(
    ['id', 'kind', 'country', 'day', 'lines', 'name', 'made', 'written'],
    exports.map((one) => [
      ...[one.id, one.kind, one.country, one.day, one.lines],
      ...[one.name, one.madeAt, one.writtenAt],
    ]),
  )
}
