/** One look: at an altered copy of a known picture, or at a picture that is not known. */
export interface TrialLook {
  /** How the copy was altered; null of a picture that is not known. */
  readonly way: string | null
  /** Hashes or local features found its own item. */
  readonly isFound: boolean
  /** The distance of the model's vectors to the own item; infinite where there is none. */
  readonly ownDistance: number
  /** The distance to each other item. */
  readonly wrongDistances: readonly number[]
}

/** What a model adds at one distance. */
export interface ModelGain {
  /** Euclidean distance of vectors. */
  readonly distance: number
  /** Copies that neither hashes nor features found. */
  readonly added: number
  /** Copies that the model finds, be they found without it or not. */
  readonly found: number
  /** Pairs of different pictures that it takes for alike. */
  readonly wrong: number
}

export interface ModelReport {
  readonly model: string
  readonly known: number
  readonly copies: number
  readonly unknown: number
  /** Pairs of different pictures that were compared. */
  readonly comparisons: number
  /** Copies that hashes and local features found. */
  readonly foundWithout: number
  /** What it adds at the distance that its file names. */
  readonly asItIs: ModelGain
  /**
   * What it adds at the largest distance with no wrong pair; null where even equal vectors are of different pictures.
   */
  readonly atNoneWrong: ModelGain | null
  readonly ways: readonly {
    readonly way: string
    readonly copies: number
    readonly foundWithout: number
    readonly added: number
  }[]
  /** Whether it finds what nothing else does, and nothing wrong. */
  readonly adds: boolean
  readonly verdict: string
}

export function reportOf(
  { id, reviewDistance }: { readonly id: string; readonly reviewDistance: number },
  known: number,
  looks: readonly TrialLook[],
): ModelReport {
  const copies = looks.filter(({ way }) => way !== null)
  const wrong = looks.flatMap(({ wrongDistances }) => wrongDistances)
  const asItIs = additionAt(reviewDistance, copies, wrong)
  const atNoneWrong = noneWrong(copies, wrong)
  const facts = {
    model: id,
    known,
    copies: copies.length,
    unknown: looks.length - copies.length,
    comparisons: wrong.length,
    asItIs,
    atNoneWrong,
    foundWithout: copies.filter(({ isFound }) => isFound).length,
    ways: waysOf(copies, reviewDistance),
    adds: asItIs.added > 0 && asItIs.wrong === 0,
  }
  return { ...facts, verdict: verdictOf(facts) }
}

/** The most that is found below the nearest wrong pair. */
function noneWrong(copies: readonly TrialLook[], wrong: readonly number[]): ModelGain | null {
  const limit = wrong.reduce((least, distance) => Math.min(least, distance), Infinity)
  const below = copies.map(({ ownDistance }) => ownDistance).filter((own) => own < limit)
  if (below.length === 0) return null
  return additionAt(Math.max(...below), copies, wrong)
}

function additionAt(
  distance: number,
  copies: readonly TrialLook[],
  wrong: readonly number[],
): ModelGain {
  const within = copies.filter(({ ownDistance }) => ownDistance <= distance)
  return {
    distance,
    added: within.filter(({ isFound }) => !isFound).length,
    found: within.length,
    wrong: wrong.filter((each) => each <= distance).length,
  }
}

function waysOf(copies: readonly TrialLook[], distance: number): ModelReport['ways'] {
  return [...new Set(copies.map(({ way }) => way ?? ''))].map((way) => {
    const of = copies.filter((look) => look.way === way)
    const foundWithout = of.filter(({ isFound }) => isFound).length
    return { way, copies: of.length, foundWithout, added: additionAt(distance, of, []).added }
  })
}

function verdictOf(report: Omit<ModelReport, 'verdict'>): string {
  const { copies, comparisons, asItIs, atNoneWrong } = report
  const share = ({ added }: ModelGain) =>
    `${added} of ${copies} copies (${((100 * added) / copies).toFixed(1)}%)`
  const shown = ({ distance }: ModelGain) => distance.toPrecision(3)
  const also =
    atNoneWrong === null
      ? 'at no distance does it find copies and nothing wrong'
      : `with none wrong it goes to ${shown(atNoneWrong)}, and adds ${share(atNoneWrong)}`
  if (asItIs.wrong > 0) {
    return `reviewDistance ${shown(asItIs)} is too far: ${asItIs.wrong} of ${comparisons} pairs of different pictures are within; ${also}`
  }
  const what = asItIs.added > 0 ? `adds ${share(asItIs)}` : 'adds nothing'
  return `${what} beside hashes and features, with no wrong one of ${comparisons} pairs, at reviewDistance ${shown(asItIs)}; ${also}`
}
