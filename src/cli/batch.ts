import { defang, defined } from '../core/index.ts'
import { ERRORS, type ErrorCode, HindraError, toHindraError } from '../errors.ts'
import { printable } from './output.ts'
import type { Shell } from './shell.ts'

/** Why one input of a batch failed; it never stops the others. */
export interface Failure {
  readonly code: ErrorCode
  readonly field?: string
  readonly detail: string
}

export interface Batch<Answer> {
  /** What is done, for the progress bar and the summary: `proposed`. */
  readonly label: string
  readonly inputs: readonly string[]
  readonly work: (input: string) => Promise<Answer>
  /** An answer as people read it. */
  readonly human: (answer: Answer, input: string) => string
}

/** Enough to keep the workers of the server busy. */
const WIDTH = 8

/** What is wrong with the whole batch rather than with one input. */
const HOPELESS: readonly ErrorCode[] = ['UNREACHABLE', 'UNAUTHENTICATED', 'FORBIDDEN']

/**
 * Works on several inputs at once and shows what came of each, in their order; with --json as
 * `{input, answer}` or `{input, error}`. The exit code tells whether any failed. Throws what would
 * meet every other input as well: no server, no key, no permission.
 */
export async function runBatch<Answer>(shell: Shell, batch: Batch<Answer>): Promise<void> {
  const output = shell.output()
  const progress = await shell.progress(batch.label, batch.inputs.length)
  const failures: ErrorCode[] = []
  try {
    for await (const { input, result } of inOrder(batch.inputs, batch.work)) {
      progress.step()
      if (result instanceof HindraError) failures.push(result.code)
      showResult(shell, input, result, batch.human)
    }
  } finally {
    progress.stop()
  }
  const succeeded = batch.inputs.length - failures.length
  output.note(`${succeeded} ${batch.label}, ${failures.length} failed`)
  shell.exitWith(exitCodeOf(failures))
}

/** One row: an answer on standard output; a failure, for people, on standard error. */
export function showResult<Answer>(
  shell: Shell,
  input: string,
  result: Answer | HindraError,
  human: (answer: Answer, input: string) => string,
): void {
  const output = shell.output()
  if (!(result instanceof HindraError)) {
    output.row({ input, answer: result }, () => human(result, input))
  } else if (output.asJson) {
    output.row({ input, error: toFailure(result) }, String)
  } else {
    output.note(`${result.code}: ${printable(result.message)} (${inputForPeople(input)})`)
  }
}

/** A file's name or an id as it is; a URL so that it cannot be clicked by accident. */
export function inputForPeople(input: string): string {
  return printable(/^https?:/i.test(input) ? defang(input) : input)
}

/** The exit code of the failures where they agree, 1 where they do not, 0 without any. */
export function exitCodeOf(failures: Iterable<ErrorCode>): number {
  const exits = new Set(Array.from(failures, (code) => ERRORS[code].exit))
  const [first] = exits
  if (first === undefined) return 0
  return exits.size === 1 ? first : 1
}

function toFailure({ code, field, message }: HindraError): Failure {
  return { code, ...defined({ field }), detail: message }
}

async function* inOrder<Answer>(
  inputs: readonly string[],
  work: (input: string) => Promise<Answer>,
): AsyncGenerator<{ input: string; result: Answer | HindraError }> {
  const running: { input: string; result: Promise<Answer | HindraError> }[] = []
  for (let next = 0; next < inputs.length || running.length > 0; ) {
    const input = inputs[next]
    if (input !== undefined && running.length < WIDTH) {
      running.push({ input, result: work(input).catch(toHindraError) })
      next += 1
      continue
    }
    const oldest = running.shift()
    if (oldest === undefined) break
    const result = await oldest.result
    if (result instanceof HindraError && HOPELESS.includes(result.code)) throw result
    yield { input: oldest.input, result }
  }
}
