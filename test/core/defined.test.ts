import { describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'

describe('the fields that are defined', () => {
  it('are kept in their order, whatever they hold', () => {
    const kept = defined({ b: null, line: undefined, a: 0, none: '', no: false, all: [] })
    expect(Object.entries(kept)).toEqual([
      ['b', null],
      ['a', 0],
      ['none', ''],
      ['no', false],
      ['all', []],
    ])
    expect('line' in kept).toBe(false)
  })

  it('replace nothing in a spread where they are absent', () => {
    expect({ field: 'url', ...defined({ field: undefined }) }).toEqual({ field: 'url' })
  })

  it('are optional in the type, and never undefined, only where they may be missing', () => {
    const place = (field: string | undefined): { field?: string; line: number } =>
      defined({ field, line: 3 })
    expect(place(undefined)).toEqual({ line: 3 })
    expect(place('url')).toEqual({ field: 'url', line: 3 })
  })
})
