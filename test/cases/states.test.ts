import { describe, expect, it } from 'vitest'
import { CASE_STATUSES, type CaseStatus, mayBeNotified } from '../../src/cases/index.ts'
import { checkTransition } from '../../src/cases/states.ts'

/** Written out from the design, cell by cell: columns in the order of CASE_STATUSES. */
const TABLE: Readonly<Record<CaseStatus, string>> = {
  //             open in-p remo unav move clos disp noti retr
  open: /*      */ '. y y y y y y y y',
  'in-progress': '- . y y y y y y y',
  removed: /*   */ 'y - . - - y y y y',
  unavailable: /**/ 'y - - . - y y y y',
  moved: /*     */ 'y - - - . y y y y',
  closed: /*    */ 'y - - - - . y y y',
  disputed: /*  */ 'y y y y y y . y y',
  'not-illegal': '- - - - - - - . y',
  retracted: /* */ '- - - - - - - - .',
}

describe('the state machine', () => {
  for (const [from, row] of Object.entries(TABLE) as [CaseStatus, string][]) {
    const cells = row.split(' ')
    it(`leads from ${from} where the design says, and nowhere else`, () => {
      expect(cells).toHaveLength(CASE_STATUSES.length)
      for (const [column, to] of CASE_STATUSES.entries()) {
        const step = () => {
          checkTransition(from, to)
        }
        if (cells[column] === '-') {
          expect(step, to).toThrow(expect.objectContaining({ code: 'CASE_STATE' }))
        } else expect(step, to).not.toThrow()
      }
    })
  }
})

describe('who may be notified', () => {
  const strong = { status: 'open', verdict: 'exact', decision: 'not-needed', itemVerified: true }
  const cases = [
    [{}, true],
    [{ verdict: 'confirmed' }, true],
    [{ verdict: 'assessed' }, true],
    [{ status: 'in-progress' }, true],
    [{ verdict: 'review', decision: 'accepted' }, true],
    [{ verdict: 'review', decision: 'pending' }, false],
    [{ verdict: 'review', decision: 'rejected' }, false],
    [{ verdict: 'review', decision: 'not-needed' }, false],
    [{ verdict: 'confirmed', decision: 'pending' }, false],
    [{ verdict: 'exact', decision: 'rejected' }, false],
    [{ itemVerified: false }, false],
    [{ verdict: 'review', decision: 'accepted', itemVerified: false }, false],
    ...CASE_STATUSES.slice(2).map((status) => [{ status }, false] as const),
  ] as const
  it.each(cases)('%j: %s', (change, expected) => {
    const entry = { ...strong, ...change } as Parameters<typeof mayBeNotified>[0]
    expect(mayBeNotified(entry)).toBe(expected)
  })
})
