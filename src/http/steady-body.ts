import { type Readable, Transform } from 'node:stream'
import type { Config } from '../config.ts'
import { SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** A line may stutter at first. */
const GRACE_SECONDS = 5
const CHECK_MS = 500

/**
 * A body that must arrive at a least rate on average and within a time, so that nobody holds a
 * place with a byte now and then. Breaks off with REQUEST_TIMEOUT, and with TOO_LARGE.
 */
export function steadyBody(
  source: Readable,
  {
    bodySecondsMax,
    bodyBytesPerSecondMin,
  }: Pick<Config['server'], 'bodySecondsMax' | 'bodyBytesPerSecondMin'>,
  bytesMax = Infinity,
  graceSeconds = GRACE_SECONDS,
): Readable {
  const startMs = performance.now()
  let bytes = 0
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > bytesMax) done(tooLarge(bytesMax))
      else done(null, chunk)
    },
    destroy(error, done) {
      clearInterval(timer)
      source.unpipe(body)
      done(error)
    },
  })
  // Whoever has refused the body already listens no more.
  body.on('error', () => undefined)
  const timer = setInterval(() => {
    const seconds = (performance.now() - startMs) / SECOND_MS
    const isSlow = seconds > graceSeconds && bytes < seconds * bodyBytesPerSecondMin
    if (isSlow) body.destroy(tooSlow(`less than ${bodyBytesPerSecondMin} bytes a second`))
    else if (seconds > bodySecondsMax) body.destroy(tooSlow(`not within ${bodySecondsMax} s`))
  }, CHECK_MS)
  timer.unref()
  source.once('end', () => {
    clearInterval(timer)
  })
  source.once('close', () => {
    if (!source.readableEnded) {
      body.destroy(new HindraError('INVALID_INPUT', 'the body broke off'))
    }
  })
  return source.pipe(body)
}

function tooSlow(how: string): HindraError {
  return new HindraError('REQUEST_TIMEOUT', `the body came too slowly: ${how}`)
}

/** What whoever sent so much is told. */
export function tooLarge(bytesMax: number): HindraError {
  const message = `the body is over ${bytesMax} bytes, the most that your roles may send here`
  return new HindraError('TOO_LARGE', message)
}
