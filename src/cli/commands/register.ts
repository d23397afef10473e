import { basename } from 'node:path'
import type { Command } from 'commander'
import { HindraError } from '../../errors.ts'
import { HASH_TYPES, isListed } from '../../hashes/index.ts'
import type { Item, ListedHash, Classification } from '../../register/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { runBatch } from '../batch.ts'
import { filesAt, readMedia } from '../files.ts'
import { type DescriptionOptions, describing, descriptionOf } from '../description-options.ts'
import { collect, withExamples } from '../help.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

interface RegisterOptions extends DescriptionOptions {
  readonly classification?: Classification
  readonly list?: string
  readonly hash: readonly string[]
  readonly refresh?: boolean
  readonly case?: string
  readonly tip?: string
}

export function define(register: Command, shell: Shell): void {
  withExamples(register, [
    'hindra register pictures/ --classification Baseline --reference H-2026-17',
    'hindra register a.jpg film.mp4 --classification National --json',
    'hindra register logos/ --list allow',
    'hindra register --refresh pictures/',
    'hindra register --hash pdq:HEX:80 --hash md5:HEX --classification Baseline --list iwf',
  ])
    .argument('[paths...]', 'files, or directories with all that is below them')
    .option(
      '--classification <class>',
      `${CLASSIFICATIONS.join(', ')}; needed but for an allow-list`,
    )
    .option('--list <name>', 'the list that says so', 'own')
    .option('--case <id>', 'the case that they came from, for whoever verifies them')
    .option('--tip <id>', 'the tip that they came from')
    .option(
      '--hash <type:value[:quality]>',
      'hashes of one picture instead of files (repeat; pdq with its quality)',
      collect,
      [],
    )
  register.option(
    '--refresh',
    'propose nothing: add to items of these very files what they lack to be found by',
  )
  describing(register).action(async (paths: readonly string[], options: RegisterOptions) => {
    const { hash, list, classification, refresh = false } = options
    if (refresh) {
      await refreshAll(shell, paths, options)
      return
    }
    const from = { caseId: options.case, tipId: options.tip }
    const described = { list, classification, description: descriptionOf(options), ...from }
    if (paths.length > 0 === hash.length > 0) {
      throw new HindraError('INVALID_INPUT', 'name files or give --hash, one of both')
    }
    const hashes = hash.map(parseHash)
    const inputs = hashes.length > 0 ? ['hashes'] : filesAt(paths)
    const { bytesMax } = (await shell.settings()).config.decode

    await shell.withClient((client) =>
      runBatch(shell, {
        label: 'proposed',
        inputs,
        work: async (input) => {
          const material =
            hashes.length > 0
              ? { hashes }
              : {
                  media: (await readMedia(input, bytesMax)).toString('base64'),
                  fileName: basename(input),
                }
          return await client.items.propose({ ...material, ...described })
        },
        human: proposedLine,
      }),
    )
  })
}

/** The same file to the byte, or nothing is changed. */
async function refreshAll(
  shell: Shell,
  paths: readonly string[],
  { hash, classification }: RegisterOptions,
): Promise<void> {
  if (paths.length === 0 || hash.length > 0 || classification !== undefined) {
    throw new HindraError(
      'INVALID_INPUT',
      '--refresh takes files, and nothing is said of them anew',
    )
  }
  const { bytesMax } = (await shell.settings()).config.decode
  await shell.withClient((client) =>
    runBatch(shell, {
      label: 'looked at',
      inputs: filesAt(paths),
      work: async (input) => {
        const media = (await readMedia(input, bytesMax)).toString('base64')
        return await client.items.refresh({ media })
      },
      human: ({ itemId, added }, file) =>
        `${itemId}  ${added.length === 0 ? 'lacks nothing' : `added: ${added.join(', ')}`}  ${printable(file)}`,
    }),
  )
}

/** The item, and what was found that somebody must look at before verifying it. */
function proposedLine({ id, status, kind, quality, entries }: Item, file: string): string {
  const line = `${id}  ${status}  ${kind}  quality ${quality}  ${printable(file)}`
  const findings = entries.at(-1)?.findings ?? []
  return [line, ...findings.map(({ code, detail }) => `  ${code}: ${detail}`)].join('\n')
}

function parseHash(text: string): ListedHash {
  const [type = '', value = '', quality] = text.split(':')
  if (!isListed(type) || value === '') {
    throw new HindraError(
      'INVALID_INPUT',
      `--hash: TYPE:VALUE, TYPE one of ${HASH_TYPES.join(', ')}`,
    )
  }
  const listed = { type, value }
  return quality === undefined ? listed : { ...listed, quality: Number(quality) }
}
