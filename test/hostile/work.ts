import { Session } from 'node:inspector/promises'

/** Counts what a piece of code does, in steps that are the same on every machine. */
export interface WorkCounter {
  /** The steps of one call: blocks of JavaScript that ran, and characters that native calls went over. */
  of(run: () => unknown): Promise<number>
  stop(): Promise<void>
}

/** What a native call went over, told by its receiver, its arguments and its answer. */
type Cost = (self: unknown, args: readonly unknown[], answer: unknown) => number

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || !('length' in value)) return 0
  return Number(value.length)
}

const whole: Cost = (self) => lengthOf(self)

/** From the second argument on, up to the place that the answer names, or to the end. */
const searched: Cost = (self, [, from], answer) => {
  const start = typeof from === 'number' ? from : 0
  const end = typeof answer === 'number' && answer >= 0 ? answer : lengthOf(self)
  return Math.max(0, end - start)
}

/** A sticky expression looks at one place, any other at all from `lastIndex` to where it matched. */
const matched: Cost = (self, [text], answer) => {
  if (!(self instanceof RegExp)) return 0
  if (Array.isArray(answer)) return lengthOf(String(answer[0]))
  return self.sticky ? 1 : lengthOf(text)
}

const joined: Cost = (_self, [parts]) =>
  Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + lengthOf(part), 0) : 0

/** The prototype that all typed arrays share. */
const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object

/** The native calls that may go over all that they are given. */
const NATIVE: readonly (readonly [object, readonly string[], Cost])[] = [
  [String.prototype, ['indexOf', 'includes'], searched],
  [String.prototype, ['lastIndexOf', 'split', 'toLowerCase', 'toUpperCase', 'normalize'], whole],
  [RegExp.prototype, ['exec'], matched],
  [Array.prototype, ['indexOf', 'includes'], searched],
  [Array.prototype, ['concat', 'join', 'slice', 'splice', 'unshift'], whole],
  [TYPED_ARRAY, ['indexOf', 'includes'], searched],
  [TYPED_ARRAY, ['slice'], whole],
  [Buffer.prototype, ['indexOf', 'includes'], searched],
  [Buffer.prototype, ['toString'], whole],
  [Buffer, ['concat'], joined],
]

/**
 * V8 counts the blocks of a function only where it is first called after the start; of one that ran before it counts
 * calls alone.
 * Text that is put together piece by piece is a rope, whose flattening is not seen: the measured run sees it.
 */
export async function countWork(): Promise<WorkCounter> {
  let scanned = 0
  const restore = NATIVE.flatMap(([owner, names, cost]) =>
    names.map((name) => wrap(owner, name, (...call) => (scanned += cost(...call)))),
  )
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

  /** Since the last time that it was asked. */
  async function blocks(): Promise<number> {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const ranges = result.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    return ranges.reduce((sum, { count }) => sum + count, 0)
  }

  await blocks()
  return {
    async of(run) {
      scanned = 0
      try {
        await run()
      } catch (error) {
        // A refusal is an answer, ours or a library's.
        if (!(error instanceof Error)) throw error
      }
      const characters = scanned
      return characters + (await blocks())
    },
    async stop() {
      for (const back of restore) back()
      await session.post('Profiler.stopPreciseCoverage')
      session.disconnect()
    },
  }
}

/** Answers what puts the method back. */
function wrap(owner: object, name: string, tell: Cost): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  if (typeof before?.value !== 'function') throw new Error(`there is no method ${name}`)
  const method = before.value as (...args: unknown[]) => unknown
  Object.defineProperty(owner, name, {
    ...before,
    value: function (this: unknown, ...args: unknown[]) {
      const answer = method.apply(this, args)
      tell(this, args, answer)
      return answer
    },
  })
  return () => Object.defineProperty(owner, name, before)
}
