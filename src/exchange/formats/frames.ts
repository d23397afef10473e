import { hashOfText, writtenAs } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import { invalid } from './refusing.ts'

/** Digits behind the point of a time, as vPDQ writes it. */
const SECONDS_DIGITS = 3
/** With all keyframes between them Hindra samples up to twice as many. */
const DENSITY_MAX = 2
const SAMPLES_MIN = 8

/** A sampled frame of a film: what vPDQ calls a feature. */
export interface FrameHash {
  /** PDQ, 64 hex digits. */
  readonly value: string
  /** 0 to 100. */
  readonly quality: number
  /** From the beginning of the film, 0 or more. */
  readonly seconds: number
}

/** Throws INVALID_INPUT with the field. */
export function frameOf(hash: string, quality: string, timestamp: string): ListedHash {
  const value = hashOfText('pdq', hash.trim())
  if (value === undefined) throw invalid('hash', writtenAs('pdq').words)
  const [percent, seconds] = [numberIn(quality), numberIn(timestamp)]
  if (!Number.isInteger(percent) || percent > 100) throw invalid('quality', '0 to 100')
  if (!Number.isFinite(seconds)) throw invalid('timestamp', 'seconds, 0 or more')
  return { type: 'pdq', value, quality: percent, seconds }
}

/** NaN for what is no number, or one below 0. */
export function numberIn(text: string): number {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : NaN
}

/**
 * The frames that say something of a film here: where there are far more than Hindra samples, those that vPDQ takes by
 * itself, the first of each second. What matches is a share of the frames of both films.
 */
export function sampledFrames(frames: readonly ListedHash[]): readonly ListedHash[] {
  const inOrder = [...frames].sort((a, b) => secondsOf(a) - secondsOf(b))
  const last = inOrder.at(-1)
  if (last === undefined || inOrder.length <= DENSITY_MAX * samplesIn(secondsOf(last))) {
    return inOrder
  }
  return inOrder.filter((frame, position) => {
    const before = inOrder[position - 1]
    return before === undefined || Math.floor(secondsOf(before)) < Math.floor(secondsOf(frame))
  })
}

/** How many frames Hindra samples of a film that ends so: one a second, and no less than eight. */
function samplesIn(seconds: number): number {
  return Math.max(SAMPLES_MIN, seconds) + 1
}

function secondsOf({ seconds = 0 }: ListedHash): number {
  return seconds
}

export function secondsText(seconds: number): string {
  return seconds.toFixed(SECONDS_DIGITS)
}
