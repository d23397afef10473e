import { ERRORS, type ErrorCode, type HindraError } from '../errors.ts'

/** RFC 9457 problem details, as every refusal of the API carries them. */
export interface Problem {
  readonly type: string
  /** What the code means. */
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  /** What is wrong this time. */
  readonly detail: string
  readonly field?: string
  /** 1-based, in a feed or list. */
  readonly line?: number
  readonly remedy: string
}

export const PROBLEM_TYPE = 'application/problem+json'

export function toProblem(error: HindraError): Problem {
  const { status, meaning, remedy } = ERRORS[error.code]
  return {
    type: `urn:hindra:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: meaning,
    status,
    code: error.code,
    detail: publicDetail(error),
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.line === undefined ? {} : { line: error.line }),
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
