import { beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import type { KnownPart } from '../../src/known/known-set.ts'
import { answerTo, type ShardCall } from '../../src/known/shards/messages.ts'
import { joinedSeen, partedSeen } from '../../src/known/shards/parted-seen.ts'
import { votedCandidates } from '../../src/known/voted-candidates.ts'
import { bytesOf, ORIGINAL } from '../simulation/gallery/gallery.ts'

describe.skipIf(nativeCore() === undefined)('what is asked between servers of two versions', () => {
  const { decode } = configWith({})
  const picture = Uint8Array.from(bytesOf({ subject: 'flowers', copy: ORIGINAL }))
  let seen: Uint8Array

  beforeAll(async () => {
    seen = Uint8Array.from((await sightMedia(picture, decode, 'default')).seen?.[0]?.features ?? [])
  })

  it('is parted into what a server of before reads and the rest, and joined by a newer one', () => {
    const parted = partedSeen(seen)
    expect(seen[0]).toBe(3)
    expect(parted.seen[0]).toBe(2)
    expect(Buffer.from(joinedSeen(parted)).equals(seen)).toBe(true)
    // What came from a server of before goes on as it is.
    expect(partedSeen(parted.seen)).toEqual({ seen: parted.seen, unsure: undefined })
    expect(joinedSeen({ seen: parted.seen, unsure: undefined })).toBe(parted.seen)
  })

  it('is answered by a newer server, whoever asks', async () => {
    const votes = votedCandidates()
    const set = await fingerprintMedia(picture, decode, { features: true })
    await votes.add([{ id: 'flowers', revision: 1, isOwn: true, fingerprints: [set] }])
    const nothing = () => Promise.resolve([])
    const part: KnownPart = {
      search: nothing,
      searchHashes: nothing,
      proposals: (sought, limit) => votes.proposals(sought, limit),
      resembling: nothing,
    }
    const parted = partedSeen(seen)
    const older: ShardCall = { method: 'proposals', given: [parted.seen, 20] }
    for (const call of [older, { ...older, unsure: parted.unsure }]) {
      expect(await answerTo(part, call)).toMatchObject({
        found: { voted: [{ itemId: 'flowers' }], pictures: 1 },
      })
    }
    await votes.close()
  })
})
