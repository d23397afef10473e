import { runFfmpeg } from '../../fixtures/index.ts'

const FILM = ['-fd', '3', '-i', 'fd:']
const copy = (...args: readonly string[]) => [...FILM, '-c', 'copy', ...args]

/** Ways in which the pictures of a film come in another file, though nobody encoded them again. */
const WRAPPINGS = {
  matroska: copy('-f', 'matroska'),
  'transport stream': copy('-f', 'mpegts'),
  flash: copy('-f', 'flv'),
  'avi without sound': copy('-an', '-bsf:v', 'h264_mp4toannexb', '-f', 'avi'),
  fragments: copy('-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'),
  'index in front, other tags, no sound': copy(
    ...['-an', '-moov_size', '20000', '-metadata', 'title=another', '-f', 'mp4'],
  ),
  'other sound': [
    ...FILM,
    ...['-f', 'lavfi', '-i', 'sine=f=1000:d=4', '-map', '0:v', '-map', '1:a'],
    ...['-c:v', 'copy', '-c:a', 'aac', '-f', 'mp4'],
  ],
  'cover picture': [
    ...FILM,
    ...['-f', 'lavfi', '-i', 'testsrc=d=1:r=1', '-map', '0', '-map', '1:v', '-c', 'copy'],
    ...['-c:v:1', 'mjpeg', '-pix_fmt:v:1', 'yuvj420p', '-disposition:v:1', 'attached_pic'],
    ...['-f', 'mp4'],
  ],
} as const
export type Wrapping = keyof typeof WRAPPINGS
export const WRAPPING_NAMES = Object.keys(WRAPPINGS) as Wrapping[]

/** The same coded pictures in another file. */
export function wrapped(film: Uint8Array, wrapping: Wrapping): Promise<Buffer> {
  return runFfmpeg(WRAPPINGS[wrapping], film)
}
