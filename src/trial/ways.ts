import sharp, { type Sharp } from 'sharp'

/** Makes an altered copy of an encoded picture; `other` is another picture, to stand beside it. */
type Way = (picture: Buffer, other: Buffer) => Promise<Buffer>

interface Size {
  readonly width: number
  readonly height: number
}

const QUALITY = 85

/** The ways in which copies are altered, the easy ones first. */
export const WAYS: Readonly<Record<string, Way>> = {
  'JPEG at quality 20': (picture) => written(sharp(picture), 20),
  'a third of the size': async (picture) => {
    const { width } = await sizeOf(picture)
    return written(sharp(picture).resize(Math.ceil(width / 3)))
  },
  blurred: (picture) => written(sharp(picture).blur(6)),
  'grey and darker': (picture) => written(sharp(picture).grayscale().linear(0.6, 0)),
  'colours changed': (picture) => written(sharp(picture).modulate({ hue: 60, saturation: 1.4 })),
  mirrored: (picture) => written(sharp(picture).flop()),
  'turned 15 degrees': (picture) => written(sharp(picture).rotate(15)),
  'wider by a third': async (picture) => {
    const { width, height } = await sizeOf(picture)
    return written(sharp(picture).resize(Math.round((width * 4) / 3), height, { fit: 'fill' }))
  },
  'half of the area': (picture) => cropped(picture, Math.SQRT1_2),
  'a fifth of the area': (picture) => cropped(picture, Math.sqrt(0.2)),
  'bars above and below': async (picture) => {
    const bar = Math.round((await sizeOf(picture)).height / 4)
    return written(sharp(picture).extend({ top: bar, bottom: bar, background: 'white' }))
  },
  'covered by a third': async (picture, other) => {
    const { width, height } = await sizeOf(picture)
    const part = { width: Math.round(width * 0.58), height: Math.round(height * 0.58) }
    return laid(picture, [{ input: await filled(other, part), left: 0, top: height - part.height }])
  },
  'small upon another': async (picture, other) => {
    const { width, height } = await sizeOf(other)
    const part = { width: Math.round(width * 0.3), height: Math.round(height * 0.3) }
    return laid(other, [{ input: await filled(picture, part), left: part.width, top: part.height }])
  },
  'a quarter of a collage': async (picture, other) => {
    const { width, height } = await sizeOf(picture)
    const part = { width: Math.floor(width / 2), height: Math.floor(height / 2) }
    const beside = await filled(other, part)
    return laid(picture, [
      { input: await filled(picture, part), left: 0, top: 0 },
      { input: beside, left: part.width, top: 0 },
      { input: beside, left: 0, top: part.height },
      { input: beside, left: part.width, top: part.height },
    ])
  },
}

function written(picture: Sharp, quality = QUALITY): Promise<Buffer> {
  return picture.jpeg({ quality }).toBuffer()
}

async function sizeOf(picture: Buffer): Promise<Size> {
  const { width, height } = await sharp(picture).metadata()
  return { width, height }
}

/** The middle of a picture, `share` of each side. */
async function cropped(picture: Buffer, share: number): Promise<Buffer> {
  const { width, height } = await sizeOf(picture)
  const part = { width: Math.ceil(width * share), height: Math.ceil(height * share) }
  const left = Math.floor((width - part.width) / 2)
  const top = Math.floor((height - part.height) / 2)
  return written(sharp(picture).extract({ left, top, ...part }))
}

function filled(picture: Buffer, { width, height }: Size): Promise<Buffer> {
  return written(sharp(picture).resize(width, height, { fit: 'cover' }))
}

function laid(
  ground: Buffer,
  parts: readonly { readonly input: Buffer; readonly left: number; readonly top: number }[],
): Promise<Buffer> {
  return written(sharp(ground).composite([...parts]))
}
