import { own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { AGREEMENT_FIGURES } from './agreement-figures.ts'
import { CASE_FIGURES } from './case-figures.ts'
import type { Figure } from './figure.ts'
import { NOTICE_FIGURES } from './notice-figures.ts'
import { OBJECTION_FIGURES } from './objection-figures.ts'
import { RECORD_FIGURES } from './record-figures.ts'
import { SAMPLE_FIGURES } from './sample-figures.ts'
import { TIP_FIGURES } from './tip-figures.ts'

/** Every figure that is made of rows, by its id. */
export const DECLARED_FIGURES = {
  ...TIP_FIGURES,
  ...CASE_FIGURES,
  ...NOTICE_FIGURES,
  ...RECORD_FIGURES,
  ...OBJECTION_FIGURES,
  ...AGREEMENT_FIGURES,
  ...SAMPLE_FIGURES,
} as const satisfies Readonly<Record<string, Figure>>

export type FigureId = keyof typeof DECLARED_FIGURES

/** A figure by its id. Throws NOT_FOUND. */
export function figureOf(id: string): Figure {
  const found = own<Figure>(DECLARED_FIGURES, id)
  if (found !== undefined) return found
  throw new HindraError('NOT_FOUND', `no figure is called ${id}`, { field: 'figure' })
}
