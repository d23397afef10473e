import { defined } from '../core/index.ts'
import { ERRORS, type HindraError } from '../errors.ts'
import type { Problem } from '../operations/index.ts'

export type { Problem } from '../operations/index.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export function toProblem(error: HindraError): Problem {
  const { status, meaning, remedy } = ERRORS[error.code]
  return {
    type: `urn:hindra:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: meaning,
    status,
    code: error.code,
    detail: publicDetail(error),
    ...defined({ field: error.field, line: error.line }),
    remedy,
  }
}

/** The message of an error of ours. What is not ours may quote anything, so its words stay here. */
export function publicDetail(error: HindraError): string {
  return error.code === 'INTERNAL' ? ERRORS.INTERNAL.meaning : error.message
}

/** Where an error came from, for the log: frames only, since a message may quote a URL or a key. */
export function stackFrames(error: Error): readonly string[] {
  const origin = error.cause instanceof Error ? error.cause : error
  const lines = origin.stack?.split('\n') ?? []
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '))
}
