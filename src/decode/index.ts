export { ffmpegPath } from './ffmpeg-path.ts'
export { createMemoryFile } from './memory-file.ts'
export * from './types.ts'
