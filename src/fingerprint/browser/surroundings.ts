// What of a browser's worker is used here. The project's types know no browser, and all of them would bring its names
// into every file. Sources: HTML, "Images"; WebGL 2.0 specification.

/** A picture that the browser has decoded. */
export interface DecodedBitmap {
  readonly width: number
  readonly height: number
  close(): void
}

/** Pixels as they are stored: not turned, not shifted to the colours of a screen, not multiplied by their alpha. */
const AS_STORED = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
} as const

interface ReadingContext {
  readonly TEXTURE_2D: number
  readonly RGBA8: number
  readonly RGBA: number
  readonly UNSIGNED_BYTE: number
  readonly FRAMEBUFFER: number
  readonly COLOR_ATTACHMENT0: number
  readonly UNPACK_COLORSPACE_CONVERSION_WEBGL: number
  readonly UNPACK_PREMULTIPLY_ALPHA_WEBGL: number
  readonly NONE: number
  readonly NO_ERROR: number
  getError(): number
  pixelStorei(name: number, value: number | boolean): void
  createTexture(): object
  bindTexture(target: number, texture: object): void
  deleteTexture(texture: object): void
  texImage2D(
    target: number,
    level: number,
    internal: number,
    format: number,
    type: number,
    source: DecodedBitmap,
  ): void
  createFramebuffer(): object
  bindFramebuffer(target: number, framebuffer: object): void
  framebufferTexture2D(
    target: number,
    attachment: number,
    kind: number,
    texture: object,
    level: number,
  ): void
  readPixels(
    x: number,
    y: number,
    width: number,
    height: number,
    format: number,
    type: number,
    into: Uint8Array,
  ): void
}

interface BrowserWorker {
  readonly createImageBitmap: {
    (source: object, options: typeof AS_STORED): Promise<DecodedBitmap>
    (
      source: DecodedBitmap,
      x: number,
      y: number,
      width: number,
      height: number,
      options: typeof AS_STORED,
    ): Promise<DecodedBitmap>
  }
  readonly ImageData: new (data: Uint8ClampedArray, width: number, height: number) => object
  readonly OffscreenCanvas: new (
    width: number,
    height: number,
  ) => { getContext(kind: 'webgl2'): ReadingContext | null }
  readonly addEventListener: (
    kind: 'message',
    listen: (event: { readonly data: unknown }) => void,
  ) => void
  readonly postMessage: (message: object) => void
}

/** The global object of the worker, which no type of the project describes. */
const browser = globalThis as unknown as BrowserWorker

export const { addEventListener: listen, postMessage: answer } = browser

/** Rejects where the browser cannot decode it. */
export function bitmapOfFile(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedBitmap> {
  return browser.createImageBitmap(new Blob([bytes]), AS_STORED)
}

/** @param rgba Interleaved, rows top to bottom, not multiplied by alpha */
export function bitmapOfPixels(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): Promise<DecodedBitmap> {
  return browser.createImageBitmap(new browser.ImageData(rgba, width, height), AS_STORED)
}

/** A rectangle of it. */
export function pieceOf(
  bitmap: DecodedBitmap,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<DecodedBitmap> {
  return browser.createImageBitmap(bitmap, x, y, width, height, AS_STORED)
}

/**
 * Reads the pixels of pieces through a texture: what a 2D canvas gives back is multiplied by its alpha first, so that
 * what lies under transparent pixels is lost. Throws where the browser has no WebGL 2 here, or refuses.
 */
export function openPixelReader(): (piece: DecodedBitmap) => Uint8Array {
  const gl = new browser.OffscreenCanvas(1, 1).getContext('webgl2')
  if (gl === null) throw new Error('no WebGL 2')
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  return (piece) => {
    const { width, height } = piece
    const texture = gl.createTexture()
    gl.bindTexture(gl.TEXTURE_2D, texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, piece)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
    const rgba = new Uint8Array(width * height * 4)
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba)
    gl.deleteTexture(texture)
    if (gl.getError() !== gl.NO_ERROR) throw new Error('the texture was refused')
    return rgba
  }
}
