import { z } from 'zod'
import { CASE_TAKE_BACKS, SAMPLE_ANSWERS, SAMPLE_OUTCOMES } from '../cases/terms.ts'
import { exactId, page, reason } from './fields.ts'
import { operation } from './operation.ts'

/** Told whole: to complete a beginning would tell whoever may not see them which samples there are. */
const id = exactId

/** Decisions that another person decides again, without sight of what was decided. */
export const samples = {
  list: operation('GET /v1/samples', {
    needs: 'case:decide',
    says: 'Decisions that you may decide again, without what was decided or by whom',
    input: page,
    // How many rows each list had would tell an auditor who decides when one was drawn.
    reads: ['often', 'sample.list'],
    run: ({ sampleDesk }, by, rows) => sampleDesk.waiting(by, rows),
  }),
  differing: operation('GET /v1/sample-differences', {
    needs: 'case:close',
    says: 'Decisions that two people decided differently, and that wait for a third, with what each said',
    input: page,
    reads: ['often', 'sample.differing'],
    run: ({ sampleDesk }, by, rows) => sampleDesk.differing(by, rows),
  }),
  show: operation('GET /v1/samples/:id', {
    needs: 'case:work',
    says: 'One that you may take; with what the decision stood on once you have; with what both said where you may settle it',
    input: { id },
    reads: ['one', 'sample.read'],
    run: ({ sampleDesk }, by, asked) => sampleDesk.show(by, asked.id),
  }),
  take: operation('POST /v1/samples/:id/take', {
    needs: 'case:decide',
    says: 'Takes one, to decide it again: until you have, or leave it, you are not shown its case',
    input: { id },
    run: ({ sampleDesk }, by, taken) => sampleDesk.take(by, taken.id),
  }),
  leave: operation('POST /v1/samples/:id/leave', {
    needs: 'case:decide',
    says: 'Leaves one to others for good that you have taken',
    input: { id },
    async run({ sampleDesk }, by, left) {
      await sampleDesk.leave(by, left.id)
      return { id: left.id }
    },
  }),
  decide: operation('POST /v1/samples/:id/decision', {
    needs: 'case:decide',
    says: 'Decides again what you have taken: of a match accepted or rejected, of an assessment its class',
    input: {
      id,
      answer: z.enum([...SAMPLE_ANSWERS.match, ...SAMPLE_ANSWERS.assessment]),
      reason,
    },
    run: ({ sampleDesk }, by, { id: sampleId, ...word }) => sampleDesk.decide(by, sampleId, word),
  }),
  settle: operation('POST /v1/samples/:id/settlement', {
    needs: 'case:close',
    says: 'Says as a third person what becomes of a decision with which the second did not agree',
    input: {
      id,
      outcome: z
        .enum(SAMPLE_OUTCOMES)
        .describe('corrected: takes the case back, or accepts a match that was rejected, at once'),
      takeBack: z
        .enum(CASE_TAKE_BACKS)
        .exactOptional()
        .describe('Corrected: why the case does not stand'),
      reason,
    },
    run: ({ sampleDesk }, by, { id: sampleId, ...settlement }) =>
      sampleDesk.settle(by, sampleId, settlement),
  }),
}
