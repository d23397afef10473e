import sharp from 'sharp'
import { jpeg, scaled, type Transform } from './transform.ts'

/** Encoded anew, and at another size. */
export const codec = {
  'jpeg 60-90': (picture, { random }) => jpeg(sharp(picture), random.integer(60, 90)),
  'jpeg 30-60': (picture, { random }) => jpeg(sharp(picture), random.integer(30, 60)),
  'jpeg 10-30': (picture, { random }) => jpeg(sharp(picture), random.integer(10, 30)),
  webp: (picture, { random }) =>
    sharp(picture)
      .webp({ quality: random.integer(30, 85), effort: 1 })
      .toBuffer(),
  avif: (picture, { random }) =>
    sharp(picture)
      .avif({ quality: random.integer(35, 70), effort: 0 })
      .toBuffer(),
  'resize 0.1-0.25': (picture, { random }) => scaled(picture, random.between(0.1, 0.25)),
  'resize 0.25-0.5': (picture, { random }) => scaled(picture, random.between(0.25, 0.5)),
  'resize 0.5-1': (picture, { random }) => scaled(picture, random.between(0.5, 1)),
  'resize 1-2': (picture, { random }) => scaled(picture, random.between(1, 2)),
  'aspect 20%': (picture, { random }) => scaled(picture, random.between(0.8, 1.2), 1),
} as const satisfies Record<string, Transform>
