/** The ffmpeg that is used: HINDRA_FFMPEG, else the one in PATH. */
export function ffmpegPath(): string {
  return process.env['HINDRA_FFMPEG'] ?? 'ffmpeg'
}
