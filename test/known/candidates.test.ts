import { afterEach, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import { type CandidateSource, candidatesOf } from '../../src/known/candidate-source.ts'
import { votedCandidates } from '../../src/known/voted-candidates.ts'
import { candidateSourceContract } from '../contract/candidate-source.ts'
import { bytesOf, ORIGINAL } from '../simulation/gallery/gallery.ts'

candidateSourceContract('votes', () => Promise.resolve(votedCandidates()))

describe.skipIf(nativeCore() === undefined)('votes among a handful of items', () => {
  const { decode } = configWith({})
  const known = ['placeholder', 'scene 102', 'ruin', 'waves', 'sunset', 'flowers']
  let source: CandidateSource | undefined

  afterEach(async () => source?.close())

  /** Two votes agree, and so they do by chance for others that were known first: a seed of the simulation found it. */
  it.each(['cropped', 'screenshot'])('propose what is shown %s', async (copy) => {
    const votes = votedCandidates()
    source = votes
    for (const subject of known) {
      const bytes = Uint8Array.from(bytesOf({ subject, copy: ORIGINAL }))
      const set = await fingerprintMedia(bytes, decode, { features: true })
      await votes.add([{ id: subject, revision: 1, isOwn: true, fingerprints: [set] }])
    }
    const shown = Uint8Array.from(bytesOf({ subject: 'flowers', copy }))
    const { seen } = await sightMedia(shown, decode, 'default')
    const features = seen?.[0]?.features ?? new Uint8Array()
    const found = candidatesOf([await votes.proposals(features, 20)], 20)

    expect(found.map(({ itemId }) => itemId)).toContain('flowers')
  })
})
