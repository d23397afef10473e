import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createHome } from './hindra.ts'

const home = createHome()
afterAll(() => home.dispose())

describe.skipIf(nativeCore() === undefined)('scan --explain', () => {
  it('writes why as a map, once, where pictures were compared', async () => {
    const env = { HINDRA_FEATURES_STORE: 'true' }
    const at = (name: string) => join(home.directory, name)
    const picture = await sceneJpeg(31)
    writeFileSync(at('known.jpg'), picture)
    writeFileSync(at('smaller.jpg'), await sharp(picture).resize(500).jpeg().toBuffer())
    await home.json(['init', '--admin', 'Ada'])
    const [anna, bo] = [await home.person('Anna', 'analyst'), await home.person('Bo', 'verifier')]
    const register = ['register', at('known.jpg'), '--classification', 'Baseline', '--json']
    const { stdout } = await home.run(register, { key: anna.key, env })
    const { answer } = JSON.parse(stdout) as { answer: { id: string } }
    await home.run(['verify', answer.id], { key: bo.key, env })

    const map = at('map.svg')
    const explain = (...files: string[]) =>
      home.run(['scan', ...files.map(at), '--explain', map], { key: anna.key, env })
    const told = await explain('smaller.jpg')
    expect(told.stderr).toContain(`the best match by cells: ${map}`)
    const svg = readFileSync(map, 'utf8')
    expect(svg.match(/width="15" height="15"/g)).toHaveLength(24 * 24)
    expect(svg).not.toMatch(/<image|base64|href/)
    expect((await explain('smaller.jpg')).stderr).toMatch(/map\.svg cannot be written/)
    expect((await explain('smaller.jpg', 'known.jpg')).stderr).toMatch(/--explain takes one file/)
    expect((await explain('known.jpg')).stderr).toContain('nothing to explain')

    const media = readFileSync(at('smaller.jpg')).toString('base64')
    const stdin = JSON.stringify({ url: 'https://host.example/smaller.jpg', media })
    const opened = await home.run(['scan', '-', '--open-cases', '--json'], {
      key: anna.key,
      env,
      stdin,
    })
    const { answer: seen } = JSON.parse(opened.stdout) as { answer: { caseId: string } }
    const again = at('of-case.svg')
    const show = ['cases', 'show', seen.caseId, '--explain', again]
    const shown = await home.run(show, { key: anna.key, env })
    expect(shown.stderr).toContain(`the best match by cells: ${again}`)
    expect(shown.stdout).toContain('confirmed')
    expect(readFileSync(again, 'utf8')).toBe(svg)
  })
})
