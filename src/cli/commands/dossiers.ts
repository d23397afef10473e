import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import type { Dossier, DossierDetail, DossierFile, DossierPreview } from '../../dossiers/index.ts'
import { HindraError } from '../../errors.ts'
import type { Language } from '../../takedown/index.ts'
import { LANGUAGES } from '../../takedown/terms.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, printable, table } from '../output.ts'
import { writePrivate } from '../private-file.ts'
import type { Shell } from '../shell.ts'

interface ProposeOptions {
  readonly to?: string
  readonly reason?: string
  readonly out?: string
  readonly lang: Language
  readonly dryRun?: true
}

function withLanguage(command: Command): Command {
  return command.addOption(
    new Option('--lang <language>', 'of the text that is shown').choices(LANGUAGES).default('en'),
  )
}

/** `hindra cases dossier`: what is handed over begins at the case. */
export function withDossier(cases: Command, shell: Shell): void {
  withLanguage(cases.command('dossier <id>'))
    .description(
      'gives the police the evidence of one case, encrypted to them; another releases it',
    )
    .option('--to <mail>', 'of the police, who have a key in takedown.confidence')
    .option('--reason <text>', 'why they are to have it, for the record')
    .option('--out <file>', 'where the house asks one person: a new file, else standard output')
    .option('--dry-run', 'shows what would go in, without the values of hashes')
    .action((id: string, { to, reason, out, lang, dryRun }: ProposeOptions) =>
      shell.withClient(async (client) => {
        if (dryRun === true) {
          const preview = await client.dossiers.preview({ id, to, language: lang })
          shell.output().answer(preview, previewText)
          return
        }
        const wanted = { caseId: id, to: needed('to', to), reason: needed('reason', reason) }
        assertFree(out)
        const proposed = await client.dossiers.propose(wanted)
        if (proposed.needsAnother) shell.output().answer(proposed, proposedText)
        else await release(shell, client, { id: proposed.id, out })
      }),
    )
}

export function define(dossiers: Command, shell: Shell): void {
  withExamples(dossiers, [
    'hindra cases dossier CASE_ID --to it-brott@polis.example --reason "they asked" --dry-run',
    'hindra cases dossier CASE_ID --to it-brott@polis.example --reason "they asked"',
    'hindra dossiers show DOSSIER_ID            # what would leave, and what has changed',
    'hindra dossiers release DOSSIER_ID --out dossier.tar.asc',
    'gpg --decrypt dossier.tar.asc | tar -x     # as the police open it',
    'openssl cms -decrypt -inform PEM -in dossier.tar.pem -inkey KEY -recip CERTIFICATE | tar -x',
  ])

  paged(dossiers.command('list', { isDefault: true }))
    .description('a page of dossiers, oldest first')
    .option('--case <id>', 'of this case')
    .action(({ case: caseId, ...query }: PagingOptions & { case?: string }) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.dossiers.list, {
          query: { ...query, caseId },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  withLanguage(dossiers.command('show <id>'))
    .description('one dossier: what would leave now, and what has changed since it was proposed')
    .action((id: string, { lang }: { lang: Language }) =>
      shell.withClient(async (client) => {
        const detail = await client.dossiers.show({ id, language: lang })
        shell.output().answer(detail, detailText)
      }),
    )

  dossiers
    .command('release <id>')
    .description('another person than who proposed it: writes the encrypted file')
    .option('--out <file>', 'a new file; else standard output')
    .option('--digest <sha256>', 'of what you looked at, where the case has changed since')
    .action((id: string, options: { out?: string; digest?: string }) =>
      shell.withClient(async (client) => {
        assertFree(options.out)
        await release(shell, client, { id, ...options })
      }),
    )

  dossiers
    .command('withdraw <id>')
    .description('it does not go')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        const withdrawn = await client.dossiers.withdraw({ id, reason })
        shell.output().answer(withdrawn, (one) => asTable([one]))
      }),
    )

  dossiers
    .command('file <id>')
    .description('the file of one that was released, once more: the same bytes')
    .option('--out <file>', 'a new file; else standard output')
    .action((id: string, { out }: { out?: string }) =>
      shell.withClient(async (client) => {
        assertFree(out)
        await handOut(shell, await client.dossiers.file({ id }), out)
      }),
    )
}

async function release(
  shell: Shell,
  client: Client,
  {
    id,
    digest,
    out,
  }: { readonly id: string; readonly digest?: string; readonly out?: string | undefined },
): Promise<void> {
  await handOut(shell, await client.dossiers.release({ id, digest }), out)
}

/** The file to where it was asked for; what was handed out, and by which digest it is known, to the person. */
async function handOut(shell: Shell, file: DossierFile, out: string | undefined): Promise<void> {
  const { id, released } = file.dossier
  if (out === undefined) {
    shell.output().answer(file, ({ text }) => text.trimEnd())
  } else {
    await writePrivate(out, file.text, 'out').catch((error: unknown) => {
      shell.output().note(`It was released: hindra dossiers file ${id} gives the same file again.`)
      throw error
    })
    shell.output().answer({ file: out, ...file.dossier }, () =>
      fields({
        file: out,
        'sha-256': released?.fileSha256,
        bytes: released?.fileBytes,
        to: file.dossier.to,
        'readable with key': released?.keys.join(', '),
      }),
    )
  }
  if (released !== null && out === undefined) shell.output().note(`SHA-256 ${released.fileSha256}`)
}

/** Before anything is released: a file that is there is not written over. Throws INVALID_INPUT. */
function assertFree(out: string | undefined): void {
  if (out === undefined || !existsSync(out)) return
  throw new HindraError('INVALID_INPUT', `${out} is there already`, { field: 'out' })
}

function needed(option: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new HindraError('INVALID_INPUT', `--${option} is needed, unless it is a --dry-run`, {
    field: option,
  })
}

function proposedText({ id, to, digest }: Dossier): string {
  return [
    fields({ dossier: id, to, 'digest of the case': digest }),
    `Another person looks at it and lets it go: hindra dossiers show ${id}`,
    `then: hindra dossiers release ${id} --out dossier.tar.asc`,
  ].join('\n')
}

function previewText({ text, digest, key }: DossierPreview): string {
  const reader = key && {
    to: key.address,
    with: key.kind,
    'readable with key': key.fingerprints.join(', '),
    'key ends': key.expiresAt,
  }
  const shown = text.split('\n').map(printable).join('\n').trimEnd()
  return [...(reader === null ? [] : [fields(reader)]), shown, `digest: ${digest}`].join('\n\n')
}

function detailText({ now, changed, ...dossier }: DossierDetail): string {
  const about = fields({
    dossier: dossier.id,
    case: dossier.caseId,
    to: dossier.to,
    state: dossier.state,
    because: dossier.reason,
    'proposed by': `${dossier.proposer ?? dossier.proposedBy} at ${dossier.proposedAt}`,
    'released by': endText(dossier.released?.releaser, dossier.released?.at),
    'sha-256 of the file': dossier.released?.fileSha256,
    'withdrawn by': endText(dossier.withdrawn?.withdrawer, dossier.withdrawn?.at),
    'withdrawn because': dossier.withdrawn?.reason,
  })
  if (now === null) return about
  const since =
    changed.length === 0
      ? 'The case is as it was proposed.'
      : `CHANGED since it was proposed: ${changed.join(', ')}. To hand it over as it is now: --digest ${now.digest}`
  return [about, since, previewText(now)].join('\n\n')
}

function endText(who: string | null | undefined, at: string | undefined): string | null {
  return at === undefined ? null : `${who ?? 'somebody'} at ${at}`
}

function asTable(dossiers: readonly Dossier[]): string {
  return table(
    ['id', 'case', 'to', 'state', 'proposed', 'by', 'released', 'by', 'sha-256 of the file'],
    dossiers.map(({ released, ...one }) => [
      ...[one.id, one.caseId, one.to, one.state, one.proposedAt, one.proposer],
      ...[released?.at, released?.releaser, released?.fileSha256],
    ]),
  )
}
