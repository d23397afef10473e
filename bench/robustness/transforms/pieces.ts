import sharp from 'sharp'
import { writing } from './overlay.ts'
import {
  colour,
  composed,
  covering,
  inside,
  jpeg,
  pick,
  scaled,
  sheet,
  sizeOf,
  svg,
  type Transform,
} from './transform.ts'

/** So many strips, across or down, in another order. */
export const strips: Transform = async (picture, { random }) => {
  const { width, height } = await sizeOf(picture)
  const isAcross = random.next() < 0.5
  const count = random.integer(5, 9)
  const order = Array.from({ length: count }, (_, at) => at)
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random.integer(0, at)
    const [a = at, b = other] = [order[at], order[other]]
    order[at] = b
    order[other] = a
  }
  const step = Math.floor((isAcross ? height : width) / count)
  const cut = (at: number) =>
    isAcross
      ? { left: 0, top: at * step, width, height: step }
      : { left: at * step, top: 0, width: step, height }
  const layers = await Promise.all(
    order.map(async (from, to) => ({
      input: await jpeg(sharp(picture).extract(cut(from)), 95),
      ...(isAcross ? { left: 0, top: to * step } : { left: to * step, top: 0 }),
    })),
  )
  const size = isAcross ? { width, height: step * count } : { width: step * count, height }
  return composed(sheet(size, '#000'), layers)
}

/** The picture itself, so many times a side. */
export function tiled(side: number): Transform {
  return async (picture) => {
    const small = await inside(picture, { width: 1600 / side, height: 1600 / side })
    const { width, height } = await sizeOf(small)
    const layers = Array.from({ length: side * side }, (_, at) => ({
      input: small,
      left: (at % side) * width,
      top: Math.floor(at / side) * height,
    }))
    return composed(sheet({ width: width * side, height: height * side }, '#000'), layers)
  }
}

/** A framed print over this share of a photograph of something else: a wall with what stands before it. */
export function print(low: number, high: number): Transform {
  return async (picture, { random, other }) => {
    const room = { width: random.integer(1200, 1800), height: random.integer(900, 1400) }
    const ground = await covering(other(), room)
    const { width, height } = await sizeOf(picture)
    const share = random.between(low, high)
    const scale = Math.sqrt((share * room.width * room.height) / (width * height))
    const shown = await scaled(picture, scale)
    const inner = await sizeOf(shown)
    const frame = random.integer(8, 28)
    const mount = random.next() < 0.5 ? random.integer(10, 50) : 0
    const outer = {
      width: inner.width + 2 * (frame + mount),
      height: inner.height + 2 * (frame + mount),
    }
    const rim = `<rect width="100%" height="100%" fill="${colour(random)}"/><rect x="${frame}" y="${frame}" width="${outer.width - 2 * frame}" height="${outer.height - 2 * frame}" fill="#f4f1ea"/>`
    const framed = await sharp(svg(outer, rim))
      .composite([{ input: shown, left: frame + mount, top: frame + mount }])
      .png()
      .toBuffer()
    const left = random.integer(0, Math.max(0, room.width - outer.width))
    const top = random.integer(0, Math.max(0, room.height - outer.height))
    const fits = await sharp(framed)
      .resize({
        width: room.width - 2,
        height: room.height - 2,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .toBuffer()
    return composed(sharp(ground), [{ input: fits, left, top }])
  }
}

/** Letters all over it, line by line. */
export const textAllOver: Transform = async (picture, { random }) => {
  const size = await sizeOf(picture)
  const line = Math.max(14, Math.round(size.height * random.between(0.05, 0.09)))
  const layers = []
  for (let top = 0; top + line < size.height; top += Math.round(line * random.between(1.2, 1.5))) {
    const box = { width: size.width, height: line }
    layers.push({ input: writing(random, box, 'none', random.between(0.8, 1)), left: 0, top })
  }
  return composed(sharp(picture), layers)
}

/** Lines across and down, 12 to 24 of them a side. */
export const gridLines: Transform = async (picture, { random }) => {
  const size = await sizeOf(picture)
  const count = random.integer(12, 24)
  const thick = Math.max(
    1,
    Math.round(Math.max(size.width, size.height) * random.between(0.003, 0.007)),
  )
  const ink = pick(random, ['#000', '#fff', '#e11'])
  const lines = Array.from({ length: count }, (_, at) => {
    const share = (at + 0.5) / count
    return `<path d="M${share * size.width} 0V${size.height}M0 ${share * size.height}H${size.width}" stroke="${ink}" stroke-width="${thick}"/>`
  })
  return composed(sharp(picture), [{ input: svg(size, lines.join('')), left: 0, top: 0 }])
}

/** A black box over the middle: this share of the picture. */
export function blackCentre(share: number): Transform {
  return async (picture) => {
    const { width, height } = await sizeOf(picture)
    const box = { width: width * Math.sqrt(share), height: height * Math.sqrt(share) }
    const input = svg(box, '<rect width="100%" height="100%"/>')
    const at = { left: (width - box.width) / 2, top: (height - box.height) / 2 }
    return composed(sharp(picture), [{ input, ...at }])
  }
}

/** Yellow faces of a few sizes over this share of the picture. */
export function faces(share: number): Transform {
  return async (picture, { random }) => {
    const size = await sizeOf(picture)
    let left = share * size.width * size.height
    let drawn = ''
    while (left > 0) {
      const most = Math.min(size.width, size.height) / 2
      const radius = Math.min(most, Math.sqrt(left / Math.PI), most * random.between(0.3, 0.9)) + 1
      const [x, y] = [random.between(0, size.width), random.between(0, size.height)]
      const eye = (at: number) =>
        `<circle cx="${x + at * radius}" cy="${y - 0.25 * radius}" r="${0.12 * radius}" fill="#4a3500"/>`
      drawn += `<circle cx="${x}" cy="${y}" r="${radius}" fill="#ffcc22"/>${eye(-0.35)}${eye(0.35)}<path d="M${x - 0.5 * radius} ${y + 0.2 * radius}q${0.5 * radius} ${0.6 * radius} ${radius} 0" stroke="#4a3500" stroke-width="${0.1 * radius}" fill="none"/>`
      left -= Math.PI * radius * radius
    }
    return composed(sharp(picture), [{ input: svg(size, drawn), left: 0, top: 0 }])
  }
}

/** Half of it and half of another picture, at every place. */
export const blended: Transform = async (picture, { other }) => {
  const upon = await covering(other(), await sizeOf(picture))
  const half = await sharp(upon).ensureAlpha(0.5).png().toBuffer()
  return composed(sharp(picture), [{ input: half, left: 0, top: 0 }])
}
