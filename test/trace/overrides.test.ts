import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOverrides, type Host, type Overrides } from '../../src/trace/index.ts'
import { openWorld, type World } from '../cases/world.ts'
import { entity, network, openTrace, type TraceWorld } from './registries.ts'

let store: World
let overrides: Overrides
let world: TraceWorld
beforeEach(async () => {
  store = await openWorld()
  overrides = createOverrides(store.context, store.audit)
  world = await openTrace({
    names: { 'pictures.com': ['104.16.1.1'], 'img.pictures.com': ['104.16.1.1'] },
    answers: {
      'ip/45.90.1.7': network(
        'NL',
        entity('registrant', 'Origin Hosting'),
        entity('abuse', 'Desk', 'abuse@origin.example'),
      ),
    },
    overrides,
  })
})
afterEach(async () => {
  await world.dispose()
  await store.context.dispose()
})

describe("an analyst's override", () => {
  it('goes before everything else, at once, for subdomains too, and is in the chain', async () => {
    expect((await world.trace.find('http://img.pictures.com/')).name).toBe('Cloudflare')
    await overrides.set('anna', {
      host: 'Pictures.com.',
      name: 'Site office',
      abuseContact: 'office@site.example',
      country: 'SE',
      reason: 'answered by telephone',
    })
    const host = await world.trace.find('http://img.pictures.com/')
    expect(host).toMatchObject({
      name: 'Site office',
      kind: 'provider',
      country: 'SE',
      abuseContact: 'office@site.example',
      contactSource: 'override',
    })
    expect(host.evidence.find(({ step }) => step === 'override')?.answer).toMatch(
      /office@site\.example; SE \(by anna, .*: answered by telephone\)/,
    )
  })

  it('can name the origin behind a proxy: the trace goes on from there', async () => {
    await overrides.set('anna', {
      host: 'pictures.com',
      origin: ['45.90.1.7'],
      reason: 'look-up for trusted reporters',
    })
    expect(await world.trace.find('http://pictures.com/')).toMatchObject({
      name: 'Origin Hosting',
      kind: 'provider',
      country: 'NL',
      abuseContact: 'abuse@origin.example',
      addresses: ['45.90.1.7'],
    })
  })

  it('is replaced by a later one of the same host, and can be taken back', async () => {
    const first = { host: 'pictures.com', country: 'SE', reason: 'one' }
    await overrides.set('anna', first)
    const second = await overrides.set('bert', { ...first, country: 'DE', reason: 'two' })
    expect((await overrides.list()).map(({ country, by }) => [country, by])).toEqual([
      ['DE', 'bert'],
    ])
    await overrides.remove('anna', second.id)
    expect(await overrides.list()).toEqual([])
    expect((await world.trace.find('http://pictures.com/')).name).toBe('Cloudflare')
    await expect(overrides.remove('anna', second.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    [{ host: 'a b', country: 'SE', reason: 'x' }, 'host'],
    [{ host: 'pictures.com/path', country: 'SE', reason: 'x' }, 'host'],
    [{ host: 'pictures.com', country: 'SE', reason: ' ' }, 'reason'],
    [{ host: 'pictures.com', reason: 'x' }, 'abuseContact'],
  ])('is refused where %j', async (input, field) => {
    await expect(overrides.set('anna', input)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field,
    })
  })
})

describe("an operator's program that knows origins", () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hindra-origin-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  async function traced(script: string, url = 'http://pictures.com/'): Promise<Host> {
    const program = join(directory, 'origin-of')
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
    const asking = await openTrace({
      names: { 'pictures.com': ['104.16.1.1'], 'other.com': ['45.90.1.7'] },
      answers: Object.fromEntries(world.answers),
      originCommand: program,
    })
    return asking.trace.find(url).finally(() => asking.dispose())
  }

  const said = ({ evidence }: Host) => evidence.filter(({ step }) => step === 'origin')

  it('is asked of a proxy, by the name alone, and the trace goes on from there', async () => {
    const host = await traced('[ "$#$1" = 1pictures.com ] && printf "45.90.1.7\\nnonsense\\n"')
    expect(host).toMatchObject({ name: 'Origin Hosting', kind: 'provider', country: 'NL' })
    expect(said(host)).toMatchObject([{ question: 'pictures.com', answer: '45.90.1.7' }])
  })

  it.each([
    ['true', 'not told'],
    ['exit 3', 'failed (3)'],
    ['kill -9 $$', 'failed (SIGKILL)'],
  ])(
    'that says nothing (%s) leaves the proxy to be told, and the chain says why',
    async (script, why) => {
      const host = await traced(script)
      expect(host).toMatchObject({ name: 'Cloudflare', kind: 'proxy' })
      expect(said(host)).toMatchObject([{ answer: why }])
    },
  )

  it('is not asked of what stands before nothing', async () => {
    expect(said(await traced('echo 192.0.2.1', 'http://other.com/'))).toEqual([])
  })
})
