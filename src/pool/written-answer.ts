import { defined } from '../core/index.ts'
import type { Still } from '../decode/index.ts'
import type { SeenFeatures, SeenFrame, Sight } from '../fingerprint/index.ts'
import type { PoolAnswer } from './task.ts'

type Refused = Extract<PoolAnswer, { readonly refusal: unknown }>

/** An answer as JSON has it: features follow it, one after the other, or the pixels that are to be shown. */
export type WrittenAnswer =
  | Refused
  | { readonly still: Omit<Still, 'data'> }
  | { readonly moments: readonly WrittenFrame[] }
  | (Omit<Sight, 'seen' | 'frames'> & {
      readonly seen?: readonly WrittenPicture[]
      readonly frames?: readonly WrittenFrame[]
    })
type WrittenPicture = Omit<SeenFeatures, 'features'> & { readonly bytes: number }
type WrittenFrame = Omit<SeenFrame, 'seen'> & { readonly seen: readonly WrittenPicture[] }

/** The answer and the bytes that follow it. */
export function writtenAnswer(answer: PoolAnswer): [WrittenAnswer, readonly Uint8Array[]] {
  if ('refusal' in answer) return [answer, []]
  if ('still' in answer) {
    const { data, ...still } = answer.still
    return [{ still }, [data]]
  }
  if ('moments' in answer) {
    return [{ moments: answer.moments.map(frameWritten) }, answer.moments.flatMap(bytesOf)]
  }
  const { seen, frames, ...rest } = answer
  const pictures = { seen: seen?.map(pictureWritten), frames: frames?.map(frameWritten) }
  const bytes = [...bytesOf({ seen: seen ?? [] }), ...(frames ?? []).flatMap(bytesOf)]
  return [{ ...rest, ...defined(pictures) }, bytes]
}

function frameWritten({ seen, ...frame }: SeenFrame): WrittenFrame {
  return { ...frame, seen: seen.map(pictureWritten) }
}

function pictureWritten({ features, ...one }: SeenFeatures): WrittenPicture {
  return { ...one, bytes: features.length }
}

function bytesOf({ seen }: Pick<SeenFrame, 'seen'>): readonly Uint8Array[] {
  return seen.map(({ features }) => features)
}

/** Features of a length that is none are cut short, and refused by whoever reads them. */
export function readAnswer(answer: WrittenAnswer, payload: Uint8Array): PoolAnswer {
  if ('refusal' in answer) return answer
  if ('still' in answer) return { still: { ...answer.still, data: payload } }
  let at = 0
  const pictureRead = ({ bytes, ...one }: WrittenPicture): SeenFeatures => {
    const features = payload.subarray(at, at + bytes)
    at += bytes
    return { ...one, features }
  }
  const frameRead = ({ seen, ...frame }: WrittenFrame): SeenFrame => {
    return { ...frame, seen: seen.map(pictureRead) }
  }
  if ('moments' in answer) return { moments: answer.moments.map(frameRead) }
  const { seen, frames, ...rest } = answer
  const pictures = { seen: seen?.map(pictureRead), frames: frames?.map(frameRead) }
  return { ...rest, ...defined(pictures) }
}
