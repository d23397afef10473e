import { styleText } from 'node:util'
import type { Command } from 'commander'
import { systemClock, systemRandom } from '../../core/index.ts'
import { ERRORS, HindraError, toHindraError } from '../../errors.ts'
import { type Check, type CheckReport, fail } from '../doctor/check.ts'
import { storeFindings } from '../doctor/store-text.ts'
import { withExamples } from '../help.ts'
import { needDataKey } from '../installation.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

const FAILED = 1

interface DoctorOptions {
  readonly cluster?: boolean
  readonly store?: boolean
  readonly acceptLoss?: boolean
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra doctor',
    'hindra doctor --json',
    'hindra doctor --cluster',
    'hindra doctor --store',
    'hindra doctor --store --accept-loss',
  ])
    .option('--cluster', 'look at PostgreSQL and at the servers that share it, and at nothing else')
    .option('--store', 'read all of the store instead, and say what of it is damaged')
    .option('--accept-loss', 'with --store: go on without what the disk has lost (COMMITS_LOST)')
    .action(async ({ cluster = false, store = false, acceptLoss = false }: DoctorOptions) => {
      if (acceptLoss && !store) {
        throw new HindraError('INVALID_INPUT', '--accept-loss goes with --store')
      }
      if (cluster && store) throw new HindraError('INVALID_INPUT', '--cluster or --store, not both')
      if (store) await examineStore(shell, acceptLoss)
      else await examineBy(shell, cluster)
    })
}

async function examineBy(shell: Shell, isClusterAlone: boolean): Promise<void> {
  const loaded = await shell.settings()
  const { allChecks, clusterChecks } = await import('../doctor/all-checks.ts')
  const findings: CheckReport[] = []
  const checks = isClusterAlone ? clusterChecks(loaded) : allChecks(loaded, shell.terminal.env)
  for (const check of checks) findings.push(await examine(check))
  shell.output().answer(findings, (found) => asText(found, paintOf(shell)))
  if (findings.some(({ state }) => state === 'fail')) shell.exitWith(FAILED)
}

async function examineStore(shell: Shell, acceptLoss: boolean): Promise<void> {
  const { config } = await shell.settings()
  const { checkStore } = await import('../../keeping/index.ts')
  const report = await checkStore({
    config,
    acceptLoss,
    dataKey: await needDataKey(config),
    clock: systemClock,
    random: systemRandom,
    progress(line) {
      shell.output().note(line)
    },
  })
  const findings = storeFindings(report)
  shell.output().answer(report, () => asText(findings, paintOf(shell)))
  if (findings.some(({ state }) => state === 'fail')) shell.exitWith(FAILED)
}

/** In a colour where a terminal shows it, and nobody asked for none (`NO_COLOR`). */
type Paint = (color: 'green' | 'yellow' | 'red', text: string) => string

function paintOf({ terminal: { stdout, env } }: Shell): Paint {
  return stdout.isTTY === true && !env['NO_COLOR'] ? styleText : (_color, text) => text
}

/** A check that fails itself is a finding, too: the others still have something to tell. */
async function examine(check: Check): Promise<CheckReport> {
  try {
    return await check()
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail('doctor', message, ERRORS[code].remedy)
  }
}

function asText(findings: readonly CheckReport[], paint: Paint): string {
  return findings
    .flatMap(({ name, state, detail, mend }) => [
      `${mark(state, paint)}  ${name}: ${printable(detail)}`,
      ...(mend === undefined ? [] : [`      ${mend}`]),
    ])
    .join('\n')
}

function mark(state: CheckReport['state'], paint: Paint): string {
  if (state === 'ok') return paint('green', 'ok  ')
  return state === 'warn' ? paint('yellow', 'warn') : paint('red', 'fail')
}
