import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import type { LetterKind, LetterView, Language } from '../../takedown/index.ts'
import { LETTER_ROLES, LETTER_STEPS, letterKinds, MATTERS } from '../../takedown/terms.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { textSaid } from '../text-file.ts'
import { asTable, shownText } from './notice-text.ts'

interface PreviewOptions {
  readonly list?: boolean
  readonly case?: string
  readonly recipient?: LetterKind['role']
  readonly kind?: LetterKind['matter']
  readonly step?: LetterKind['step']
  readonly language?: Language
}

/** What persons do with letters: read them before they go, and answer what was asked. */
export function addLetterCommands(notices: Command, shell: Shell): void {
  notices
    .command('answer <id>')
    .description('answers what its recipient asked, in a letter that quotes it')
    .option('--text <text>', 'what is answered')
    .option('--text-file <file>', 'the same, out of a file')
    .action((id: string, said: { text?: string; textFile?: string }) =>
      shell.withClient(async (client) => {
        const text = textSaid(said.text, said.textFile)
        if (!text) {
          throw new HindraError('INVALID_INPUT', 'give --text or --text-file', { field: 'text' })
        }
        const answer = await client.notices.answer({ id, text })
        shell.output().answer(answer, (shown) => asTable([shown]))
      }),
    )

  notices
    .command('preview')
    .description('letters as they would go out: of a case, or of any kind as a sample')
    .option('--case <id>', 'every letter of this case, sent or not')
    .option('--recipient <role>', LETTER_ROLES.join(', '))
    .option('--kind <matter>', `${MATTERS.join(', ')} (media)`)
    .option('--step <step>', `${LETTER_STEPS.join(', ')} (first)`)
    .option('--language <language>', 'sv, en (sv)')
    .addOption(
      new Option('--list', 'names every letter that there is').conflicts([
        ...['case', 'recipient', 'kind', 'step', 'language'],
      ]),
    )
    .action(async (asked: PreviewOptions) => {
      if (asked.list === true) {
        shell.output().answer(letterKinds(), kindsTable)
        return
      }
      await shell.withClient(async (client) => {
        shell.output().answer(await previews(client, asked), letterTexts)
      })
    })
}

/** One row for each recipient and matter, in the words of the options. */
function kindsTable(kinds: readonly LetterKind[]): string {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly steps: string[] }>()
  for (const { role, matter, step } of kinds) {
    const key = `${role} ${matter}`
    const row = rows.get(key) ?? { cells: [role, matter], steps: [] }
    row.steps.push(step)
    rows.set(key, row)
  }
  return table(
    ['recipient', 'kind', 'steps'],
    [...rows.values()].map(({ cells, steps }) => [...cells, steps.join(', ')]),
  )
}

async function previews(
  client: Client,
  { case: caseId, recipient: role, kind: matter, step, language }: PreviewOptions,
): Promise<readonly LetterView[]> {
  if (caseId !== undefined) {
    return await client.cases.letters({ id: caseId })
  }
  if (role === undefined) {
    throw new HindraError('INVALID_INPUT', 'give --case, --recipient or --list', {
      field: 'recipient',
    })
  }
  return [await client.notices.sampleLetter({ role, matter, step, language })]
}

function letterTexts(views: readonly LetterView[]): string {
  if (views.length === 0) return 'no letter is due or was sent'
  return views
    .map(({ subject, body, missing, unconfirmedLaws, ...view }) =>
      [
        fields({ ...view }),
        ...(missing.length === 0 ? [] : [`MISSING: ${missing.join(', ')}`]),
        ...unconfirmedLaws.map((law) => `left out, for nobody has confirmed it: ${law}`),
        shownText(`Subject: ${subject}\n\n${body}`),
      ].join('\n\n'),
    )
    .join('\n\n')
}
