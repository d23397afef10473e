import { describe, expect, it } from 'vitest'
import { doStep, emptyState, type Ending, faultsOf, type Line, type Step } from './history.ts'

/** A history as it should be: three processes, one after the other, each told of all. */
function sound(): { lines: Line[]; ending: Ending } {
  const left = emptyState()
  const lines: Line[] = [{ follows: 'f', after: stampOf(0) }]
  const log = []
  const all: Step[][] = [
    [
      { do: 'set', key: 1 },
      { do: 'insert', key: 1 },
    ],
    [
      { do: 'get', key: 1 },
      { do: 'set', key: 2 },
      { do: 'add', key: 1 },
    ],
    [
      { do: 'list', key: 1 },
      { do: 'insert', key: 1 },
    ],
    [
      { do: 'get', key: 2 },
      { do: 'set', key: 1 },
      { do: 'sum', key: 1 },
    ],
    [
      { do: 'get', key: 1 },
      { do: 'drop', key: 1 },
      { do: 'add', key: 1 },
    ],
  ]
  for (const [n, steps] of all.entries()) {
    const id = `p${n}`
    lines.push({ begin: id, at: String(100 * n + 10), steps })
    const saw = steps.map((step) => doStep(left, id, step))
    lines.push({ done: id, at: String(100 * n + 60), saw })
    log.push({ id, stamp: stampOf(n + 1) })
    lines.push({ told: stampOf(n + 1), by: 'f' })
    const looked: Step[] = [
      { do: 'get', key: 1 },
      { do: 'list', key: 1 },
    ]
    const seen = looked.map((step) => doStep(left, '', step))
    const [from, at] = [String(100 * n + 70), String(100 * n + 80)]
    lines.push({ look: stampOf(n + 1), from, at, steps: looked, saw: seen })
  }
  return { lines, ending: { log, left } }
}

function stampOf(n: number): string {
  return n.toString(16).padStart(20, '0')
}

function found(change: (history: ReturnType<typeof sound>) => Partial<ReturnType<typeof sound>>) {
  const history = sound()
  const { lines = history.lines, ending = history.ending } = change(history)
  return faultsOf(lines, ending)
}

const sawOf = (lines: Line[], id: string, saw: unknown[]) =>
  lines.map((line) => ('done' in line && line.done === id ? { ...line, saw } : line))

describe('the checker of histories', () => {
  it('finds nothing in one that is sound, nor where nobody knows how something ended', () => {
    expect(found(() => ({}))).toEqual([])
    const dead = found(({ lines }) => ({
      lines: lines.filter((line) => !('done' in line && line.done === 'p2')),
    }))
    expect(dead).toEqual([])
    const never: Line = { begin: 'never', at: '5', steps: [{ do: 'set', key: 1 }] }
    expect(found(({ lines }) => ({ lines: [...lines, never] }))).toEqual([])
  })

  it('finds what was answered and is lost, what is there twice, and what nobody began', () => {
    const lost = found(({ ending }) => ({
      ending: { ...ending, log: ending.log.filter(({ id }) => id !== 'p1') },
    }))
    expect(lost[0]).toBe('1 that were answered are lost: p1')
    const twice = found(({ ending }) => ({
      ending: { ...ending, log: [...ending.log, { id: 'p1', stamp: stampOf(9) }] },
    }))
    expect(twice[0]).toBe('1 were done twice')
    const strange = found(({ ending }) => ({
      ending: { ...ending, log: [...ending.log, { id: 'p9', stamp: stampOf(9) }] },
    }))
    expect(strange).toContain('1 are there that nobody began')
  })

  it.each([
    [
      'a write that was taken back (G1a), or of the middle of a transaction (G1b)',
      'p1',
      ['p7', null, null],
    ],
    ['a write of later (G1c), or a stale one', 'p4', ['p0', null, null]],
    ['a lost update, as a sum that does not count another', 'p3', ['p1', null, 0]],
    ['a range without what was there (G2)', 'p2', [[], null]],
  ] as const)('finds %s', (_name, id, saw) => {
    const faults = found(({ lines }) => ({ lines: sawOf(lines, id, [...saw]) }))
    expect(faults.some((fault) => fault.startsWith(`${id} saw`))).toBe(true)
  })

  it('finds two readings that saw two orders (long fork)', () => {
    const faults = found(({ lines }) => ({
      lines: lines.map((line) =>
        'look' in line && line.look === stampOf(2) ? { ...line, saw: [null, ['p0']] } : line,
      ),
    }))
    expect(faults[0]).toMatch(/^a reading at 0{19}2 saw/)
  })

  it('finds mixed writes (G0): what is left is of no order', () => {
    const faults = found(({ ending }) => ({
      ending: {
        ...ending,
        left: { ...ending.left, registers: new Map([...ending.left.registers, [1, 'p0']]) },
      },
    }))
    expect(faults).toEqual(['what is left is not what the log comes to'])
  })

  it('finds who was shown less than was answered before he began, and who wrote before it', () => {
    const old = found(({ lines }) => ({
      lines: lines.map((line) =>
        'look' in line && line.look === stampOf(2) ? { ...line, from: '999' } : line,
      ),
    }))
    expect(old[0]).toMatch(/^a reading at 0{19}2 began after 0{19}5 was answered/)
    const early = found(({ lines }) => ({
      lines: lines.map((line) =>
        'begin' in line && line.begin === 'p1' ? { ...line, at: '999' } : line,
      ),
    }))
    expect(early.some((fault) => fault.startsWith('p1 at'))).toBe(true)
  })

  it('finds what was committed, or done, by a lease that another one had taken over', () => {
    const turnsOf = (...turns: (string | undefined)[]) =>
      found(({ lines }) => {
        let n = 0
        return {
          lines: lines.map((line) => {
            if (!('begin' in line)) return line
            const turn = turns[n++]
            return turn === undefined ? line : { ...line, turn }
          }),
        }
      })
    expect(turnsOf('a', 'a', undefined, 'b', 'c')).toEqual([])
    expect(turnsOf('a', 'a', 'b', undefined, 'a')).toEqual(['a committed after its turn'])
    const effectsOf = (...effects: string[]) =>
      found(({ lines }) => ({
        lines: [...lines, ...effects.map((effect, n) => ({ effect, at: String(n) }))],
      }))
    expect(effectsOf('a', 'a', 'b')).toEqual([])
    expect(effectsOf('a', 'b', 'a')).toEqual(['a did something after its turn'])
  })

  it('finds a follower that was told too little, too much, or in another order', () => {
    const toldOf = (change: (told: Line[]) => Line[]) =>
      found(({ lines }) => {
        const told = lines.filter((line) => 'told' in line)
        return { lines: [...lines.filter((line) => !('told' in line)), ...change(told)] }
      })
    const wrong = ['f was not told of all commits in order']
    expect(toldOf((told) => told)).toEqual([])
    expect(toldOf((told) => told.slice(0, 3))).toEqual([])
    expect(toldOf((told) => told.slice(1))).toEqual(wrong)
    expect(toldOf((told) => [...told.slice(0, 2), ...told.slice(1)])).toEqual(wrong)
    expect(toldOf((told) => told.toReversed())).toEqual(wrong)
  })
})
