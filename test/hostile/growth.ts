import { ATOMS, type ForeignParser } from './parsers.ts'

/** How the time of a parser grows with its input. */
export interface Growth {
  readonly parser: string
  /** What was repeated. */
  readonly atom: string
  readonly chars: number
  readonly cpuMs: number
  /** The exponent of the power law through the last points: 1 is linear, 2 quadratic. */
  readonly exponent: number
}

/** Below it the process's own unrest is larger than what is measured. */
const TELLING_MS = 40
const FIRST_CHARS = 4_096

/**
 * The worst that any atom does to a parser: each is doubled until one input takes `cpuMsMax` of the
 * process's CPU, or the parser's own limit is reached. Where nothing took long enough to tell
 * anything the exponent is 1.
 */
export async function worstGrowth(parser: ForeignParser, cpuMsMax: number): Promise<Growth> {
  let worst: Growth = { parser: parser.name, atom: '', chars: 0, cpuMs: 0, exponent: 1 }
  for (const atom of ATOMS) {
    const growth = await growthOf(parser, atom, cpuMsMax)
    const isWorse = growth.exponent > worst.exponent
    if (worst.chars === 0 || isWorse) worst = growth
  }
  return worst
}

async function growthOf(parser: ForeignParser, atom: string, cpuMsMax: number): Promise<Growth> {
  const points: { readonly chars: number; readonly cpuMs: number }[] = []
  const charsMax = parser.charsMax ?? 16 * 1024 * 1024
  for (let chars = FIRST_CHARS; chars <= charsMax; chars *= 2) {
    const cpuMs = await cpuOf(parser, atom.repeat(Math.ceil(chars / atom.length)))
    points.push({ chars, cpuMs })
    if (cpuMs > cpuMsMax) break
    // What is linear is told by a few doublings; it need not be followed to its limit.
    if (chars >= 2 ** 20 && cpuMs < TELLING_MS) break
  }
  const last = points.at(-1) ?? { chars: 0, cpuMs: 0 }
  const telling = points.filter(({ cpuMs }) => cpuMs >= TELLING_MS).slice(-4)
  return { parser: parser.name, atom, ...last, exponent: slope(telling) }
}

/** The best of two runs: the first may have compiled, or collected another's garbage. */
async function cpuOf(parser: ForeignParser, text: string): Promise<number> {
  const first = await once(parser, text)
  return first < TELLING_MS ? first : Math.min(first, await once(parser, text))
}

async function once(parser: ForeignParser, text: string): Promise<number> {
  const before = process.cpuUsage()
  try {
    await parser.read(text)
  } catch (error) {
    // A refusal is an answer, ours or a library's.
    if (!(error instanceof Error)) throw error
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The slope of a line through the logarithms, by least squares; 1 where there are fewer than three points. */
function slope(points: readonly { readonly chars: number; readonly cpuMs: number }[]): number {
  if (points.length < 3) return 1
  const xs = points.map(({ chars }) => Math.log(chars))
  const ys = points.map(({ cpuMs }) => Math.log(cpuMs))
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [middleX, middleY] = [mean(xs), mean(ys)]
  const over = xs.reduce((sum, x, at) => sum + (x - middleX) * ((ys[at] ?? 0) - middleY), 0)
  return over / xs.reduce((sum, x) => sum + (x - middleX) ** 2, 0)
}
