import { complementOf, formatHash256 } from '../core/index.ts'
import type { AnyRaster, AnyShrunkRaster, Keyframe, Raster } from '../decode/index.ts'
import { SLACK_MAX } from './bits.ts'
import { contentRegion, trimmedRegion } from './content-box.ts'
import { cutOut } from './cut-out.ts'
import { hasher } from './hasher.ts'
import { DIHEDRALS } from './symmetries.ts'
import type { Dihedral, PdqDihedral, Region, RegionName, ShrunkView, View } from './fingerprint.ts'

/** A view of all that is to be seen. */
type WholeView = View & { readonly name: Dihedral | 'complement' }

/** The picture, its seven turns and mirrors, its negative, and what its frame holds. */
export function pictureViews(raster: Raster): readonly View[] {
  const parts = regionsOf(raster)
  const hashes = hasher().pdqRegions(
    raster,
    parts.map(({ region }) => region),
  )
  const views = parts.map(({ name, region }, index) => regionView(name, region, hashes[index]))
  return [...dihedralViews(hasher().pdqDihedral(raster)), ...views]
}

/** Bits more by which a hash may be off of pixels that are no whole squares: 2 were seen, of WebPs that do not fit. */
const STRETCHED_BITS = 6
/** Bits by which a region's hash may be off at least: its edges are told to a pixel of the shrunk raster alone. */
const REGION_BITS = 10

/** The same of a shrunk raster, with regions in pixels of the whole picture, which are guesses: another may be seen there. */
export function shrunkViews(raster: AnyShrunkRaster): readonly ShrunkView[] {
  const { factor, isStretched } = raster
  const asStretched = (slack: number) =>
    Math.min(SLACK_MAX, slack + (isStretched === true ? STRETCHED_BITS : 0))
  const views = regionsOf(raster).map(({ name, region }) => {
    const full = scaledUp(region, factor)
    const sides = { fullWidth: full.width, fullHeight: full.height }
    const part = { ...cutOut(raster, region), ...sides, factor }
    const found = hasher().pdqShrunk(part)
    const slack = asStretched(Math.max(REGION_BITS, found.slacks.whole))
    return { ...regionView(name, full, found), slack }
  })
  const whole = hasher().pdqShrunk(raster)
  const turned = dihedralViews(whole).map((view) => {
    return {
      ...view,
      slack: asStretched(whole.slacks[view.name === 'complement' ? 'whole' : view.name]),
    }
  })
  return [...turned, ...views]
}

/** `whole`, and `trimmed` where there is a plain border. */
export type FrameViews = readonly [View, ...View[]]

/** A frame of a film: its turns and mirrors follow from the bits of its hash, for a film has many frames. */
export function frameViews({ raster, seconds }: Keyframe): FrameViews {
  const { pdq, quality } = hasher().pdqHash(raster)
  const whole: View = { name: 'whole', pdq: formatHash256(pdq), quality, seconds }
  const region = trimmedRegion(raster)
  if (region === undefined) return [whole]
  const [found] = hasher().pdqRegions(raster, [region])
  return [whole, { ...regionView('trimmed', region, found), seconds }]
}

/** A frame without its plain border, where it has one. */
export function withoutBorder(raster: Raster): AnyRaster {
  const region = trimmedRegion(raster)
  return region === undefined ? raster : cutOut(raster, region)
}

function dihedralViews({ hashes, quality }: PdqDihedral): readonly WholeView[] {
  const turned = DIHEDRALS.map((name) => ({ name, pdq: formatHash256(hashes[name]), quality }))
  const complement = formatHash256(complementOf(hashes.whole))
  return [...turned, { name: 'complement', pdq: complement, quality }]
}

function regionsOf(raster: AnyRaster): readonly { name: RegionName; region: Region }[] {
  const trimmed = trimmedRegion(raster)
  const content = contentRegion(raster)
  return [
    ...(trimmed === undefined ? [] : [{ name: 'trimmed', region: trimmed } as const]),
    ...(content === undefined ? [] : [{ name: 'content-box', region: content } as const]),
  ]
}

function regionView(name: RegionName, region: Region, found: PdqDihedral | undefined): View {
  if (found === undefined) throw new RangeError('a region without its hash')
  return { name, pdq: formatHash256(found.hashes.whole), quality: found.quality, region }
}

function scaledUp({ x, y, width, height }: Region, factor: number): Region {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor }
}
