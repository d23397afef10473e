import type { Alignment, Match, Shares } from '../../../match/index.ts'

/** What was found of a match, in Swedish and out of its numbers; null where nothing but its kind is told. */
export function foundSv(match: Match): string | null {
  const { method, distance, quality, itemQuality, alignment, frames, pieces, resemblance } = match
  const found: string[] = []
  if (method === 'pdq' && distance !== undefined) {
    const qualities = quality === undefined ? '' : `, kvalitet ${quality} och ${itemQuality ?? '?'}`
    found.push(`PDQ-avstånd ${distance}${qualities}`)
  }
  if (frames !== undefined) {
    const { matched, of, itemMatched, itemOf } = frames
    found.push(
      `${matched} av ${of} olika bildrutor stämmer med ${itemMatched} av ${itemOf} i en känd film`,
    )
  }
  for (const { from, to, itemFrom, itemTo } of pieces ?? []) {
    found.push(`${spanSv(from, to)} visar ${spanSv(itemFrom, itemTo)} av den kända filmen`)
  }
  if (resemblance !== undefined) {
    const { model, distance: apart } = resemblance
    found.push(`modellen ${model} finner den lik, på avståndet ${decimal(apart)}`)
  }
  if (alignment !== undefined) found.push(alignmentSv(alignment))
  return found.length === 0 ? null : found.join('; ')
}

function spanSv(from: number, to: number): string {
  return `${seconds(from)}–${seconds(to)} s`
}

/** When the frames of films are shown that are laid over each other; nothing of two pictures. */
function framesSv({ seconds: here, itemSeconds: there }: Alignment): readonly string[] {
  if (here === undefined && there === undefined) return []
  const seen = here === undefined ? 'bilden' : `bildrutan vid ${seconds(here)} s`
  const known =
    there === undefined ? 'den kända bilden' : `den kända filmen vid ${seconds(there)} s`
  return [`${seen} mot ${known}`]
}

function seconds(value: number): string {
  return value.toFixed(1).replace('.', ',')
}

function alignmentSv(alignment: Alignment): string {
  const { inliers, view, agreement, cells, sharedCells, drawn, mirrored, negative } = alignment
  const how =
    view === undefined
      ? `${inliers} kännetecken i samma läge`
      : `lagda över varandra genom vyn ${view}`
  const parts = [
    ...framesSv(alignment),
    how,
    ...(mirrored ? ['spegelvänt'] : []),
    ...(negative ? ['som negativ'] : []),
    `${percent(agreement)} % av ${cells} rutor med struktur stämmer`,
    ...(sharedCells === undefined
      ? []
      : [`utan ${sharedCells} som kända bilder av annat också har`]),
    ...(drawn === undefined ? [] : [`${drawn.cells} övermålade`]),
  ]
  const [here, there] = [placeSv(alignment.region), placeSv(alignment.itemRegion)]
  return `${parts.join(', ')}; bilden (${here}) visar det kända materialet (${there})`
}

function placeSv({ x, y, width, height }: Shares): string {
  const across = `${percent(x)}–${percent(x + width)} %`
  const down = `${percent(y)}–${percent(y + height)} %`
  if (across === '0–100 %' && down === '0–100 %') return 'hela'
  return `${across} i bredd, ${down} i höjd`
}

function percent(share: number): number {
  return Math.round(100 * share)
}

function decimal(value: number): string {
  return value.toFixed(3).replace('.', ',')
}
