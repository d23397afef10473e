import { HindraError } from '../errors.ts'

/** The wall time that one file may still take. */
export interface Deadline {
  readonly limitSeconds: number
  remainingMs(): number
  /** DECODE_TIMEOUT, to be thrown. */
  error(): HindraError
  /** `work`, or DECODE_TIMEOUT when it comes first. What `work` runs in goes on to its own limit. */
  race<T>(work: Promise<T>): Promise<T>
}

export function startDeadline(limitSeconds: number): Deadline {
  const endMs = performance.now() + limitSeconds * 1_000
  const remainingMs = () => Math.max(0, endMs - performance.now())
  const error = () =>
    new HindraError(
      'DECODE_TIMEOUT',
      `decoding took longer than decode.secondsMax = ${String(limitSeconds)}`,
    )
  return {
    limitSeconds,
    remainingMs,
    error,
    async race(work) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(error())
        }, remainingMs())
      })
      try {
        return await Promise.race([work, late])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
