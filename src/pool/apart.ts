/** The process whose worker threads decode what comes at its standard input; it ends with that. */
import { stdin, stdout } from 'node:process'
// Not for the type alone: sharp asks that the main thread loads it before worker threads do.
import '../decode/index.ts'
import { toHindraError } from '../errors.ts'
import type { AnsweredTask, Order, Orders } from './worker-process.ts'
import { writtenAnswer } from './written-answer.ts'
import { readPipeLines, writePipeLine } from './pipe-lines.ts'
import { takeOver } from './hand-over.ts'
import { createLane, type Lane } from './lane.ts'
import { createMemoryBudget } from './pixel-memory.ts'

type OwnLane = Lane<Uint8Array<ArrayBuffer>>

function lanesOf({ lanes, decodeMib, worker, ...options }: Orders): readonly OwnLane[] {
  const memory = createMemoryBudget(decodeMib)
  const file = { url: new URL(worker.url), execArgv: worker.execArgv }
  return Array.from({ length: lanes }, () => createLane({ ...options, memory, worker: file }))
}

function tell(
  line: AnsweredTask | { readonly isReady: true },
  features: readonly Uint8Array[] = [],
): void {
  writePipeLine(stdout, line, features)
}

const underWay = new Map<number, AbortController>()

async function answer(lanes: readonly OwnLane[], order: Order, bytes: Uint8Array<ArrayBuffer>) {
  const { id } = order
  if ('cancelled' in order) {
    underWay.get(id)?.abort()
    return
  }
  const cancel = new AbortController()
  underWay.set(id, cancel)
  try {
    const { lane, task, inMemory } = order
    const given = inMemory === undefined ? bytes : takeOver(lane, inMemory)
    const found = await lanes[lane]?.run({ ...task, bytes: given }, cancel.signal)
    if (found === undefined) return
    const [said, features] = writtenAnswer(found)
    tell({ id, answer: said }, features)
  } catch (error) {
    const { code, message } = toHindraError(error)
    if (!cancel.signal.aborted) tell({ id, answer: { refusal: { code, message } } })
  } finally {
    underWay.delete(id)
  }
}

let lanes: readonly OwnLane[] | undefined
for await (const { head, payload } of readPipeLines(stdin)) {
  if (lanes === undefined) {
    lanes = lanesOf(head as Orders)
    tell({ isReady: true })
  } else {
    void answer(lanes, head as Order, payload)
  }
}
// Nobody is left to answer.
process.exit(0)
