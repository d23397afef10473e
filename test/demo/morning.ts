import { sceneJpeg } from '../../fixtures/index.ts'
import { galleryMedia } from './gallery.ts'
import type { World } from './world.ts'

/** What a person decides: a copy with a caption, another picture of the same place, and pictures among others. */
const SEEN = [
  'gardens-captioned.webp',
  'like-gardens-original.webp',
  'flowers-collage.avif',
  'lake-story.webp',
]

/**
 * What a day begins with, for whoever tries the console: tips of each kind, matches to decide, and an item that waits for a
 * second person. The story itself leaves nothing undone. It is today by then, since a browser's clock says so, too.
 */
export async function layOutMorning({ api, clock, ignoring }: World): Promise<void> {
  clock.advance(Math.max(0, Date.now() - clock.now()))
  const put = async (name: string, seed: number) => {
    const path = `/morning/${name}.jpg`
    ignoring.upload({ path, contentType: 'image/jpeg', bytes: await sceneJpeg(seed) })
    return `${ignoring.origin}${path}`
  }
  const tips = [
    { source: 'public', url: await put('one', 9_001), note: 'It was linked in a chat.' },
    { source: 'public', url: await put('two', 9_002), note: 'Seen on a forum.' },
    { source: 'hotline', url: await put('three', 9_003), reference: 'NL-2041' },
    { source: 'child-support-line', url: await put('four', 9_004), ownRequest: true },
    { source: 'police', url: await put('five', 9_005), reference: 'K-117-26' },
    { source: 'public', words: 'An adult asks a child for pictures.', category: 'grooming' },
    { source: 'public', words: 'It happens now.', category: 'live-abuse', inDangerNow: true },
  ]
  for (const tip of tips) await api.analyst.post('/v1/tips', tip)

  async function* sightings() {
    for (const [number, name] of SEEN.entries()) {
      const { bytes, contentType } = await galleryMedia(name)
      const path = `/morning/seen-${number}`
      ignoring.upload({ path, contentType, bytes })
      const media = Buffer.from(bytes).toString('base64')
      yield { url: `${ignoring.origin}${path}`, contentType, media }
    }
  }
  for await (const { error } of api.crawler.feed<{ readonly error?: object }>(
    '/v1/sightings',
    sightings(),
  )) {
    if (error !== undefined) throw new Error('a sighting of the morning was refused')
  }

  await api.analyst.post('/v1/items', {
    media: (await sceneJpeg(9_006)).toString('base64'),
    classification: 'Baseline',
    description: { reference: 'DEMO-21' },
  })
}
