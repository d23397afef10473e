import type { ViewName } from '../fingerprint/index.ts'
import type { DigestType } from '../hashes/index.ts'
import type { FilmPiece } from './film-time.ts'
import type { MatchWhy } from './why.ts'

export type Verdict = 'exact' | 'confirmed' | 'review' | 'none' | 'unjudged'

/** Why media that matches nothing may be known all the same: its shorter side has under 28 pixels. */
export type UnjudgedWhy = 'too-small'

/** What a submitter learns, and nothing about the item it hit. */
export interface VerdictAnswer {
  /** `pending`: a client's hashes hit, and the verdict waits until Hindra has looked itself. */
  readonly verdict: Verdict | 'pending'
  /** Where it is `unjudged`. */
  readonly why?: UnjudgedWhy
  readonly caseId?: string
}

/** Item + sighting + evidence. */
export interface Match {
  readonly itemId: string
  readonly verdict: 'exact' | 'confirmed' | 'review'
  readonly method:
    | DigestType
    | 'track'
    | 'pdq'
    | 'film'
    | 'frame'
    | 'features'
    | 'learned'
    | 'opaque'
  /** Smallest Hamming distance, for pdq and film. */
  readonly distance?: number
  /** Which view of the sighting matched the item as it is. */
  readonly view?: ViewName
  /** PDQ quality of the sighting and of the item. */
  readonly quality?: number
  readonly itemQuality?: number
  /** Where one frame was near by its hash, in the film that was seen and in the known one. */
  readonly seconds?: number
  readonly itemSeconds?: number
  /**
   * Films: distinct frames that matched, of how many, on each side; for `confirmed` those that
   * matched in the same order.
   */
  readonly frames?: {
    readonly matched: number
    readonly of: number
    readonly itemMatched: number
    readonly itemOf: number
  }
  /** Films: which seconds of the sighting are which of the item, as far as frames lie on a line of time. */
  readonly pieces?: readonly FilmPiece[]
  /** How the item lies in the sighting, or in one frame of it, where the item keeps features. */
  readonly alignment?: Alignment
  /** What method `learned` measured: which model, and the Euclidean distance of its vectors of sighting and item. */
  readonly resemblance?: { readonly model: string; readonly distance: number }
  /** Hashes that a client supplied; Hindra did not see the bytes. */
  readonly clientSupplied: boolean
  /** What a review is worth looking at for; absent where it is worth a look for no such reason. */
  readonly doubt?: MatchDoubt
  /** Why this verdict and not a stronger one, for people. */
  readonly reason: string
  /** What keeps it from a stronger one, in no language; absent in what was found by earlier versions. */
  readonly why?: readonly MatchWhy[]
}

/**
 * `same-scene`: one place shows something else, and around it all agrees, or things are shifted, each as a whole. It is
 * another photograph of the scene, as of a series or from another viewpoint, or another picture in the same frame, or an
 * altered copy. `same-form`: what agrees is a form, and what is written on it may differ.
 */
export type MatchDoubt = 'same-scene' | 'same-form'

/** A rectangle in shares of a picture's sides, 0 to 1. */
export interface Shares {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Geometric evidence: how an item lies in a sighting and how far the two agree there. */
export interface Alignment {
  /** Distinct places whose features agree on one affine map; 0 where a view proposed it. */
  readonly inliers: number
  /**
   * The share of inliers among the features that item and sighting have there, of the one that has fewer; absent where
   * a view proposed it.
   */
  readonly inlierShare?: number
  /** Which view of the sighting was near a hash of the item and so proposed the map; else features did. */
  readonly view?: ViewName
  /** Of films: the times of the two frames that are laid over each other. */
  readonly seconds?: number
  readonly itemSeconds?: number
  /** Cells of the item (of 576) that are textured, no graphics, and in the part that the sighting shows. */
  readonly cells: number
  /** Cells that are left out because items of different things, or the allow-list, show the same there. */
  readonly sharedCells?: number
  /** What agrees is hardly more than what these have in common with the sighting: nothing confirms. */
  readonly onlyShared?: true
  /** The share of them whose texture agrees, 0 to 1. */
  readonly agreement: number
  /** The same, where plain cells of the item that the sighting fills with texture count against it. */
  readonly strictAgreement: number
  /** Cells that were drawn over, as by a sticker or a caption, and the strict share without them. */
  readonly drawn?: { readonly cells: number; readonly strictAgreement: number }
  /**
   * The largest area that shows something else and was not drawn over: its share of what the sighting shows of the item,
   * and where it lies in the item.
   */
  readonly differing?: { readonly share: number; readonly itemRegion: Shares }
  /** The same by what differs less, where nearly all agrees elsewhere: noise explains nothing there. */
  readonly differingFinely?: { readonly share: number; readonly itemRegion: Shares }
  /** Features near the map that are shifted together, for each that is on it: things before a ground, by another camera. */
  readonly parallax?: number
  /** Writing on one flat ground, of which few features agree: what agrees is the form. */
  readonly form?: true
  /** Much of the item is writing that is not shown: of a page, where less than half of it is. */
  readonly onPage?: true
  /** The two agree only where one is bent, as by a lens or a view from the side. */
  readonly bent?: true
  /** A piece of the item agrees, and what is beside it there does not: the regions are those of the piece. */
  readonly piece?: true
  /** What is kept of the item is of an earlier version, which tells texture and nothing of plain areas. */
  readonly textureOnly?: true
  /**
   * By cell of the item, 24 a row, 24 rows: `=` agrees, `#` differs, `o` was drawn over, `.` cannot be told. Absent in
   * what was found by earlier versions.
   */
  readonly map?: string
  readonly mirrored: boolean
  readonly negative: boolean
  /** Whether neither picture is cut, turned or moved, as far as the map tells. */
  readonly sameFrame: boolean
  /** Which part of the sighting shows which part of the item, as rectangles around them. */
  readonly region: Shares
  readonly itemRegion: Shares
}

/** The strongest verdict first; `matches` is empty exactly when the verdict is `none` or `unjudged`. */
export interface Judgement {
  readonly verdict: Verdict
  /** Where it is `unjudged`. */
  readonly why?: UnjudgedWhy
  readonly matches: readonly Match[]
}

/** Thresholds; config holds the defaults with the measured false-match bound beside each. */
export interface MatchPolicy {
  /** PDQ radius of the review band. */
  readonly reviewRadius: number
  /** Bits that a view derived from a hash alone may be off by itself. */
  readonly derivedBits: number
  /** PDQ radius within which a hash alone confirms. */
  readonly confirmRadius: number
  /** PDQ radius within which two frames of films are one, and few cells that agree need say no more. */
  readonly nearRadius: number
  readonly confirmQualityMin: number
  readonly qualityMin: number
  /** Share of the distinct frames: of both films to confirm, of either to review. */
  readonly filmConfirmShare: number
  readonly filmReviewShare: number
  readonly filmFramesMin: number
  /** PDQ radius within which a hash proposes that geometry be looked at. */
  readonly candidateRadius: number
  /** Distinct features that must agree on one map. */
  readonly inliersMin: number
  /** Share that they must be of the features that the two have there. */
  readonly inlierShareConfirm: number
  readonly inlierShareReview: number
  readonly inlierShareReviewFew: number
  /** The share of inliers that few cells need, whatever they agree in. */
  readonly inlierShareMin: number
  /** Features without which fewer cells than `cellsScant` are not reviewed where some of them differ. */
  readonly inliersScant: number
  readonly cellsScant: number
  /** How many textured cells say something by themselves. */
  readonly cellsMin: number
  /** Fewer, or fewer features than `inliersMin`, are a small piece: what they must show to be a review. */
  readonly cellsPiece: number
  readonly agreementPiece: number
  readonly inlierSharePiece: number
  /** Fewer do not confirm two pictures of one frame whose hashes are not near. */
  readonly cellsSameFrame: number
  /** Fewer do not confirm one frame of a known film, of which nothing else is found: titles and logos have less. */
  readonly cellsOneFrame: number
  /** Fewer are few: what is asked of these goes by the settings that end in `Few`. */
  readonly cellsMany: number
  /** Share of the cells that must agree: strictly to confirm, plainly for a review. */
  readonly agreementConfirm: number
  readonly agreementConfirmFew: number
  readonly agreementReview: number
  /** The same where what was drawn over is left out, strictly, to confirm. */
  readonly agreementConfirmUndrawn: number
  /** Share of what is visible that may differ in one place and be confirmed. */
  readonly differingMax: number
  /** The same of what differs less, where nearly all agrees elsewhere. */
  readonly differingFinelyMax: number
  /** Features that are shifted together, for each on the map, in what is confirmed. */
  readonly parallaxMax: number
  /** Share of the one or the other that must be shown, to confirm. */
  readonly partMin: number
  /** Share of both that only the one shows, on the one side, and only the other, on the other: more is a review. */
  readonly besideMax: number
  /** Shares from which a picture is writing, and on paper; and the share of inliers that makes it a copy. */
  readonly writingMin: number
  readonly writingBesideMax: number
  readonly paperMin: number
  readonly inlierShareForm: number
}
