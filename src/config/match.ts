import { z } from 'zod'

export const indexSettings = {
  kind: z
    .enum(['exact', 'linear', 'hnsw'])
    .default('exact')
    .describe('exact is native where built; linear is exact and portable; hnsw misses some'),
  snapshotMinutes: z
    .number()
    .min(0.01)
    .max(1_440)
    .default(15)
    .describe('A change is in the saved index after this at the latest'),
  snapshotChanges: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .describe('And after so many, or a tenth of the register'),
  erasureSeconds: z
    .number()
    .min(0.01)
    .max(86_400)
    .default(60)
    .describe('What was retracted is gone from the saved index after this'),
}

export const matchSettings = {
  // 0 false in 3.8 million pairs of distinct photographs at 31: at most 8e-7 a pair (95%).
  reviewRadius: z.int().min(0).max(64).default(31).describe('PDQ radius of the review band'),
  bareViews: z
    .enum(['derived', 'plain'])
    .default('derived')
    .describe(
      'Of a hash alone: its turns, mirrors and negative are searched too, or it is as it came',
    ),
  // Derived hashes of 45 pictures were at most 30 bits off, 90% within 14; a wider net costs fetches.
  derivedBits: z
    .int()
    .min(0)
    .max(33)
    .default(14)
    .describe('Added to the radius for views that follow from the bits of a hash alone'),
  // Of 1,440 pairs that differ in a person-shaped part 0 were within 2, 1 within 4; see decision match 19.
  confirmRadius: z.int().min(0).max(64).default(2).describe('PDQ radius that confirms alone'),
  nearRadius: z
    .int()
    .min(0)
    .max(64)
    .default(16)
    .describe('PDQ radius that tells one frame from the next, and backs few cells that agree'),
  confirmQualityMin: z.int().min(0).max(100).default(80),
  qualityMin: z.int().min(0).max(100).default(50),
  // 0 false of 240 hard negative pairs at .67, of 3,202 at .76 of a like code; see bench/README.md.
  candidateRadius: z
    .int()
    .min(0)
    .max(64)
    .default(46)
    .describe('PDQ radius that proposes an item which keeps features'),
  inliersMin: z.int().min(4).max(400).default(10).describe('Features that agree on one map'),
  // Of 928 photographs 3 match another one of the same motif; see decisions match 5 and 9.
  inlierShareConfirm: z
    .number()
    .min(0)
    .max(1)
    .default(0.06)
    .describe('Share that they are of the features there, to confirm many cells'),
  inlierShareReview: z
    .number()
    .min(0)
    .max(1)
    .default(0.12)
    .describe('The same, to review, and to confirm few cells'),
  inlierShareReviewFew: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('The same, to review where few cells can be compared'),
  // 40 of 47 false findings of 13,200 looks were of such pairs; see decision match 11.
  inlierShareMin: z
    .number()
    .min(0)
    .max(1)
    .default(0.075)
    .describe('The same, without which few cells say nothing, however they agree'),
  inliersScant: z
    .int()
    .min(4)
    .max(400)
    .default(36)
    .describe('Features, to review scant cells of which some differ'),
  cellsScant: z.int().min(1).max(576).default(64).describe('Fewer are scant'),
  // Of 300,000 pairs of other pictures and crops of them none has 10 cells of which so many agree; decision match 26.
  cellsPiece: z
    .int()
    .min(1)
    .max(576)
    .default(12)
    .describe(
      'Fewer than these say nothing; fewer than cellsMin are a review where nearly all agree',
    ),
  agreementPiece: z.number().min(0).max(1).default(0.9).describe('Share of such cells'),
  inlierSharePiece: z
    .number()
    .min(0)
    .max(1)
    .default(0.15)
    .describe('And share of the features there, for them or for fewer features than inliersMin'),
  cellsMin: z.int().min(1).max(576).default(32).describe('Textured cells that can be compared'),
  cellsSameFrame: z
    .int()
    .min(1)
    .max(576)
    .default(192)
    .describe('Fewer do not confirm where neither picture is cut or turned and no hash is near'),
  cellsOneFrame: z
    .int()
    .min(1)
    .max(576)
    .default(128)
    .describe('Fewer do not confirm where one frame of a known film is all that is found of it'),
  // 7 of 120 looks at one wall from another take were confirmed, 0 so; see decision match 9.
  cellsMany: z.int().min(1).max(576).default(288).describe('Fewer must agree more'),
  agreementConfirm: z.number().min(0).max(1).default(0.76).describe('Share of cells, to confirm'),
  agreementConfirmFew: z
    .number()
    .min(0)
    .max(1)
    .default(0.84)
    .describe('Share of few cells, to confirm'),
  agreementReview: z.number().min(0).max(1).default(0.65).describe('Share of cells, to review'),
  agreementConfirmUndrawn: z
    .number()
    .min(0)
    .max(1)
    .default(0.84)
    .describe('Share of cells without what was drawn over, to confirm'),
  // The same scene without its subject, or with another: see bench/README.md, `subject`.
  differingMax: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .describe('Share that may differ in one place; more is a review'),
  // Somebody small who moved on, or a part of a subject: see bench/README.md, `viewpoints` and `subject`.
  differingFinelyMax: z
    .number()
    .min(0)
    .max(1)
    .default(0.014)
    .describe('The same of what differs less, where nearly all agrees elsewhere'),
  // Things at different depths from another viewpoint: see bench/README.md, `viewpoints`.
  parallaxMax: z
    .number()
    .min(0)
    .default(0.1)
    .describe('Features shifted together for each on the map; more is a review'),
  // Pieces of one backdrop that two pictures show: see bench/README.md, `hard`.
  partMin: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of the picture, or of the item, that shows the other one, to confirm'),
  // One room by a camera that turns: see bench/README.md, `viewpoints` and the film bench's hard pairs.
  besideMax: z
    .number()
    .min(0)
    .max(1)
    .default(0.15)
    .describe('Share that each shows beside the other on opposite sides; more is a review'),
  // Spreadsheets with other numbers, timetables with other times: see bench/README.md, `documents`.
  writingMin: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of the texture that is writing and lines, from which it may be a form'),
  // One photograph on two posters, product sheets, tickets: see bench/README.md, `documents`.
  writingBesideMax: z
    .number()
    .min(0)
    .max(1)
    .default(0.12)
    .describe(
      'Share of an item that is writing and not shown, up to which a part of it (partMin) confirms',
    ),
  paperMin: z
    .number()
    .min(0)
    .max(1)
    .default(0.35)
    .describe('Share of one flat colour, from which writing stands on paper'),
  inlierShareForm: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('Share of features that confirm a form: fewer are what all its copies share'),
  // Films: 0 false in 3,154 pairs of distinct clips, most of them parts of one film by one camera:
  // at most 0.1% of such pairs (95%). With 3 frames and half of both there were 2.
  filmConfirmShare: z.number().min(0).max(1).default(0.6).describe('Of both films, to confirm'),
  filmReviewShare: z.number().min(0).max(1).default(0.3).describe('Of either film, to review'),
  filmFramesMin: z.int().min(1).max(1000).default(4).describe('Distinct frames, to confirm'),
}
