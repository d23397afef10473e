/**
 * Bytes to pixels. `identifyMedia` tells by content whether bytes are a picture (`decodePicture`)
 * or a film (`decodeFilm`). Both give a stream of keyframes, `{raster, seconds}`: a still picture gives
 * exactly one at 0 seconds, an animated picture or a document several, a film many. Rasters are
 * as stored; `decodeUpright` applies the EXIF orientation (frames of films are upright already).
 * `decodeShrunk` is the fast way for a scan: JPEG only, at a fraction of the resolution; `decodeShrunkLuma` the fastest,
 * where hashes are all that is made of it. `decodeStill` gives what a person is shown.
 */
export { withoutCore } from './decoder-process.ts'
export { ffmpegPath, findProgram } from './ffmpeg-path.ts'
export { ffmpegVersion } from './ffmpeg-version.ts'
export { decodeFilm, decodeSpans } from './film.ts'
export { isWholeGif } from './gif-blocks.ts'
export { identifyMedia } from './identify.ts'
export { createMemoryFile, isInMemory, type MemoryFile, openInMemory } from './memory-file.ts'
export { decodePicture, everyPage } from './picture.ts'
export { pictureFormats } from './picture-formats.ts'
export { decodeShrunk, shrinkFactor } from './shrunk.ts'
export { decodeShrunkLuma } from './shrunk-luma.ts'
export * from './decoded.ts'
export { decodeStill, encodeStill, type Still, STILL_FRAMES_MAX, type StillSize } from './still.ts'
export { startError } from './start-error.ts'
export { decodeUpright } from './upright.ts'
