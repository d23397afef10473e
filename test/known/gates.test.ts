import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { nativeCore } from '../../native/binding.ts'
import { createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { parseHash256 } from '../../src/core/index.ts'
import { deriveDihedral, type Fingerprint, fingerprintMedia } from '../../src/fingerprint/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { type Corpus, type Gates, openCorpus } from '../../src/known/index.ts'
import { hashSetOf, type KnownHashSet, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { storedText } from '../stored-text.ts'
import { copyOf, flipped, hashOf, person, pictureOf } from '../register/material.ts'
import { type Gated, openGated } from './gated.ts'

const BO = person('bo')
const EXACT = indexSource('exact')
const { decode: limits } = configWith({})

let context: TestContext
let gated: Gated
let register: Register
let corpus: Corpus
let gates: Gates

beforeEach(async () => {
  context = await openTestContext()
  gated = await openGated(context, createAudit(context))
  ;({ register, corpus, gates } = gated)
})
afterEach(async () => {
  await gated.close()
  await context.dispose()
})

async function enter(list: string, hashes: KnownHashSet) {
  const findings = await inspect(hashes, list === 'allow' ? 'allow' : 'own')
  return gated.enter({ list, hashes, findings })
}

function verify(itemId: string, acknowledgeFindings = false) {
  const target = { itemId, acknowledgeFindings }
  return context.store.transact((tx) => register.verify(tx, BO, target))
}

async function inspect(hashes: KnownHashSet, kind: 'own' | 'allow' = 'own') {
  return (await gates.inspect({ kind }, [hashes]))[0] ?? []
}

async function codes(hashes: KnownHashSet, kind: 'own' | 'allow' = 'own') {
  return (await inspect(hashes, kind)).map(({ code }) => code)
}

describe('what is looked at before an entry is verified', () => {
  it('is nothing for a telling picture that is new', async () => {
    expect(await codes(pictureOf(1))).toEqual([])
  })

  it.each([
    ['tiny', { ...pictureOf(1), width: 640, height: 63 }],
    ['low-quality', pictureOf(1, 49)],
    ['near-uniform', pictureOf(1, 10)],
  ])('is %s', async (code, hashes) => {
    expect(await codes(hashes)).toEqual([code])
  })

  it.skipIf(nativeCore() === undefined)(
    'is too little texture for local features, with how little',
    async () => {
      const plain = await sharp({
        create: { width: 400, height: 300, channels: 3, background: '#7a6' },
      })
        .png()
        .toBuffer()
      const featuresOf = async (media: Uint8Array) =>
        (await fingerprintMedia(media, limits, { features: true })).features ?? ''
      const features = await featuresOf(plain)
      expect(await inspect({ ...pictureOf(1), features })).toEqual([
        {
          code: 'low-texture',
          detail:
            'too little texture, 0 local features and 0 of 576 cells: altered copies are found by hashes alone',
        },
      ])
      const telling = await featuresOf(await sceneJpeg(61))
      expect(await codes({ ...pictureOf(1), features: telling })).toEqual([])
    },
  )

  it('is what the picture is like, with the distance and the nearest first', async () => {
    const first = await enter('own', pictureOf(1))
    const near = copyOf(pictureOf(1), 20, 'whole')
    const second = await enter('own', near)
    const found = await inspect(copyOf(near, 3, 'whole'))
    expect(found.map(({ code, itemId, distance }) => [code, itemId, distance])).toEqual([
      ['near-duplicate', second.id, 3],
      ['near-duplicate', first.id, 17],
    ])
    expect(found[0]?.detail).toContain('distance 3')
  })

  it('is a mirrored copy too', async () => {
    await enter('own', pictureOf(1))
    expect(await codes(copyOf(pictureOf(1), 5, 'flipx'))).toEqual(['near-duplicate'])
  })

  it.each(['rot90', 'rot180', 'rot270', 'flipx', 'flipy', 'flipp', 'flipm', 'complement'] as const)(
    'is a copy of which only the hash came, in the form %s',
    async (form) => {
      const turned = (pdq: string): string =>
        form === 'complement'
          ? Buffer.from(parseHash256(pdq).map((byte) => ~byte)).toString('hex')
          : Buffer.from(deriveDihedral(parseHash256(pdq))[form]).toString('hex')
      const bare = (picture: Fingerprint) =>
        hashSetOf([{ type: 'pdq', value: turned(flipped(hashOf(picture), 9)), quality: 90 }])
      const { id } = await enter('own', pictureOf(1))
      const [own] = await inspect(bare(pictureOf(1)))
      expect(own).toMatchObject({ code: 'near-duplicate', itemId: id, distance: 9 })
      // What turns it back.
      const back = { rot90: 'rot270', rot270: 'rot90' } as const
      const named = form in back ? back[form as keyof typeof back] : form
      expect(own?.form).toBe(named)
      expect(own?.detail).toContain(form === 'complement' ? 'as a negative' : `(${named})`)
      await enter('allow', pictureOf(2))
      await corpus.add(BO, pictureOf(3))
      expect(await codes(bare(pictureOf(2)))).toEqual(['allow-list'])
      expect(await codes(bare(pictureOf(3)))).toEqual(['benign-corpus'])
    },
  )

  it('is an equal MD5 alone, which may be planted', async () => {
    await enter('own', pictureOf(1))
    const planted = { ...pictureOf(2), md5: pictureOf(1).md5 }
    expect(await codes(planted)).toEqual(['same-digest'])
  })

  it('is not the item that has the same bytes: the entry joins that', async () => {
    await enter('own', pictureOf(1))
    expect(await codes(pictureOf(1))).toEqual([])
  })

  it('is a likeness to what is on the allow-list, and the reverse', async () => {
    await enter('allow', pictureOf(1))
    expect(await codes(copyOf(pictureOf(1), 30, 'whole'))).toEqual(['allow-list'])
    await enter('own', pictureOf(2))
    expect(await codes(copyOf(pictureOf(2), 30, 'whole'), 'allow')).toEqual(['known-material'])
  })

  it('is the same bytes on the other side, though the entry joins that item', async () => {
    await enter('allow', pictureOf(1))
    expect(await codes(pictureOf(1))).toEqual(['allow-list'])
    await enter('own', pictureOf(2))
    expect(await codes(pictureOf(2), 'allow')).toEqual(['known-material'])
  })

  it('is a likeness to the benign corpus, also after a restart', async () => {
    expect(await corpus.add(BO, pictureOf(1))).toBe(true)
    expect(await corpus.add(BO, pictureOf(1))).toBe(false)
    const like = copyOf(pictureOf(1), 31, 'rot90')
    expect(await codes(like)).toEqual(['benign-corpus'])
    expect(await codes(copyOf(pictureOf(1), 32, 'whole'))).toEqual([])
    const again = await openCorpus(context, createAudit(context), EXACT)
    expect(again.pictures).toBe(1)
    expect(await again.nearest(like, 31)).toEqual({ distance: 31, view: 'rot90' })
    await again.close()
    const files = storedText(context.directory)
    expect(files).not.toContain(hashOf(pictureOf(1)))
  })
})

describe('an entry with findings', () => {
  it('is verified only by who says that they were looked at', async () => {
    const { id, entries } = await enter('own', pictureOf(1, 40))
    expect(entries[0]?.findings).toMatchObject([{ code: 'low-quality' }])
    await expect(verify(id)).rejects.toMatchObject({
      code: 'FINDINGS_OPEN',
      message: expect.stringContaining('quality 40') as string,
    })
    expect(await verify(id, true)).toMatchObject({ status: 'verified' })
    const audited = await createAudit(context).entries({})
    expect(audited.at(-1)?.detail).toMatchObject({ acknowledged: 'low-quality' })
  })

  it('is vouched for by no partner where it is likely to match innocent pictures', async () => {
    await context.store.transact((tx) =>
      register.lists.create(tx, BO, { name: 'iwf', kind: 'partner', arrivesAs: 'verified' }),
    )
    await corpus.add(BO, pictureOf(1))
    const grave = await enter('iwf', copyOf(pictureOf(1), 5, 'whole'))
    const light = await enter('iwf', pictureOf(2, 40))
    expect([grave.status, light.status]).toEqual(['proposed', 'verified'])
  })
})
