import { describe, expect, it } from 'vitest'
// The parts of one folder that no other folder may enter are tested where they are.
import { readHoldCommand } from '../../src/takedown/holds/hold-command.ts'
import { newReplyWord, takeWord } from '../../src/takedown/holds/reply-word.ts'
import { systemRandom } from '../../src/core/index.ts'

const read = (...lines: readonly string[]) => readHoldCommand(lines.join('\n'), 'Europe/Stockholm')
const NOON = '2026-12-01T11:00:00.000Z'
const WORD = 'K7QM-4T9X-P2WD'

describe('what the police say in a reply', () => {
  it.each([
    ['vänta till 2026-12-01 12:00', 'wait', NOON],
    ['Vänta till 2026-12-01 kl. 12.00.', 'wait', NOON],
    ['VA\u0308NTA TILL 2026-12-01 12:00', 'wait', NOON],
    ['vänta\u00a0till  2026-12-01 12:00', 'wait', NOON],
    ['wait until 2026-12-01 12:00', 'wait', NOON],
    ['Wait until 2026-12-01T12:00', 'wait', NOON],
    ['klart', 'release', null],
    ['Klart!', 'release', null],
    ['Done.', 'release', null],
    ['Förbjud', 'forbid', null],
    ['forbid', 'forbid', null],
  ])('"%s" is %s', (line, wish, until) => {
    expect(read(line)).toMatchObject({ kind: 'said', wish, until, word: null })
    expect(read('Hej,', '', line, '', 'Hälsningar', 'Anna')).toMatchObject({ wish, until })
  })

  it('has the word on the line of the command or on another, however it is typed', () => {
    for (const word of [
      WORD,
      WORD.toLowerCase(),
      WORD.replace(/-/g, ' '),
      WORD.replace(/-/g, ''),
    ]) {
      const found = { kind: 'said', wish: 'release', word: 'K7QM4T9XP2WD' }
      expect(read(`klart ${word}`)).toMatchObject(found)
      expect(read('klart', word)).toMatchObject(found)
      expect(read(word, 'klart')).toMatchObject(found)
    }
  })

  it('has their number', () => {
    expect(read('klart', 'Ärende: 5000-K123456-26')).toMatchObject({
      theirNumber: '5000-K123456-26',
    })
    expect(read('done', 'Our reference: X 1')).toMatchObject({ theirNumber: 'X 1' })
  })

  it.each([
    [['klart', 'vänta till 2026-12-01 12:00']],
    [['vänta till 2026-12-01 12:00', 'vänta till 2026-12-02 12:00']],
    [['klart', '', 'men vänta med bilden']],
    [['inte klart']],
    [['Inte än.', 'klart']],
    [['klart?']],
    [['vänta']],
    [['vänta till fredag']],
    [['vänta till 2026-12-01']],
    [['vänta till 2026-02-30 12:00']],
    [['Vi är snart klara, vänta till 2026-12-01 12:00 om det går']],
    [['Please hold the notice.']],
    [[...Array.from({ length: 12 }, (_, n) => `rad ${n}`), 'klart']],
  ])('%j is for a person', (lines) => {
    expect(read(...lines)).toEqual({ kind: 'unclear' })
  })

  it.each([['Tack, mottaget.'], ['Ring mig på 010-123 45 67'], [''], [WORD]])(
    '"%s" says nothing of a hold',
    (line) => {
      expect(read(line)).toEqual({ kind: 'none' })
    },
  )

  it('does not stumble over a footer', () => {
    const footer = [
      'Anna A',
      'Polisen',
      'Box 1',
      '123 45 Stad',
      '010',
      'Om du inte är mottagare ...',
    ]
    expect(read('klart', ...footer)).toMatchObject({ wish: 'release' })
    expect(read('klart', '-- ', 'inte mer')).toMatchObject({ wish: 'release' })
  })

  it('takes the later of two hours that the clock shows twice, and no hour that it skips', () => {
    expect(read('vänta till 2026-10-25 02:30')).toMatchObject({ until: '2026-10-25T01:30:00.000Z' })
    expect(read('vänta till 2027-03-28 02:30')).toEqual({ kind: 'no-such-time' })
  })
})

describe('the one-time word', () => {
  it('is drawn from letters that nobody mistakes, and is found again', () => {
    const words = Array.from({ length: 200 }, () => newReplyWord(systemRandom))
    expect(new Set(words).size).toBe(200)
    for (const word of words) {
      expect(word).toMatch(/^([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}$/)
      expect(takeWord(`vänta till 2026-12-01 12:00 ${word}`)).toEqual({
        word: word.replaceAll('-', ''),
        rest: 'vänta till 2026-12-01 12:00',
      })
    }
  })
})
