import { describe, expect, it } from 'vitest'
import { localTime, momentsOf } from '../../src/core/index.ts'

const STOCKHOLM = 'Europe/Stockholm'
const utc = (text: string, zone = STOCKHOLM) =>
  momentsOf(text, zone)?.map((ms) => new Date(ms).toISOString().slice(0, 16))

describe('a time on a wall clock', () => {
  it.each([
    ['2026-12-01 12:00', '2026-12-01T11:00'],
    ['2026-07-01 12:00', '2026-07-01T10:00'],
    ['2026-12-01T12:00', '2026-12-01T11:00'],
    ['2026-12-01 kl. 12.00', '2026-12-01T11:00'],
    ['2026-12-01 kl 9:05', '2026-12-01T08:05'],
    ['2026-12-01 00:00', '2026-11-30T23:00'],
    ['2026-12-01T12:00+05:30', '2026-12-01T06:30'],
    ['2026-12-01T12:00Z', '2026-12-01T12:00'],
  ])('%s is one moment', (text, moment) => {
    expect(utc(text)).toEqual([moment])
  })

  it('is two where the clock is set back, and none where it is set forward', () => {
    expect(utc('2026-10-25 02:30')).toEqual(['2026-10-25T00:30', '2026-10-25T01:30'])
    expect(utc('2026-03-29 02:30')).toEqual([])
    expect(utc('2026-04-05 01:45', 'Australia/Lord_Howe')).toHaveLength(2)
    expect(utc('2026-12-01 12:00', 'America/St_Johns')).toEqual(['2026-12-01T15:30'])
  })

  it.each([
    ...['', '2026-12-01', '12:00', '2026-13-01 12:00', '2026-02-30 12:00', '2026-12-01 24:00'],
    ...['2026-12-01 12:60', '0026-12-01 12:00', '2026-12-01 12:00 CET', '1/12 2026 12:00'],
  ])('"%s" is none', (text) => {
    expect(momentsOf(text, STOCKHOLM)).toBeUndefined()
  })

  it('is said back with its zone', () => {
    expect(localTime(Date.UTC(2026, 11, 1, 11), STOCKHOLM)).toBe(
      '2026-12-01 12:00 Europe/Stockholm (UTC+01:00)',
    )
    expect(localTime(Date.UTC(2026, 6, 1, 11), 'America/St_Johns')).toBe(
      '2026-07-01 08:30 America/St_Johns (UTC-02:30)',
    )
    expect(localTime(Date.UTC(2026, 9, 25, 1, 30), STOCKHOLM)).toContain('02:30')
  })
})
