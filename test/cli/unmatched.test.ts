import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let admin: string
let analyst: string

beforeAll(async () => {
  home = createHome()
  admin = ((await home.json(['init', '--admin', 'Ada'])) as { admin: { key: string } }).admin.key
  analyst = (await home.person('Anna', 'analyst')).key
})
afterAll(() => home.dispose())

it('says that nothing is kept, and of what is kept how many and since when', async () => {
  const none = await home.run(['unmatched'], { key: admin })
  expect(none.stdout).toMatch(/^kept +0$/m)
  expect(none.stdout).toContain('none (sightings.unmatchedMax)')

  writeFileSync(join(home.data, 'hindra.yaml'), 'sightings: { unmatchedMax: 50 }\n')
  const file = join(home.directory, 'seen.jpg')
  writeFileSync(file, await sceneJpeg(5))
  const sent = ['submit', file, 'https://host.example/5.jpg']
  expect(await home.json(sent, { key: analyst })).toMatchObject({ verdict: 'none' })
  expect(await home.json(['unmatched'], { key: admin })).toMatchObject({
    count: 1,
    max: 50,
    days: 14,
  })
  expect((await home.run(['unmatched'], { key: admin })).stdout).toMatch(/^oldest +2\d{3}-/m)
  expect((await home.run(['unmatched'], { key: analyst })).code).toBe(3)
})
