import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The middle of the sorted values; the mean of the middle two for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

export interface Spent {
  /** User and system time of all threads of this process. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

/** What the work cost. Child processes are not counted. */
export async function spent(work: () => unknown): Promise<Spent> {
  const cpuBefore = process.cpuUsage()
  const wallBefore = performance.now()
  await work()
  const wallSeconds = (performance.now() - wallBefore) / 1e3
  const cpu = process.cpuUsage(cpuBefore)
  return { cpuSeconds: (cpu.user + cpu.system) / 1e6, wallSeconds }
}

/** The smallest value that at least `percent` of them do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN
}

/** What the files below a folder take. */
export function bytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  return files
    .filter((file) => file.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
