import { worstGrowth } from './growth.ts'
import { FOREIGN_PARSERS } from './parsers.ts'

const CPU_MS_MAX = Number(process.env['HINDRA_HOSTILE_MS'] ?? 2_000)
/** Garbage collection and growing arrays bend a linear parser by so much. */
const EXPONENT_MAX = 1.3

let isOver = false
const only = process.argv[2]
for (const parser of FOREIGN_PARSERS) {
  if (only !== undefined && !parser.name.includes(only)) continue
  const { atom, chars, cpuMs, exponent } = await worstGrowth(parser, CPU_MS_MAX)
  const told = `${JSON.stringify(atom)} x ${chars.toLocaleString('en')} characters`
  const verdict = exponent > EXPONENT_MAX ? 'OVER' : 'ok'
  isOver ||= exponent > EXPONENT_MAX
  console.log(
    `${verdict.padEnd(5)}${exponent.toFixed(2)}  ${parser.name}: ${told}, ${cpuMs.toFixed(0)} ms`,
  )
}
if (isOver) {
  console.error(`a parser of foreign text grows faster than its input to the power ${EXPONENT_MAX}`)
  process.exitCode = 1
}
