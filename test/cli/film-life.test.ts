import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alteredFilm, filmMp4, reencodeFilm } from '../../fixtures/index.ts'
import { nativeCore } from '../../native/binding.ts'
import type { Case } from '../../src/cases/index.ts'
import type { Item } from '../../src/register/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome, type Home } from './hindra.ts'

const SIZE = { width: 480, height: 360 }
const OTHER = 'testsrc2=s=480x360:r=10:d=5,format=yuv420p'
const PIECE = 'trim=4:9,setpts=PTS-STARTPTS,hflip,crop=iw*0.8:ih*0.8,scale=480:360,setsar=1'

const FEATURES = { HINDRA_FEATURES_STORE: 'true' }

const flat = (text: string | undefined) => text?.replace(/\s+/g, ' ') ?? ''

/** By command: from a file that somebody registers to the last look at what was made of it. */
describe.skipIf(nativeCore() === undefined)('the life of a film', () => {
  let home: Home
  let relay: MailServer
  let host: Host
  let url: string
  let shown: Buffer | undefined
  let film: Buffer
  let piece: Buffer
  let caseId: string
  const key = { analyst: '', verifier: '', officer: '', crawler: '' }
  const at = (name: string) => join(home.directory, name)

  beforeAll(async () => {
    home = createHome()
    relay = await openMailServer()
    host = await httpHost((_request, response) => {
      response.writeHead(shown === undefined ? 404 : 200, { connection: 'close' }).end(shown)
    })
    url = `${host.origin}/v.mp4`
    film = await filmMp4(31, { ...SIZE, seconds: 12 })
    const within = `[0:v]${PIECE}[a];${OTHER}[b];${OTHER},hue=h=90[c];[b][a][c]concat=n=3`
    piece = await alteredFilm(film, ['-filter_complex', within])
    writeFileSync(at('known.mp4'), film)
    writeFileSync(at('seen.mp4'), piece)

    await home.json(['init', '--admin', 'Ada'])
    const provider = { name: 'Beta', country: 'TV', abuseContact: 'abuse@beta.example' }
    writeFileSync(
      at('hindra.yaml'),
      stringify({
        fetch: { allowNetworks: ['127.0.0.0/8'], allowPorts: [host.port] },
        mail: { port: relay.port, from: 'notices@hotline.example' },
        trace: { registries: false, providers: [{ ...provider, networks: ['127.0.0.0/8'] }] },
        recheck: { missesNeeded: 2, missGapHours: 0 },
        server: { tickSeconds: 3_600 },
      }),
    )
    await home.serveWith({ env: FEATURES }, '--config', at('hindra.yaml'))
    key.analyst = (await home.person('Anna', 'analyst')).key
    key.verifier = (await home.person('Bo', 'verifier')).key
    key.officer = (await home.person('Ola', 'officer')).key
    key.crawler = (await home.person('Kim', 'crawler-verdict')).key
  }, 120_000)
  afterAll(async () => {
    await home.dispose()
    await relay.close()
    await host.close()
  })

  const caseNow = async () =>
    (await home.json(['cases', 'show', caseId], { key: key.analyst })) as Case
  const look = () => home.json(['recheck', caseId], { key: key.officer })

  it('begins with two persons: one registers it, the other verifies it', async () => {
    const args = ['register', at('known.mp4'), '--classification', 'Baseline', '--json']
    const { stdout, code } = await home.run(args, { key: key.analyst })
    expect(code).toBe(0)
    const { answer } = JSON.parse(stdout) as { answer: Item }
    const verified = await home.run(['verify', answer.id], { key: key.verifier })
    expect(verified.stderr).toBe('1 verified, 0 failed\n')
    expect(await home.json(['items', 'show', answer.id], { key: key.analyst })).toMatchObject({
      kind: 'film',
      status: 'verified',
    })
  })

  it('finds a mirrored crop of a piece of it in another film, and draws the strips of both', async () => {
    const args = ['scan', at('seen.mp4'), '--explain', at('strips.svg')]
    const { stdout } = await home.run(args, { key: key.analyst })
    expect(stdout).toMatch(
      /^confirmed .* by film: at \d\.\d to \d+\.\d s it shows \d\.\d to \d+\.\d s/,
    )
    const strips = readFileSync(at('strips.svg'), 'utf8')
    expect(strips).toMatch(/<title>\d\.\d-\d+\.\d s is \d\.\d-\d+\.\d s of the known film/)
    expect(strips).not.toMatch(/<image|base64|href/)
  })

  it('opens a case where a host shows that, and the case tells what is shown', async () => {
    shown = piece
    const args = ['scan', url, '--open-cases', '--json']
    const { stdout } = await home.run(args, { key: key.crawler })
    const { answer } = JSON.parse(stdout) as { answer: { verdict: string; caseId: string } }
    expect(answer.verdict).toBe('confirmed')
    caseId = answer.caseId
    const text = (await home.run(['cases', 'show', caseId], { key: key.analyst })).stdout
    expect(text).toContain('the known film or a part of it, in a film')
    expect(text).toMatch(
      /when item .* is shown\n\d\.\d-\d+\.\d s is \d\.\d-\d+\.\d s of the known film/,
    )
  })

  it('tells the host, what and when in the film', async () => {
    const { code } = await home.run(['notices', 'send'], { key: key.officer })
    expect(code).toBe(0)
    const mail = relay.received.at(-1)
    expect(mail?.to).toEqual([`abuse@beta.example`])
    const text = flat(mail?.parsed.text)
    expect(text).toContain('a film that shows all or part of a film that we verified before')
    expect(text).toMatch(/time in the film: about \d s to \d+ s/)
    expect(text).not.toContain('a copy of something')
    expect(await caseNow()).toMatchObject({ status: 'in-progress' })
  })

  it('goes on where the host shows another altered copy in its place', async () => {
    shown = await reencodeFilm(
      await alteredFilm(film, ['-vf', 'crop=iw*0.7:ih*0.7:iw*0.05:ih*0.25']),
      { crf: 34, scale: 0.75 },
    )
    expect(await look()).toMatchObject([{ outcome: 'present', shown: { extent: 'piece' } }])
    const text = (await home.run(['cases', 'show', caseId], { key: key.analyst })).stdout
    expect(text).toMatch(
      /present \(same-media\): .*; shown: the known film or a part of it, in a film/,
    )
  })

  it('ends once it is gone, look after look', async () => {
    shown = undefined
    expect(await look()).toMatchObject([{ outcome: 'gone', cause: 'not-found' }])
    expect(await caseNow()).toMatchObject({ status: 'in-progress' })
    await look()
    const ended = await caseNow()
    expect(ended).toMatchObject({ status: 'removed' })
    expect(ended.history.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['open', 'in-progress', 'removed']),
    )
  })
})
