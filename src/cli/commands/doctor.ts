import type { Command } from 'commander'
import pc from 'picocolors'
import { ERRORS, toHindraError } from '../../errors.ts'
import { type Check, type Finding, fail } from '../doctor/check.ts'
import { verb } from '../help.ts'
import { printable } from '../output.ts'
import type { Shell } from '../shell.ts'

const FAILED = 1

export function doctorCommand(shell: Shell): Command {
  return verb('doctor', 'what is installed and set up, what is not, and how to mend it', [
    'hindra doctor',
    'hindra doctor --json',
  ]).action(async () => {
    const loaded = shell.settings()
    const { allChecks } = await import('../doctor/all-checks.ts')
    const findings: Finding[] = []
    for (const check of allChecks(loaded, shell.terminal.env)) {
      findings.push(await examine(check))
    }
    const { stdout, env } = shell.terminal
    const colors = pc.createColors(stdout.isTTY === true && !env['NO_COLOR'])
    shell.output().answer(findings, (found) => asText(found, colors))
    if (findings.some(({ state }) => state === 'fail')) shell.exitWith(FAILED)
  })
}

/** A check that fails itself is a finding, too: the others still have something to tell. */
async function examine(check: Check): Promise<Finding> {
  try {
    return await check()
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail('doctor', message, ERRORS[code].remedy)
  }
}

type Colors = ReturnType<typeof pc.createColors>

function asText(findings: readonly Finding[], colors: Colors): string {
  return findings
    .flatMap(({ name, state, detail, mend }) => [
      `${mark(state, colors)}  ${name}: ${printable(detail)}`,
      ...(mend === undefined ? [] : [`      ${mend}`]),
    ])
    .join('\n')
}

function mark(state: Finding['state'], colors: Colors): string {
  if (state === 'ok') return colors.green('ok  ')
  return state === 'warn' ? colors.yellow('warn') : colors.red('fail')
}
