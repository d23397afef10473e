import type { DecodeLimits, FilmFormat } from './decoded.ts'

/** ffmpeg's demuxer for each format: it is told which one to use and never guesses. */
const DEMUXERS: Record<FilmFormat, string> = {
  mp4: 'mov',
  matroska: 'matroska',
  avi: 'avi',
  mpeg: 'mpeg',
  mpegts: 'mpegts',
  flv: 'flv',
  asf: 'asf',
  apng: 'apng',
}

/** Decoders of what films on the web are made of; ffmpeg's some 200 others stay shut. */
const CODECS = [
  ...['h264', 'hevc', 'libdav1d', 'vp8', 'vp9', 'libvpx-vp9', 'mpeg4', 'mpeg2video', 'mpeg1video'],
  ...['h263', 'flv', 'vp6', 'vp6f', 'vp6a', 'theora', 'mjpeg', 'apng', 'png', 'rawvideo', 'bmp'],
  ...['msmpeg4v1', 'msmpeg4v2', 'msmpeg4', 'wmv1', 'wmv2', 'wmv3', 'vc1', 'dvvideo', 'prores'],
  ...['svq1', 'svq3', 'cinepak', 'indeo3', 'indeo5', 'rpza', 'qtrle', 'dnxhd', 'huffyuv', 'ffv1'],
]

/** Descriptor at which the child finds the film. */
export const FILM_FD = 3

/**
 * Options before the input of ffmpeg and ffprobe: bytes come from the descriptor alone (no file,
 * no network, whatever the bytes ask for), one demuxer, known codecs, frames within the limit.
 * Codecs of sound are not named: ffmpeg leaves sound alone, ffprobe would refuse the whole film.
 */
export function filmInput(format: FilmFormat, { pixelsMax }: DecodeLimits): readonly string[] {
  const demuxer = DEMUXERS[format]
  return [
    ...['-v', 'error', '-protocol_whitelist', 'fd'],
    ...['-f', demuxer, '-format_whitelist', demuxer, '-codec_whitelist:v', CODECS.join(',')],
    ...['-max_pixels', String(pixelsMax), '-fd', String(FILM_FD), '-i', 'fd:'],
  ]
}
