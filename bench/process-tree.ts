import { readdirSync, readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/** User and system time of a process, of those that it started, and of those of them that have ended (proc_pid_stat(5)). */
export function treeCpuSeconds(pid: number): number {
  const [user = 0, system = 0, ofEnded = 0, systemOfEnded = 0] = ticksOf(pid)
  const own = (user + system + ofEnded + systemOfEnded) / TICKS_A_SECOND
  return childrenOf(pid).reduce((sum, child) => sum + treeCpuSeconds(child), own)
}

/** User and system time of a process alone. */
export function ownCpuSeconds(pid: number): number {
  const [user = 0, system = 0] = ticksOf(pid)
  return (user + system) / TICKS_A_SECOND
}

function ticksOf(pid: number): readonly number[] {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  return fields.split(' ').slice(11, 15).map(Number)
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  )
}
