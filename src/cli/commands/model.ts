import { resolve } from 'node:path'
import type { Command } from 'commander'
import { HindraError } from '../../errors.ts'
import type { ModelReport } from '../../trial/index.ts'
import { filesAt, readMedia } from '../files.ts'
import { withExamples } from '../help.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

const PICTURE = /\.(jpe?g|png|webp|avif)$/i
const REFERENCES = 20
const REFERENCES_MAX = 1_000
/** The exit code of a model that adds nothing, or finds what is wrong. */
const ADDS_NOTHING = 1

interface CheckOptions {
  readonly photos: string
  readonly refs: string
  readonly seed: string
}

export function define(model: Command, shell: Shell): void {
  withExamples(model, [
    'hindra model check ./my-model --photos ./holidays',
    'hindra model check ./my-model --photos ./holidays --refs 100 --json',
  ])

  model
    .command('check <dir>')
    .description('whether a model works, and what it adds beside hashes and local features')
    .requiredOption(
      '--photos <dir>',
      'harmless photographs, no two of one thing; nothing of them is kept',
    )
    .option(
      '--refs <n>',
      'how many of them are registered, altered and looked for',
      `${REFERENCES}`,
    )
    .option('--seed <n>', 'which ones', '1')
    .addHelpText(
      'after',
      '\nRegisters some photographs in a Hindra of its own, and looks for altered copies of them and at\n' +
        'other photographs. Two photographs of one thing count as a wrong pair: leave out bursts.\n' +
        'Ends with 0 where the model finds what nothing else does and nothing wrong, else with 1.\n' +
        'What hindra-model.json holds: src/model/README.md',
    )
    .action(async (directory: string, { photos, refs, seed }: CheckOptions) => {
      const { config } = await shell.settings()
      const { prepareTrial } = await import('../../trial/index.ts')
      const trial = await prepareTrial({
        directory: resolve(directory),
        files: filesAt([photos]).filter((file) => PICTURE.test(file)),
        read: (file) => readMedia(file, config.decode.bytesMax),
        references: whole(refs, '--refs', REFERENCES_MAX),
        seed: whole(seed, '--seed', 2 ** 31),
        backend: config.model.backend,
        profile: config.features.profile,
      })
      const progress = await shell.progress('checked', trial.steps)
      const step = () => {
        progress.step()
      }
      const report = await trial.run(step).finally(() => {
        progress.stop()
      })
      shell.output().answer(report, asText)
      if (!report.adds) shell.exitWith(ADDS_NOTHING)
    })
}

function whole(text: string, option: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new HindraError('INVALID_INPUT', `${option} is a whole number from 1 to ${most}`)
}

function asText({ verdict, model, known, copies, unknown, ...rest }: ModelReport): string {
  const { foundWithout, asItIs, atNoneWrong, ways } = rest
  const facts = fields({
    model,
    pictures: `${known} known, altered in ${ways.length} ways; ${unknown} others`,
    'found without it': `${foundWithout} of ${copies}`,
    'found by it': `${asItIs.found} of ${copies}, of which ${asItIs.added} by nothing else`,
    'wrong pairs': asItIs.wrong,
    'distance with none wrong': atNoneWrong?.distance.toPrecision(3) ?? 'none',
  })
  const rows = ways.map((each) => [each.way, each.copies, each.foundWithout, each.added])
  return [facts, table(['way', 'copies', 'found without', 'added'], rows), verdict].join('\n\n')
}
