import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item } from '../../src/register/index.ts'
import { MEDIA } from '../simulation/gallery/piece.ts'
import type { Media } from './library.ts'
import type { World } from './world.ts'

/** A file of test/simulation/gallery: real photographs, generated films, and copies of both. */
export async function galleryMedia(name: string): Promise<Media> {
  const kind = name.endsWith('.mp4') ? 'video' : 'image'
  const contentType = `${kind}/${name.split('.').at(-1) ?? ''}`
  return { bytes: await readFile(join(MEDIA, name)), contentType }
}

/** One person proposes a file of the gallery, another verifies it. */
export async function registerFromGallery(
  { api }: Pick<World, 'api'>,
  name: string,
): Promise<void> {
  const { bytes } = await galleryMedia(name)
  const { id } = await api.analyst.post<Item>('/v1/items', {
    media: Buffer.from(bytes).toString('base64'),
    classification: 'Baseline',
    description: { reference: name },
  })
  await api.verifier.post(`/v1/items/${id}/verify`)
}
