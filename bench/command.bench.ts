import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { cpuSecondsOf } from './command/cpu.ts'
import { createDesk, HINDRA } from './command/desk.ts'
import { median } from './measure.ts'

const ROUNDS = 15
/** A program that does nothing costs what any program on Node costs. */
const PEER = 'node -e 0'

/** Commands by case: those of `server` ask a server that runs. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  version: ['--version'],
  help: ['--help', 'cases --help'],
  server: ['waiting', 'people', 'stats', 'tips --queue', 'items', 'notices', 'audit', 'cases'],
}

export const cases = { version: true, help: true, server: true }

/** CPU time of whole commands, as they are built (`npm run build`), in turn with a Node that does nothing. */
export async function run(bench: Bench): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  const desk = await createDesk(directory)
  try {
    for (const [name, commands] of Object.entries(COMMANDS)) {
      if (!bench.wants(name)) continue
      for (const command of commands) {
        const [own, idle]: [number[], number[]] = [[], []]
        for (let round = 0; round < ROUNDS; round += 1) {
          own.push(cpuSecondsOf([HINDRA, ...command.split(' ')], desk.env))
          idle.push(cpuSecondsOf(['-e', '0'], desk.env))
        }
        const [value, peerValue] = [median(own), median(idle)]
        const compared = {
          value,
          unit: 's of CPU',
          peer: PEER,
          peerValue,
          ratio: value / peerValue,
        }
        bench.record({ case: name, metric: `hindra ${command}`, ...compared })
      }
    }
  } finally {
    desk.close()
    rmSync(directory, { recursive: true })
  }
}
