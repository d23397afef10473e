import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PersonView } from '../../src/access/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home

beforeAll(async () => {
  home = createHome()
  await home.run(['init'])
})
afterAll(() => home.dispose())

async function add(name: string, pseudonym: string, ...flags: readonly string[]) {
  const words = ['people', 'add', name, '--pseudonym', pseudonym, ...flags]
  return (await home.json(words)) as PersonView
}

const doctor = async () => (await home.run(['doctor'])).stdout

it('names who answers for a machine, and doctor tells of those that nobody does', async () => {
  const anna = await add('Anna', 'A-1', '--role', 'analyst')
  const machine = await add('Rack', 'C-1', '--machine', '--role', 'crawler')
  expect(await doctor()).toContain(`two persons verify what they propose: C-1 (${machine.id})`)
  expect(await home.json(['people', 'own', machine.id, anna.id])).toMatchObject({ owner: anna.id })
  expect((await home.run(['people'])).stdout).toMatch(new RegExp(`C-1 .*${anna.id}`))
  expect(await doctor()).not.toContain('C-1')
  const owned = await add('Hub', 'H-1', '--machine', '--owner', anna.id, '--role', 'hma-curator')
  expect(owned.owner).toBe(anna.id)
  // Nobody answers for a person but that person, and no machine answers for another.
  for (const [whose, by] of [
    [anna.id, anna.id],
    [machine.id, owned.id],
  ] as const) {
    const { code, stderr } = await home.run(['people', 'own', whose, by])
    expect([code, stderr]).toEqual([2, expect.stringContaining('owner')])
  }
})

it('tells a crawler no verdicts from the moment they are withheld, and doctor who is told them', async () => {
  const crawler = await home.person('Scout', 'crawler-verdict')
  const md5 = '0'.repeat(32)
  const stdin = `{"url":"https://host.example/1","hashes":[{"type":"md5","value":"${md5}"}]}\n`
  const feed = () => home.run(['feed', '-'], { key: crawler.key, stdin })
  expect(await doctor()).toMatch(/crawlers that are told verdicts: SCOUT/)
  expect((await feed()).stderr).toContain('1 none')
  await home.json(['people', 'withhold-verdicts', crawler.id])
  expect(await doctor()).not.toContain('told verdicts')
  const { stdout, stderr } = await feed()
  // A line that tells nothing is no news.
  expect([stdout, stderr]).toEqual(['', expect.stringContaining('1 received')])
  expect((await home.run(['people', 'withhold-verdicts', crawler.id])).code).not.toBe(0)
})

it('shows one person with keys and sign-in, and searches what was done to them', async () => {
  const anna = await add('Anna', 'A-9', '--role', 'analyst')
  await home.json(['keys', 'create', anna.id, '--label', 'laptop'])
  const shown = (await home.run(['people', 'show', anna.id])).stdout
  expect(shown).toMatch(/pseudonym +A-9[\s\S]*signs in since +-[\s\S]*laptop/)
  expect(shown).not.toContain('hk_')
  const auditor = await home.person('Aud', 'auditor')
  const args = ['audit', 'find', '--by', 'operator', '--action', 'person', '--subject', anna.id]
  const { stdout, stderr } = await home.run(args, { key: auditor.key })
  expect([stdout.match(/person\.add/g)?.length, stderr]).toEqual([
    1,
    expect.stringMatching(/entries looked at/),
  ])
  const queues = await home.json(['waiting', 'queues'], { key: auditor.key })
  expect(queues).toMatchObject({ backupAt: null, queues: [{ name: 'tips', count: 0 }, {}, {}, {}] })
})
