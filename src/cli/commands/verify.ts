import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { ComparedCopy, OwnCopy } from '../../register/index.ts'
import { OWN_COPIES } from '../../register/terms.ts'
import { runBatch } from '../batch.ts'
import { filesAt, readMedia } from '../files.ts'
import { collect, verb } from '../help.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

const PAGE_ROWS = 1_000

interface VerifyOptions {
  readonly file: readonly string[]
  readonly confirm?: OwnCopy
  readonly allProposed?: true
  readonly entry?: string
  readonly acknowledgeFindings?: true
  readonly reason?: string
}

export function verifyCommand(shell: Shell): Command {
  return verb('verify', 'confirms what somebody else proposed: from then on it matches', [
    'hindra verify ITEM_ID',
    'hindra verify --file mine.jpg                          # is it what waits? changes nothing',
    'hindra verify --file mine.jpg --confirm same-bytes      # verifies it where it is, to the byte',
    'hindra verify ITEM_ID --file mine.jpg --confirm alike',
    'hindra verify --all-proposed --reason "seen one by one on 2 November"',
  ])
    .argument('[ids...]', 'items')
    .option('--all-proposed', 'every item that waits; your own are refused')
    .option(
      '--file <path>',
      'your own copy, held against what waits (may be repeated)',
      collect,
      [],
    )
    .addOption(
      new Option('--confirm <how>', 'with --file: verify what is so, or more equal').choices(
        OWN_COPIES,
      ),
    )
    .option('--entry <id>', 'what one list says of it, where several do')
    .option('--acknowledge-findings', 'you looked at what was found about them')
    .option('--reason <text>', 'why, for the history')
    .action((ids: readonly string[], { allProposed, entry: entryId, ...said }: VerifyOptions) =>
      shell.withClient(async (client) => {
        const { file: files, confirm, ...words } = said
        if (files.length > 0) {
          await withCopies(shell, client, {
            ids,
            files,
            entryId,
            ...words,
            ...defined({ allProposed, confirm }),
          })
          return
        }
        if (confirm !== undefined) {
          throw new HindraError('INVALID_INPUT', '--confirm belongs to --file PATH')
        }
        if (ids.length > 0 === (allProposed === true)) {
          throw new HindraError('INVALID_INPUT', 'name items or give --all-proposed, one of both')
        }
        if (allProposed === true && said.acknowledgeFindings === true) {
          const message =
            '--acknowledge-findings: name the items, findings are looked at one by one'
          throw new HindraError('INVALID_INPUT', message)
        }
        const inputs = ids.length > 0 ? ids : await proposedIds(client)
        await runBatch(shell, {
          label: 'verified',
          inputs,
          work: async (id) => await client.items.verify({ id, ...words, entryId }),
          human: (item) => `${item.id}  ${item.status}`,
        })
      }),
    )
}

/**
 * Compares own copies, one by one; each is hashed by the server in memory and kept nowhere. Only what the person
 * confirms is verified.
 */
async function withCopies(
  shell: Shell,
  client: Client,
  asked: Omit<VerifyOptions, 'file' | 'entry'> & {
    readonly ids: readonly string[]
    readonly files: readonly string[]
    readonly entryId: string | undefined
  },
): Promise<void> {
  const { ids, files, allProposed, confirm, entryId, acknowledgeFindings, reason } = asked
  const [id, second] = ids
  if (allProposed === true || second !== undefined || (id !== undefined && files.length > 1)) {
    const how = '--file: one file for the item that you name, or files without any'
    throw new HindraError('INVALID_INPUT', how)
  }
  const { bytesMax } = shell.settings().config.decode
  await runBatch(shell, {
    label: confirm === undefined ? 'compared' : 'verified',
    inputs: filesAt(files),
    work: async (path): Promise<ComparedCopy & { readonly status: string }> => {
      const media = (await readMedia(path, bytesMax)).toString('base64')
      const compared = await client.items.compare({ media, id })
      if (confirm === undefined) return { ...compared, status: 'waits' }
      if (compared.how === 'another' || (confirm === 'same-bytes' && compared.how === 'alike')) {
        throw new HindraError('CONFLICT', `${comparedText(compared)}: it was not verified`)
      }
      const target = { id: compared.itemId, entryId: entryId ?? compared.entryId }
      const { status } = await client.items.verify({
        ...target,
        media,
        acknowledgeFindings,
        reason,
      })
      return { ...compared, status }
    },
    human: (compared) => `${compared.itemId}  ${compared.status}  ${comparedText(compared)}`,
  })
}

const HOW: Readonly<Record<ComparedCopy['how'], string>> = {
  'same-bytes': 'your file is the proposed one to the byte',
  alike: 'your file looks like the proposed one, and is another file',
  another: 'your file is not the proposed one',
}

function comparedText({ how, distance, origin }: ComparedCopy): string {
  const { fileName, fileBytes, caseId, tipId } = origin
  const said = [
    HOW[how] + (distance === null ? '' : ` (PDQ distance ${distance})`),
    fileName === undefined ? undefined : `proposed as ${printable(fileName)}`,
    fileBytes === undefined ? undefined : `${fileBytes} bytes`,
    caseId === undefined ? undefined : `case ${caseId}`,
    tipId === undefined ? undefined : `tip ${tipId}`,
  ]
  return said.filter((one) => one !== undefined).join(', ')
}

/** The ids of every item that is proposed, page by page. */
async function proposedIds(client: Client): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await client.items.list({ status: 'proposed', limit: PAGE_ROWS, after })
    ids.push(...page.map((row) => row.id))
    if (page.length < PAGE_ROWS) return ids
  }
}
