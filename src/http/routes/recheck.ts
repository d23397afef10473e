import { z } from 'zod'
import type { LookAnswer } from '../../cases/index.ts'
import type { Engine } from '../../engine.ts'
import { HindraError } from '../../errors.ts'
import { id, type Route, reason, route } from '../route.ts'

const LOOK_ANSWERS = ['still-there', 'gone', 'look-again'] as const

export function recheckRoutes(engine: Engine): readonly Route[] {
  return [
    route(
      ['POST', '/v1/rechecks'],
      'recheck:run',
      z.strictObject({ caseId: id.exactOptional() }),
      (by, { caseId }) => engine.recheck(by, caseId),
    ),
    route(
      ['POST', '/v1/cases/:id/look-answer'],
      'recheck:answer',
      z.strictObject({
        id,
        answer: z.enum(LOOK_ANSWERS),
        at: z.iso.datetime().exactOptional(),
        reason,
      }),
      (by, { id: caseId, reason: why, ...said }) =>
        engine.answerLook(by, caseId, lookAnswer(said), why),
    ),
  ]
}

/** Throws INVALID_INPUT where the time to look again is missing, or something else has one. */
function lookAnswer({
  answer,
  at,
}: {
  readonly answer: LookAnswer['answer']
  readonly at?: string
}): LookAnswer {
  if (answer === 'look-again' && at !== undefined) return { answer, at }
  if (answer !== 'look-again' && at === undefined) return { answer }
  const message =
    answer === 'look-again' ? 'to look again takes a time' : 'only look-again has a time'
  throw new HindraError('INVALID_INPUT', message, { field: 'at' })
}
