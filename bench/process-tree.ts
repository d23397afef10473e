import { readdirSync, readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/** User and system time of a process, of those that it started, and of those of them that have ended (proc_pid_stat(5)). */
export function treeCpuSeconds(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const ticks = fields.split(' ').slice(11, 15).map(Number)
  const own = ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND
  return childrenOf(pid).reduce((sum, child) => sum + treeCpuSeconds(child), own)
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  )
}
