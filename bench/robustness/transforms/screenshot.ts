import sharp from 'sharp'
import { SeededRandom } from '../../../src/core/index.ts'
import { emblem, writing } from './overlay.ts'
import {
  composed,
  covering,
  type Placed,
  type Size,
  sheet,
  sizeOf,
  type Transform,
} from './transform.ts'

const SCREEN = { width: 540, height: 1110 } as const

/** What an app draws around pictures: the same of every picture for one seed of its look. */
export interface App {
  readonly ground: string
  readonly layers: readonly Placed[]
  /** Where the picture goes. */
  readonly box: Size & { readonly top: number }
  /** The picture fills the box, or is whole in it. */
  readonly fills: boolean
}

/** A feed: head with an avatar and a name, the picture across the screen, buttons and comments. */
export function feedApp(seed: number): App {
  const random = new SeededRandom(seed)
  const isDark = random.next() < 0.5
  const ground = isDark ? '#111' : '#fff'
  const line = (width: number) =>
    writing(random, { width, height: 28 }, isDark ? 'none' : '#fff', 1)
  const icon = (side: number) => emblem(random, { width: side, height: side })
  const picture = { width: SCREEN.width, height: random.integer(440, 640), top: 170 }
  const below = picture.top + picture.height
  const layers = [
    { input: line(180), left: 20, top: 8 },
    { input: line(120), left: 400, top: 8 },
    { input: icon(70), left: 20, top: 84 },
    { input: line(280), left: 110, top: 100 },
    ...[0, 1, 2].map((index) => ({ input: icon(44), left: 20 + 64 * index, top: below + 14 })),
    ...[0, 1, 2].map((index) => ({ input: line(480), left: 20, top: below + 76 + 40 * index })),
    ...[0, 1, 2, 3, 4].map((index) => ({ input: icon(48), left: 30 + 104 * index, top: 1050 })),
  ]
  return { ground, layers, box: picture, fills: true }
}

/** A viewer: the picture whole on black, few controls. */
export function viewerApp(seed: number): App {
  const random = new SeededRandom(seed)
  const icon = (side: number) => emblem(random, { width: side, height: side })
  const layers = [
    { input: writing(random, { width: 160, height: 28 }, 'none', 1), left: 20, top: 8 },
    { input: icon(44), left: 20, top: 60 },
    { input: icon(44), left: 470, top: 60 },
    ...[0, 1, 2, 3].map((index) => ({ input: icon(48), left: 60 + 120 * index, top: 1030 })),
  ]
  return { ground: '#000', layers, box: { ...SCREEN, height: 880, top: 120 }, fills: false }
}

export async function inApp(picture: Buffer, { ground, layers, box, fills }: App): Promise<Buffer> {
  const input = fills
    ? await covering(picture, box)
    : await sharp(picture)
        .resize({ width: box.width, height: box.height, fit: 'inside' })
        .toBuffer()
  const inner = await sizeOf(input)
  const shown = {
    input,
    left: (SCREEN.width - inner.width) / 2,
    top: box.top + (box.height - inner.height) / 2,
  }
  return composed(sheet(SCREEN, ground), [shown, ...layers])
}

export const screenshot = {
  'screenshot feed': (picture, { random }) =>
    inApp(picture, feedApp(random.integer(0, 2 ** 31 - 1))),
  'screenshot viewer': (picture, { random }) =>
    inApp(picture, viewerApp(random.integer(0, 2 ** 31 - 1))),
} as const satisfies Record<string, Transform>
