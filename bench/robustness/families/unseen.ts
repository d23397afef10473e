import sharp from 'sharp'
import { SeededRandom } from '../../../src/core/index.ts'
import { emblem } from '../transforms/overlay.ts'
import {
  colour,
  composed,
  covering,
  type Draw,
  inside,
  jpeg,
  type Placed,
  pick,
  sheet,
  sizeOf,
  svg,
} from '../transforms/transform.ts'
import { type Family, type Pair, reposted } from './family.ts'
import { outlineOf } from './outline.ts'
import { withSubject } from './scene.ts'
import { figures, typeface, words } from './writing.ts'

/** The pairs that were drawn from `UNSEEN.md`: 47, 48, 50, 51 and 54. None of them shows the same. */
export const unseenPairs: Family = {
  name: 'unseen pairs',
  photographsAPair: 8,
  rows: {
    'a shelf, a third exchanged': (draw) => pairOf(draw, shelf),
    'a playground in summer and in snow': (draw) => pairOf(draw, seasons),
    'one texture, another seed': (draw) => pairOf(draw, textures),
    'two newsreaders of one studio': (draw) => pairOf(draw, newsreaders),
    'two tickets': (draw) => pairOf(draw, tickets),
  },
}

type Two = (draw: Draw) => Promise<readonly [known: Buffer, seen: Buffer]>

async function pairOf(draw: Draw, two: Two): Promise<Pair> {
  const [known, seen] = await two(draw)
  return { known, seen: await reposted(seen, draw), groups: ['unseen pairs'] }
}

/** Rows of goods with a board below each and a price on it; each stands there two or three times. */
async function shelf({ random }: Draw): Promise<readonly [Buffer, Buffer]> {
  const [rows, columns] = [random.integer(3, 4), random.integer(5, 7)]
  const good = { width: random.integer(100, 140), height: random.integer(140, 190) }
  const [row, board] = [good.height + 40, 26]
  const size = { width: columns * (good.width + 14), height: rows * row }
  const face = typeface(random)
  const ground = colour(random)
  const label = () => {
    const drawn = emblem(random, { width: good.width - 20, height: good.height - 60 })
    const name = words(random, face, { x: 12, y: 12, height: 18 }, good.width - 24)
    const box = `<rect width="100%" height="100%" rx="6" fill="${colour(random)}"/><g stroke="#111">${name}</g>`
    return composed(sharp(svg(good, box)), [{ input: drawn, left: 10, top: 45 }])
  }
  const goods = await Promise.all(Array.from({ length: rows * columns }, label))
  const others = await Promise.all(
    goods.map((one) => (random.next() < 1 / 3 ? label() : Promise.resolve(one))),
  )
  const boards = Array.from({ length: rows }, (_, at) => {
    const y = at * row + good.height
    const price = figures(random, face, { x: 20, y: y + 6, height: 14 }, 3)
    return `<rect y="${y}" width="100%" height="${board}" fill="#d8d4c8"/><g stroke="#222">${price}</g>`
  })
  const view = (all: readonly Buffer[]) => {
    const placed = all.map((input, at): Placed => {
      const [x, y] = [at % columns, Math.floor(at / columns)]
      return { input, left: 7 + x * (good.width + 14), top: y * row }
    })
    const furniture = svg(
      size,
      `<rect width="100%" height="100%" fill="${ground}"/>${boards.join('')}`,
    )
    return composed(sheet(size, '#fff'), [{ input: furniture, left: 0, top: 0 }, ...placed])
  }
  return [await view(goods), await view(others)]
}

/** The same place with other light, white ground, bare colours, and flakes. */
async function seasons({ random, other }: Draw): Promise<readonly [Buffer, Buffer]> {
  const summer = await inside(other(), { width: 900, height: 900 })
  const size = await sizeOf(summer)
  const line = size.height * random.between(0.45, 0.6)
  const drifts = Array.from({ length: 40 }, () => {
    const [x, y] = [random.next() * size.width, line + random.next() * (size.height - line)]
    return `<ellipse cx="${x}" cy="${y}" rx="${random.between(40, 160)}" ry="${random.between(12, 50)}" fill="#f4f7fb"/>`
  })
  const caps = Array.from({ length: 60 }, () => {
    const [x, y] = [random.next() * size.width, random.next() * line]
    return `<ellipse cx="${x}" cy="${y}" rx="${random.between(10, 50)}" ry="${random.between(4, 12)}" fill="#eef2f8"/>`
  })
  const flakes = Array.from({ length: 300 }, () => {
    return `<circle cx="${random.next() * size.width}" cy="${random.next() * size.height}" r="${random.between(1, 4)}" fill="#fff"/>`
  })
  const snow = await sharp(svg(size, drifts.join('') + caps.join('')))
    .blur(4)
    .toBuffer()
  const bare = await sharp(summer)
    .modulate({ saturation: 0.35, brightness: random.between(1.05, 1.2) })
    .toBuffer()
  const winter = await composed(sharp(bare), [
    { input: snow, left: 0, top: 0 },
    { input: svg(size, flakes.join('')), left: 0, top: 0 },
  ])
  return [summer, winter]
}

const WORKS = ['bricks', 'carpet', 'leaves'] as const

/** Bricks, a carpet or leaves by one set of numbers, laid by two different draws. */
async function textures({ random }: Draw): Promise<readonly [Buffer, Buffer]> {
  const kind = pick(random, WORKS)
  const size = { width: 880, height: 660 }
  const [a, b, c] = [colour(random), colour(random), colour(random)]
  const unit = random.integer(50, 90)
  const laid = (seed: SeededRandom) => {
    const parts: string[] = []
    if (kind === 'leaves') {
      for (let leaf = 0; leaf < 900; leaf += 1) {
        const [x, y] = [seed.next() * size.width, seed.next() * size.height]
        parts.push(
          `<ellipse transform="rotate(${seed.integer(0, 359)} ${x} ${y})" cx="${x}" cy="${y}" rx="${unit / 2}" ry="${unit / 5}" fill="${pick(seed, [a, b, c])}" stroke="#223" opacity="0.9"/>`,
        )
      }
    }
    const [wide, high] = kind === 'bricks' ? [unit * 1.8, unit * 0.6] : [unit, unit]
    for (let row = 0; kind !== 'leaves' && row * high < size.height; row += 1) {
      for (let column = -1; column * wide < size.width; column += 1) {
        const x = column * wide + (kind === 'bricks' && row % 2 === 1 ? wide / 2 : 0)
        const shade = seed.between(0.55, 1)
        parts.push(
          `<rect x="${x + 3}" y="${row * high + 3}" width="${wide - 6}" height="${high - 6}" fill="${kind === 'bricks' ? a : pick(seed, [a, b])}" opacity="${shade}"/>`,
        )
        if (kind === 'carpet') {
          parts.push(
            `<path d="M${x + wide / 2} ${row * high + 8}l${wide / 3} ${high / 2 - 8}l${-wide / 3} ${high / 2 - 8}l${-wide / 3} ${-high / 2 + 8}z" fill="${pick(seed, [b, c])}"/>`,
          )
        }
      }
    }
    return jpeg(sharp(svg(size, `<rect width="100%" height="100%" fill="#bbb"/>${parts.join('')}`)))
  }
  const other = () => laid(new SeededRandom(random.integer(0, 2 ** 31 - 1)))
  return [await other(), await other()]
}

/** A studio, somebody before it, and a band of news below. */
async function newsreaders(draw: Draw): Promise<readonly [Buffer, Buffer]> {
  const { random, other } = draw
  const size = { width: 960, height: 540 }
  const studio = await covering(other(), size)
  const [face, band, ink] = [typeface(random), colour(random), pick(random, ['#fff', '#111'])]
  const read = async (than: Buffer) => {
    const outline = await outlineOf(random, size, random.between(0.18, 0.3))
    const person = await withSubject({ ground: studio, size }, draw, outline, 'smooth', than)
    const text = [464, 498].map((y) => words(random, face, { x: 150, y, height: 22 }, 760))
    const ticker = svg(
      size,
      `<rect y="450" width="100%" height="90" fill="${band}"/><rect y="450" width="130" height="90" fill="#a00"/><g stroke="${ink}">${text.join('')}</g>`,
    )
    return composed(sharp(person), [{ input: ticker, left: 0, top: 0 }])
  }
  const known = await read(studio)
  return [known, await read(known)]
}

/** A ticket with a picture of the event, of which the code and the seat are other ones. */
async function tickets({ random, other }: Draw): Promise<readonly [Buffer, Buffer]> {
  const size = { width: 900, height: 380 }
  const art = await covering(other(), { width: 300, height: 380 })
  const face = typeface(random)
  const title = words(random, face, { x: 330, y: 40, height: 34 }, 340)
  const lines = [110, 150, 190].map((y) =>
    words(random, face, { x: 330, y, height: 18 }, random.integer(180, 320)),
  )
  const form = `<rect width="100%" height="100%" fill="#fdfaf2"/><g stroke="#222">${title}${lines.join('')}</g><path d="M690 0V380" stroke="#999" stroke-dasharray="8 6"/>`
  const one = () => {
    const seat = [240, 290].map((y) => figures(random, face, { x: 330, y, height: 30 }, 4))
    const modules: string[] = []
    for (let at = 0; at < 25 * 25; at += 1) {
      if (random.next() < 0.5) continue
      modules.push(`M${715 + 6 * (at % 25)} ${110 + 6 * Math.floor(at / 25)}h6v6h-6z`)
    }
    const drawn = `${form}<g stroke="#222">${seat.join('')}</g><path d="${modules.join('')}" fill="#000"/>`
    return composed(sharp(svg(size, drawn)), [{ input: art, left: 0, top: 0 }])
  }
  return [await one(), await one()]
}
