import { bandOf, mapRows, piecesOnStrips, shownBy } from '../../match/terms.ts'
import type { Alignment, Match, Shares, Showing } from '../../match/index.ts'
import { worded } from '../../errors.ts'
import { useVisit } from '../visiting.ts'
import { foundSv } from '../words/matches/found.ts'
import { MATCH_WHYS_SV } from '../words/matches/whys.ts'

const CELLS = 24
const CELL = 10
const SIDE = CELLS * CELL
const GAP = 24
/** The strips of two films. */
const WIDE = 2 * SIDE + GAP
const STRIP = 16
const BITS = 128

/** The signs of a map and what each is called, in the order of the legend. */
const SIGNS = [
  ['=', 'agree'],
  ['#', 'differ'],
  ['o', 'drawn'],
  ['.', 'untold'],
] as const

/** Why one item matched: a panel for the kind of evidence it rests on, and what it cannot tell. */
export function Evidence({ match }: { readonly match: Match }) {
  const { words, config } = useVisit()
  const { evidence, case: said } = words
  const { method, distance, alignment, frames, pieces, clientSupplied, doubt } = match
  const isDigest =
    method !== 'track' &&
    method !== 'pdq' &&
    method !== 'film' &&
    method !== 'frame' &&
    method !== 'features' &&
    method !== 'learned' &&
    method !== 'opaque'
  return (
    <article class="evidence">
      <p>
        <strong>{said.verdicts[match.verdict]}</strong>
      </p>
      <Shows shown={shownBy(match)} isDrawn={pieces !== undefined} />
      {clientSupplied && <p class="badge late">{said.client}</p>}
      {isDigest && <p>{evidence.same}</p>}
      {method === 'track' && <p>{evidence.samePictures}</p>}
      {distance !== undefined && (
        <Distance
          bits={distance}
          confirm={config.match.confirmRadius}
          review={config.match.reviewRadius}
        />
      )}
      {frames !== undefined && <p>{evidence.film(frames.matched, frames.of)}</p>}
      {pieces !== undefined && <Strips pieces={pieces} />}
      {doubt !== undefined && <p>{evidence.doubts[doubt]}</p>}
      {alignment?.map !== undefined && <Map alignment={alignment} map={alignment.map} />}
      <Reasons match={match} />
    </article>
  )
}

/** What of the item is shown, and when where no strips say that. */
function Shows({ shown, isDrawn }: { readonly shown: Showing; readonly isDrawn: boolean }) {
  const { evidence } = useVisit().words
  const seconds = useSeconds()
  const { extent, moments } = shown
  const [moment] = isDrawn ? [] : moments
  return (
    <p>
      {evidence.shows[extent]}
      {moment !== undefined && ` ${evidence.at(seconds(moment.from))}`}
    </p>
  )
}

/** Seconds with a tenth, as the language writes them. */
function useSeconds(): (seconds: number) => string {
  const { language } = useVisit()
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return (seconds) => seconds.toLocaleString(language, digits)
}

/** What was found and what keeps it from a stronger verdict; in English as commands print it. */
function Reasons({ match }: { readonly match: Match }) {
  const { language, words } = useVisit()
  if (language === 'en') return <p class="hint">{match.reason}</p>
  const found = foundSv(match)
  return (
    <>
      {found !== null && <p class="hint">{found}</p>}
      {match.why !== undefined && match.why.length > 0 && (
        <>
          <p class="hint">{words.evidence.whyNot}</p>
          <ul class="hint">
            {match.why.map((one) => (
              <li key={one.says}>{worded(MATCH_WHYS_SV, one)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** A distance on its scale, with where a hash alone confirms and up to where a person looks. */
function Distance({
  bits,
  confirm,
  review,
}: {
  readonly bits: number
  readonly confirm: number
  readonly review: number
}) {
  const { evidence } = useVisit().words
  const x = (value: number) => (Math.min(value, BITS) / BITS) * 400
  return (
    <figure>
      <svg
        viewBox="0 0 420 44"
        class="scale"
        role="img"
        aria-label={evidence.scale(bits, confirm, review)}
      >
        <rect class="scale-rest" x="10" y="14" width="400" height="8" />
        <rect class="scale-review" x="10" y="14" width={x(review)} height="8" />
        <rect class="scale-confirm" x="10" y="14" width={x(confirm)} height="8" />
        <circle class="scale-here" cx={10 + x(bits)} cy="18" r="7" />
        <text x={10 + x(confirm)} y="40">
          {confirm}
        </text>
        <text x={10 + x(review)} y="40">
          {review}
        </text>
      </svg>
      <figcaption>{evidence.scale(bits, confirm, review)}</figcaption>
    </figure>
  )
}

/** How the item lies in the sighting, over outlines alone: no picture is needed, and none is shown. */
function Map({ alignment, map }: { readonly alignment: Alignment; readonly map: string }) {
  const { evidence } = useVisit().words
  const count = (sign: string) => map.split(sign).length - 1
  const told = SIGNS.map(
    ([sign, word]) => `${evidence[word]}: ${evidence.cells(count(sign), map.length)}`,
  )
  const ways = [
    ...(alignment.mirrored ? [evidence.mirrored] : []),
    ...(alignment.negative ? [evidence.negative] : []),
  ].join(', ')
  return (
    <figure>
      <svg
        viewBox={`0 0 ${2 * SIDE + GAP} ${SIDE}`}
        class="map"
        role="img"
        aria-label={told.join('; ')}
      >
        {mapRows(map).flatMap((row, y) =>
          row.map((sign, x) => (
            <rect
              key={`${x},${y}`}
              class={`cell-${SIGNS.find(([one]) => one === sign)?.[1] ?? 'untold'}`}
              x={x * CELL}
              y={y * CELL}
              width={CELL - 1}
              height={CELL - 1}
            />
          )),
        )}
        {alignment.differing !== undefined && (
          <Outline shares={alignment.differing.itemRegion} name="outline-other" left={0} />
        )}
        <rect class="frame" x={SIDE + GAP} y="0" width={SIDE} height={SIDE} />
        <Outline shares={alignment.region} name="outline-here" left={SIDE + GAP} />
      </svg>
      <figcaption>
        {evidence.item} · {evidence.sighting}
        {ways !== '' && ` (${ways})`}
      </figcaption>
      <ul class="legend">
        {SIGNS.map(([sign, word]) => (
          <li key={word} class={`sign-${word}`}>
            {evidence[word]}: {evidence.cells(count(sign), map.length)}
          </li>
        ))}
      </ul>
    </figure>
  )
}

/** Which seconds of the film are which seconds of the known one. */
function Strips({ pieces }: { readonly pieces: NonNullable<Match['pieces']> }) {
  const { evidence } = useVisit().words
  const shown = useSeconds()
  const told = pieces.map(({ from, to, itemFrom, itemTo }) =>
    evidence.piece(shown(from), shown(to), shown(itemFrom), shown(itemTo)),
  )
  const bottom = STRIP + GAP
  const bar = (from: number, to: number, y: number) => (
    <rect class="cell-agree" x={from * WIDE} y={y} width={(to - from) * WIDE} height={STRIP} />
  )
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDE} ${bottom + STRIP}`}
        class="map"
        role="img"
        aria-label={told.join('; ')}
      >
        <rect class="cell-untold" x="0" y="0" width={WIDE} height={STRIP} />
        <rect class="cell-untold" x="0" y={bottom} width={WIDE} height={STRIP} />
        {piecesOnStrips(pieces).map((piece) => (
          <g key={`${piece.from} ${piece.itemFrom}`}>
            <polygon
              class="scale-review"
              points={bandOf(piece, { width: WIDE, top: STRIP, bottom })}
            />
            {bar(piece.from, piece.to, 0)}
            {bar(piece.itemFrom, piece.itemTo, bottom)}
          </g>
        ))}
      </svg>
      <figcaption>
        {evidence.filmSeen} · {evidence.filmKnown}
      </figcaption>
      <ul class="legend">
        {told.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </figure>
  )
}

function Outline({
  shares: { x, y, width, height },
  name,
  left,
}: {
  readonly shares: Shares
  readonly name: string
  readonly left: number
}) {
  return (
    <rect
      class={name}
      x={left + x * SIDE}
      y={y * SIDE}
      width={width * SIDE}
      height={height * SIDE}
    />
  )
}
