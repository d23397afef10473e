import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inputOfForm } from '../../src/console/index.ts'

const input = z.strictObject({
  id: z.string(),
  count: z.int().exactOptional(),
  dryRun: z.boolean().default(false),
  urls: z.array(z.string()).exactOptional(),
  said: z
    .strictObject({ reason: z.string(), isUrgent: z.boolean().exactOptional() })
    .exactOptional(),
  isKnown: z.boolean().nullable().exactOptional(),
  files: z.array(z.strictObject({ name: z.string() })).exactOptional(),
  answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).exactOptional(),
})

describe('the input of an operation out of a form', () => {
  it('has of each field what its schema asks for, and nothing of what was left empty', () => {
    const made = inputOfForm(
      { input },
      {
        id: ['1234'],
        count: ['7'],
        dryRun: ['on'],
        urls: ['https://one.example'],
        'said.reason': ['true'],
        'said.isUrgent': ['false'],
        isKnown: ['true'],
        files: ['[{"name":"one"},{"name":"two"}]'],
        'answers.child': ['yes'],
        'answers.shown': ['posing', 'focus'],
        'answers.age': [''],
      },
    )
    expect(made).toEqual({
      id: '1234',
      count: 7,
      dryRun: true,
      urls: ['https://one.example'],
      said: { reason: 'true', isUrgent: false },
      isKnown: true,
      files: [{ name: 'one' }, { name: 'two' }],
      answers: { child: 'yes', shown: ['posing', 'focus'] },
    })
    expect(input.safeParse(made).success).toBe(true)
  })

  it('leaves what is of the wrong type to be refused by its name', () => {
    const made = inputOfForm({ input }, { id: ['1'], count: ['many'], dryRun: ['perhaps'] })
    expect(input.safeParse(made).error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'count',
      'dryRun',
    ])
  })

  it('makes nothing of names that reach into what objects have by themselves', () => {
    const made = inputOfForm(
      { input },
      { '__proto__.polluted': ['yes'], 'constructor.x': ['y'], a: ['b'] },
    )
    expect(Object.prototype).not.toHaveProperty('polluted')
    expect(input.safeParse(made).success).toBe(false)
  })

  it('goes only so deep', () => {
    expect(inputOfForm({ input }, { [Array(50).fill('a').join('.')]: ['x'] })).toEqual({})
  })
})
