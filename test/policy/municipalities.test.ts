import { expect, it } from 'vitest'
import { policyFiles, readMunicipalities } from '../../src/policy/index.ts'

const municipalities = readMunicipalities(policyFiles('/nonexistent'))

/** Municipalities a county (SCB): Stockholm 26, Västra Götaland 49, Skåne 33 ... */
const COUNTIES = {
  '01': 26,
  '03': 8,
  '04': 9,
  '05': 13,
  '06': 13,
  '07': 8,
  '08': 12,
  '09': 1,
  '10': 5,
  '12': 33,
  '13': 6,
  '14': 49,
  '17': 16,
  '18': 12,
  '19': 10,
  '20': 15,
  '21': 10,
  '22': 7,
  '23': 8,
  '24': 15,
  '25': 14,
}

it('are the 290 of Sweden in its 21 counties', () => {
  expect(municipalities.country).toBe('SE')
  expect(municipalities.all).toHaveLength(290)
  expect(new Set(municipalities.all.map(({ name }) => name)).size).toBe(290)
  const counted: Record<string, number> = {}
  for (const { code } of municipalities.all) {
    const county = code.slice(0, 2)
    counted[county] = (counted[county] ?? 0) + 1
  }
  expect(counted).toEqual(COUNTIES)
})

it.each([
  ['0180', 'Stockholm'],
  ['1480', 'Göteborg'],
  ['1280', 'Malmö'],
  ['0380', 'Uppsala'],
  ['0980', 'Gotland'],
  ['2584', 'Kiruna'],
  ['0305', 'Håbo'],
  ['0643', 'Habo'],
])('have the codes of Statistics Sweden: %s is %s', (code, name) => {
  expect(municipalities.of(code)).toEqual({ code, name })
  expect(municipalities.find(code, 'x')).toEqual({ code, name })
  expect(municipalities.find(name, 'x')).toEqual({ code, name })
})

it.each([
  ['stockholm', '0180'],
  ['  Stockholms stad ', '0180'],
  ['Göteborgs kommun', '1480'],
  ['Go\u0308teborg', '1480'],
  ['Region Gotland', '0980'],
  ['Borås', '1490'],
  ['Borås stad', '1490'],
  ['Västerås', '1980'],
  ['Upplands-Bro kommun', '0139'],
  ['Malung-Sälens kommun', '2023'],
])('are found as people write them: %s', (written, code) => {
  expect(municipalities.find(written, 'x').code).toBe(code)
})

it.each(['', '180', '0000', '9999', 'Atlantis', 'kommun', 'Boras'])(
  'are not guessed: %s',
  (written) => {
    expect(() => municipalities.find(written, 'childMunicipality')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'childMunicipality' }),
    )
  },
)
