import { spawnSync } from 'node:child_process'

/** User and system time of a process that does this, by default of Node. Throws where it fails: that would be cheap. */
export function cpuSecondsOf(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  program = process.execPath,
): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null'
  const timed = spawnSync('bash', ['-c', script, 'bash', program, ...args], {
    env,
    encoding: 'utf8',
  })
  const times = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(timed.stderr)
  if (timed.status !== 0 || times === null) throw new Error(`${args.join(' ')}: ${timed.stderr}`)
  return Number(times[1]) + Number(times[2])
}
