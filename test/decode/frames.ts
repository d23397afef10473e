import { type DecodeLimits, type Keyframe, decodeFilm } from '../../src/decode/index.ts'

/** All frames that the film decoder takes. */
export async function framesOf(bytes: Uint8Array, limits: DecodeLimits): Promise<Keyframe[]> {
  const frames: Keyframe[] = []
  for await (const frame of (await decodeFilm(bytes, limits)).keyframes) frames.push(frame)
  return frames
}
