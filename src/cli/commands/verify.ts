import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { ComparedCopy, OwnCopy } from '../../register/index.ts'
import { OWN_COPIES } from '../../register/terms.ts'
import { runBatch } from '../batch.ts'
import { filesAt, readMedia } from '../files.ts'
import { collect, withExamples } from '../help.ts'
import { actOn, actOnMany, type ManyCall, type ManyOptions, withMany } from '../many.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

interface VerifyOptions extends ManyOptions {
  readonly file: readonly string[]
  readonly confirm?: OwnCopy
  readonly allProposed?: true
  readonly entry?: string
  readonly acknowledgeFindings?: true
  readonly reason?: string
}

export function define(verify: Command, shell: Shell): void {
  withExamples(verify, [
    'hindra verify ITEM_ID',
    'hindra verify --file mine.jpg                          # is it what waits? changes nothing',
    'hindra verify --file mine.jpg --confirm same-bytes      # verifies it where it is, to the byte',
    'hindra verify ITEM_ID --file mine.jpg --confirm alike',
    'hindra verify --file mine/ --confirm same-bytes --dry-run    # all that files of yours are, to the byte',
    'hindra verify --all-proposed --reason "seen one by one on 2 November" --dry-run',
  ])
  withMany(verify)
    .argument('[ids...]', 'items')
    .option('--all-proposed', 'every item that waits and that you have seen one by one')
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
        const { file: files, confirm, dryRun, count, ...words } = said
        if (files.length > 0) {
          await withCopies(shell, client, {
            ids,
            files,
            entryId,
            ...words,
            ...defined({ allProposed, confirm, dryRun, count }),
          })
          return
        }
        if (confirm !== undefined) {
          throw new HindraError('INVALID_INPUT', '--confirm belongs to --file PATH')
        }
        const query = allProposed === true ? ({ status: 'proposed' } as const) : {}
        const targets = { ids, query, ...defined({ dryRun, count }) }
        await actOn(shell, 'verified', targets, {
          one: (named) =>
            runBatch(shell, {
              label: 'verified',
              inputs: [named],
              work: (id) => client.items.verify({ id, ...words, entryId }),
              human: (item) => `${item.id}  ${item.status}`,
            }),
          many: (which) => verifyMany(client, { ...words, entryId })(which),
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
  const { dryRun, count } = asked
  const [id, second] = ids
  if (allProposed === true || second !== undefined || (id !== undefined && files.length > 1)) {
    const how = '--file: one file for the item that you name, or files without any'
    throw new HindraError('INVALID_INPUT', how)
  }
  const paths = filesAt(files)
  const { bytesMax } = (await shell.settings()).config.decode
  const isMany = paths.length > 1 || dryRun !== undefined || count !== undefined
  const many = isMany && confirm !== undefined ? verifyMany(client, asked) : undefined
  const sameBytes: string[] = []
  await runBatch(shell, {
    label: confirm === undefined || isMany ? 'compared' : 'verified',
    inputs: paths,
    work: async (path): Promise<ComparedCopy & { readonly status: string }> => {
      const media = (await readMedia(path, bytesMax)).toString('base64')
      const compared = await client.items.compare({ media, id })
      if (confirm === undefined) return { ...compared, status: 'waits' }
      if (isMany && compared.how === 'same-bytes') {
        sameBytes.push(compared.itemId)
        return { ...compared, status: 'waits' }
      }
      if (isMany) {
        throw new HindraError('CONFLICT', `${comparedText(compared)}: look at it by itself`)
      }
      if (!isCopy(compared.how) || (confirm === 'same-bytes' && compared.how === 'alike')) {
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
  if (many === undefined) return
  // In one order, whichever was compared first: the same command again is the same act.
  const targets = { ids: sameBytes.toSorted(), query: {}, ...defined({ dryRun, count }) }
  await actOnMany(shell, 'verified', targets, many)
}

/** One word on what the verifier has seen; the server knows what that is. Throws INVALID_INPUT. */
function verifyMany(
  client: Client,
  told: Pick<VerifyOptions, 'reason' | 'acknowledgeFindings'> & {
    readonly entryId: string | undefined
  },
): ManyCall<{ readonly status?: 'proposed' }> {
  const { reason } = told
  if (told.acknowledgeFindings === true || told.entryId !== undefined) {
    const message = '--acknowledge-findings and --entry are of one item: look at those one by one'
    throw new HindraError('INVALID_INPUT', message)
  }
  return (which) => (how) =>
    client.items.verifyMany({
      ...('ids' in which ? which : { query: { status: 'proposed' } }),
      ...how,
      said: defined({ reason }),
    })
}

function isCopy(how: ComparedCopy['how']): how is OwnCopy {
  return OWN_COPIES.some((one) => one === how)
}

const HOW: Readonly<Record<ComparedCopy['how'], string>> = {
  'same-bytes': 'your file is the proposed one to the byte',
  alike: 'your file looks like the proposed one, and is another file',
  contradicts:
    'your file has the proposed digest and another PDQ hash: the proposed hashes are of two pictures, or a browser hashed wrongly',
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
