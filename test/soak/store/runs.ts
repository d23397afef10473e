import {
  NO_POSTGRES,
  postgresPrograms,
  PostgresServer,
} from '../../../fixtures/servers/postgres.ts'
import type { Report } from '../report.ts'
import { soakOn, type SoakOptions } from './soak.ts'

/** What killed processes and restarts leave behind in a cluster is not to follow a run for ever. */
const RUNS_A_CLUSTER = 25

/**
 * Many short runs, one after the other, each with the seed behind that of the one before and a database of its own.
 *
 * @param told Told in words how far it is, and of each run that broke how it is played again
 */
export async function soakRuns(
  runs: number,
  options: SoakOptions,
  told: (line: string) => void,
): Promise<Report> {
  if (postgresPrograms === undefined) throw new Error(NO_POSTGRES)
  const sums = new Map<string, number>()
  const faults: string[] = []
  for (let done = 0; done < runs; done += RUNS_A_CLUSTER) {
    const server = await PostgresServer.start()
    try {
      const end = Math.min(done + RUNS_A_CLUSTER, runs)
      for (let run = done; run < end; run += 1) await play(server, options.seed + run)
      told(`${end} of ${runs} runs, ${faults.length} faults`)
    } finally {
      await server.end()
    }
  }
  const failed = new Set(faults.map((fault) => fault.split(':')[0])).size
  return { figures: { runs, failed, ...Object.fromEntries(sums) }, faults }

  async function play(server: PostgresServer, seed: number): Promise<void> {
    const database = `run_${seed}`
    await server.query(`CREATE DATABASE ${database}`)
    const report = await soakOn(server, database, { ...options, seed })
    for (const [name, value] of Object.entries(report.figures)) {
      if (typeof value !== 'number' || name in options) continue
      sums.set(name, (sums.get(name) ?? 0) + value)
    }
    if (report.faults.length === 0) return
    const named = report.faults.map((fault) => `seed ${seed}: ${fault}`)
    faults.push(...named)
    for (const line of named) told(line)
    const seconds = Math.round(options.minutes * 60)
    told(
      `replay: npm run soak -- --runs 1 --seconds ${seconds} --seed ${seed} --workers ${options.workers}`,
    )
  }
}
