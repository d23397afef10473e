import sharp, { type Sharp } from 'sharp'
import { scenePixels } from '../../fixtures/index.ts'

/** A generated picture as somebody may have it, and what is hard about it. */
export interface ToldPicture {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

interface Kind {
  readonly name: string
  make(seed: number, size?: typeof SMALL): Promise<ToldPicture>
}

const SMALL = { width: 400, height: 300 }
const SIZES = [
  { width: 640, height: 480 },
  { width: 480, height: 853 },
  { width: 1280, height: 720 },
  { width: 333, height: 251 },
  { width: 1600, height: 1200 },
]

const PLAIN: readonly Kind[] = [
  made('jpeg', 'image/jpeg', (scene) => scene.jpeg({ quality: 88 })),
  made('jpeg-444', 'image/jpeg', (scene) =>
    scene.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  ),
  made('jpeg-low', 'image/jpeg', (scene) => scene.jpeg({ quality: 35 })),
  made('png', 'image/png', (scene) => scene.png({ compressionLevel: 1 })),
  made('webp', 'image/webp', (scene) => scene.webp({ quality: 80, effort: 0 })),
]

/** Thirty kinds at which decoders differ. */
const HARD: readonly Kind[] = [
  ...[2, 3, 4, 5, 6, 7, 8].map((orientation) =>
    made(`jpeg-orientation-${String(orientation)}`, 'image/jpeg', (scene) =>
      scene.jpeg().withMetadata({ orientation }),
    ),
  ),
  made('png-orientation-6', 'image/png', (scene) => scene.png().withMetadata({ orientation: 6 })),
  made('webp-orientation-8', 'image/webp', (scene) =>
    scene.webp().withMetadata({ orientation: 8 }),
  ),
  made('avif-orientation-6', 'image/avif', (scene) =>
    scene.avif({ effort: 0 }).withMetadata({ orientation: 6 }),
  ),
  made('jpeg-p3', 'image/jpeg', (scene) => scene.withIccProfile('p3').jpeg()),
  made('png-p3', 'image/png', (scene) => scene.withIccProfile('p3').png()),
  made('webp-p3', 'image/webp', (scene) => scene.withIccProfile('p3').webp()),
  made('avif-p3', 'image/avif', (scene) => scene.withIccProfile('p3').avif({ effort: 0 })),
  made('jpeg-cmyk', 'image/jpeg', (scene) => scene.toColourspace('cmyk').jpeg()),
  made('jpeg-cmyk-profile', 'image/jpeg', (scene) => scene.withIccProfile('cmyk').jpeg()),
  made('png-alpha', 'image/png', (scene, alpha) => scene.joinChannel(alpha).png()),
  made('webp-alpha', 'image/webp', (scene, alpha) => scene.joinChannel(alpha).webp()),
  made('webp-lossless-alpha', 'image/webp', (scene, alpha) =>
    scene.joinChannel(alpha).webp({ lossless: true, effort: 0 }),
  ),
  made('avif-alpha', 'image/avif', (scene, alpha) => scene.joinChannel(alpha).avif({ effort: 0 })),
  made('png-palette', 'image/png', (scene) => scene.png({ palette: true, colours: 32 })),
  made('png-16', 'image/png', (scene) => scene.toColourspace('rgb16').png()),
  made('png-grey-16', 'image/png', (scene) => scene.toColourspace('grey16').png()),
  made('png-interlaced', 'image/png', (scene) => scene.png({ progressive: true })),
  made('avif', 'image/avif', (scene) => scene.avif({ effort: 0 })),
  // Larger than one texture of many telephones.
  made('jpeg-large', 'image/jpeg', (scene) => scene.resize(4_200).jpeg()),
  made('webp-lossless', 'image/webp', (scene) => scene.webp({ lossless: true, effort: 0 })),
  made('jpeg-progressive', 'image/jpeg', (scene) => scene.jpeg({ progressive: true })),
  made('jpeg-grey', 'image/jpeg', (scene) => scene.greyscale().jpeg()),
  made('gif', 'image/gif', (scene) => scene.gif({ colours: 64, effort: 1 })),
]

/** A hundred pictures, each of another scene: seventy as they mostly are, thirty that are hard. */
export async function hundredPictures(): Promise<readonly ToldPicture[]> {
  const all: ToldPicture[] = []
  for (const [seed, kind] of [
    ...Array.from({ length: 14 }, () => PLAIN).flat(),
    ...HARD,
  ].entries()) {
    all.push(await kind.make(seed))
  }
  return all
}

/** One of the hard kinds, small. */
export async function hardPicture(name: string, seed = 0): Promise<ToldPicture> {
  const kind = HARD.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`no kind of picture is called ${name}`)
  return kind.make(seed, SMALL)
}

function made(name: string, type: string, write: (scene: Sharp, alpha: Buffer) => Sharp): Kind {
  return { name, make }

  async function make(
    seed: number,
    { width, height } = SIZES[Math.floor(seed / 5) % SIZES.length] ?? SMALL,
  ): Promise<ToldPicture> {
    const { data } = scenePixels(seed + 500, { width, height })
    const scene = sharp(data, { raw: { width, height, channels: 3 } })
    // From nothing to be seen at the left to all of it at the right.
    const shades = Uint8Array.from(
      { length: width * height },
      (_, at) => ((at % width) * 255) / width,
    )
    const alpha = sharp(shades, { raw: { width, height, channels: 1 } })
    const bytes = await write(scene, await alpha.png().toBuffer()).toBuffer()
    return { name, type, bytes }
  }
}
