import sharp from 'sharp'
import type { SeededRandom } from '../../../src/core/index.ts'
import { composed, jpeg, type Size, sheet, sizeOf, svg, type Transform } from './transform.ts'
import { slanted } from './warp.ts'

/** A screen photographed: seen at a slant, with moire, glare, blur and what is beside it. */
export function photoOfScreen(strength: 'mild' | 'strong'): Transform {
  const isStrong = strength === 'strong'
  return async (picture, draw) => {
    const { random } = draw
    const size = await sizeOf(picture)
    const edge = random.between(0.02, isStrong ? 0.2 : 0.08)
    const outer = { width: size.width * (1 + 2 * edge), height: size.height * (1 + 2 * edge) }
    const beside = await composed(sheet(outer, '#1a1a1c'), [
      { input: picture, left: size.width * edge, top: size.height * edge },
    ])
    const seen = await slanted(isStrong ? 0.16 : 0.06)(beside, draw)
    const sides = await sizeOf(seen)
    const moire = stripes(random, sides, isStrong ? 0.22 : 0.08)
    const light = glare(random, sides, isStrong ? 0.5 : 0.2)
    const lit = await composed(sharp(seen), [
      { input: moire, left: 0, top: 0 },
      { input: light, left: 0, top: 0 },
    ])
    const gain = random.between(isStrong ? 0.7 : 0.85, 1.1)
    const soft = random.between(0.5, isStrong ? 1.4 : 0.8)
    const tilted = sharp(lit).linear(gain, random.between(0, 20)).blur(soft)
    return jpeg(tilted.rotate(random.between(-3, 3), { background: '#222' }), isStrong ? 60 : 80)
  }
}

function stripes(random: SeededRandom, size: Size, opacity: number): Buffer {
  const step = random.between(3, 9)
  const turn = `rotate(${random.between(-30, 30)})`
  const band = `<rect width="${step}" height="${step / 2}" fill="#000"/>`
  const box = `width="${step}" height="${step}"`
  return svg(
    size,
    `<pattern id="p" ${box} patternUnits="userSpaceOnUse" patternTransform="${turn}">${band}</pattern>
    <rect width="100%" height="100%" fill="url(#p)" opacity="${opacity}"/>`,
  )
}

function glare(random: SeededRandom, size: Size, opacity: number): Buffer {
  const at = `cx="${random.between(0.2, 0.8)}" cy="${random.between(0.2, 0.8)}"`
  return svg(
    size,
    `<radialGradient id="g" ${at} r="${random.between(0.2, 0.45)}">
    <stop offset="0" stop-color="#fff" stop-opacity="${opacity}"/>
    <stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
    <rect width="100%" height="100%" fill="url(#g)"/>`,
  )
}
