import sharp from 'sharp'
import { colour, pick, svg } from '../../robustness/transforms/transform.ts'
import { madeBy } from '../made.ts'
import { drawWords } from '../shots.ts'
import { type Alter, filtered } from './edit.ts'

const SEPIA = 'colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131'

/** These edits change each frame of a film in the same way. */
export const plain = {
  're-encoded': filtered((_, { random }) => ({ filters: 'null', quality: random.integer(31, 37) })),
  '240p': smaller(240),
  '120p': smaller(120),
  'fps 12 or 15': filtered((_, { random }) => ({ filters: `fps=${pick(random, [12, 15])}` })),
  grey: filtered(() => ({ filters: 'hue=s=0' })),
  sepia: filtered(() => ({ filters: SEPIA })),
  letterbox: filtered((_, { random }) => ({
    filters: `pad=iw:ih*${random.between(1.2, 1.8).toFixed(3)}:0:(oh-ih)/2`,
  })),
  pillarbox: filtered((_, { random }) => ({
    filters: `pad=iw*${random.between(1.2, 1.8).toFixed(3)}:ih:(ow-iw)/2:0`,
  })),
  mirror: filtered(() => ({ filters: 'hflip' })),
  'turned 90': filtered(() => ({ filters: 'transpose=1' })),
  'turned 180': filtered(() => ({ filters: 'hflip,vflip' })),
  'turned 270': filtered(() => ({ filters: 'transpose=2' })),
  negative: filtered(() => ({ filters: 'negate' })),
} satisfies Record<string, Alter>

export const caption = filtered(({ width, height }, { random }) => {
  const size = Math.round(height * random.between(0.07, 0.1))
  const letters = Math.floor((1.6 * width) / size)
  const text = drawWords(random, 8).slice(0, letters).trim()
  const place = pick(random, ['h-2*th', 'th', 'h*0.7'])
  const look = pick(random, [
    'borderw=2:bordercolor=black',
    'box=1:boxcolor=black@0.7:boxborderw=6',
  ])
  return {
    filters: `drawtext=text='${text}':fontsize=${size}:fontcolor=white:${look}:x=(w-tw)/2:y=${place}`,
  }
})

/** Crops to this share of the area, anywhere. */
export function crop(low: number, high: number): Alter {
  return filtered((_, { random }) => {
    const side = Math.sqrt(random.between(low, high)).toFixed(4)
    const [x, y] = [random.next().toFixed(3), random.next().toFixed(3)]
    return { filters: `crop=iw*${side}:ih*${side}:(iw-ow)*${x}:(ih-oh)*${y}` }
  })
}

/** Turned a little: as it stands with black corners, or drawn nearer until none is left. */
export const turnedALittle = filtered(({ width, height }, { random }) => {
  const angle = (pick(random, [-1, 1]) * random.between(4, 6) * Math.PI) / 180
  const [sine, cosine] = [Math.abs(Math.sin(angle)), Math.cos(angle)]
  const share = Math.min(
    height / (width * sine + height * cosine),
    width / (height * sine + width * cosine),
  )
  const nearer = pick(random, ['', `,crop=iw*${share.toFixed(4)}:ih*${share.toFixed(4)}`])
  return { filters: `rotate=${angle.toFixed(5)}${nearer}` }
})

/** The crop for a telephone that is held upright; a film that is upright already keeps its middle. */
export const verticalCrop = filtered(({ width, height }, { random }) => {
  const across =
    width > height ? `crop=ih*9/16:ih:(iw-ow)*${random.between(0.25, 0.75)}:0` : 'crop=iw:iw*9/16'
  return { filters: across }
})

/** The whole film in the middle of an upright frame, itself large and blurred above and below. */
export const blurredSides = filtered((_, { random }) => {
  const [width, height] = [360, 640]
  const blur = random.integer(8, 16)
  const behind = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height},boxblur=${blur}:2`
  return {
    filters: [
      'split[behind][before]',
      `[behind]${behind}[ground]`,
      `[before]scale=${width}:${height}:force_original_aspect_ratio=decrease[film]`,
      '[ground][film]overlay=(W-w)/2:(H-h)/2',
    ].join(';'),
  }
})

/** Shapes and a letter in a corner, all the time. */
export const logo = filtered(async ({ width }, { random }) => {
  const side = Math.round(width * random.between(0.13, 0.2))
  const [ground, ink] = [colour(random), colour(random)]
  const letter = pick(random, ['A', 'K', 'M', 'R', 'X'])
  const round = random.next() < 0.5 ? side / 2 : side / 8
  const drawn = `<rect width="${side}" height="${side}" rx="${round}" fill="${ground}"/>
    <text x="50%" y="70%" font-size="${side * 0.6}" text-anchor="middle" fill="${ink}">${letter}</text>`
  const picture = await madeBy('png', ['logo', drawn], () =>
    sharp(svg({ width: side, height: side }, drawn))
      .png()
      .toBuffer(),
  )
  const [x, y] = [pick(random, ['W*0.03', 'W*0.97-w']), pick(random, ['H*0.04', 'H*0.96-h'])]
  return { inputs: ['-i', picture], filters: `null[film];[film][1:v]overlay=${x}:${y}` }
})

/** Filmed from a screen: a little askew, its edges lost, stripes, other light, other pixels. */
export const screenRecording = filtered(async ({ width, height }, { random }) => {
  const [edge, skew] = [random.between(0.01, 0.05), random.between(0.005, 0.02)]
  const corner = (side: number) => Math.round(side * (edge + random.between(0, skew)))
  const [left, top, right, below] = [0, 1, 2, 3].map(() => [corner(width), corner(height)] as const)
  const corners = [
    `x0=${left?.[0]}:y0=${left?.[1]}:x1=W-${top?.[0]}:y1=${top?.[1]}`,
    `x2=${right?.[0]}:y2=H-${right?.[1]}:x3=W-${below?.[0]}:y3=H-${below?.[1]}`,
  ].join(':')
  const light = `eq=brightness=${random.between(-0.06, 0.1).toFixed(3)}:contrast=${random.between(0.8, 1.1).toFixed(3)}:gamma=${random.between(0.8, 1.3).toFixed(3)}`
  const [turn, period] = [random.between(0.05, 1.5), random.between(2.2, 5)]
  const stripes = await madeBy('png', ['stripes', width, height, turn, period].map(String), () =>
    stripesOf(width, height, turn, period),
  )
  const scale = random.between(0.6, 0.95).toFixed(3)
  return {
    inputs: ['-i', stripes],
    filters: [
      `perspective=${corners}:sense=source[film]`,
      `[film][1:v]overlay,scale=iw*${scale}:ih*${scale},${light},noise=alls=6:allf=t:all_seed=${random.integer(1, 9999)}`,
    ].join(';'),
  }
})

/** Dark and light lines that together with the pixels of a film give bands. */
function stripesOf(width: number, height: number, turn: number, period: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    const along = x * Math.cos(turn) + y * Math.sin(turn)
    const level = Math.sin((2 * Math.PI * along) / period)
    data.fill(level > 0 ? 255 : 0, pixel * 4, pixel * 4 + 3)
    data[pixel * 4 + 3] = Math.round(Math.abs(level) * 45)
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer()
}

function smaller(side: number): Alter {
  const scaled = `scale='if(gt(iw,ih),-2,min(iw,${side}))':'if(gt(iw,ih),min(ih,${side}),-2)'`
  return filtered(() => ({ filters: scaled }))
}
