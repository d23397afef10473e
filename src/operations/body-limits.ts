import type { Config } from '../config.ts'
import type { JsonNesting } from '../core/index.ts'

/**
 * How much a body may hold: `small` is fields, and what the weakest roles may send; `list` is many records;
 * `media` is one file as base64, and little beside it.
 */
export type BodyKind = 'small' | 'list' | 'media'

const SMALL_BODY_BYTES = 1024 * 1024

const SHAPES: Readonly<Record<BodyKind, JsonNesting>> = {
  small: { depthMax: 16, partsMax: 50_000 },
  list: { depthMax: 32, partsMax: 2_000_000 },
  media: { depthMax: 16, partsMax: 50_000 },
}

/** Bytes and shape of the bodies of one kind, under the settings. */
export function bodyLimits(
  kind: BodyKind,
  { bodyBytesMax }: Pick<Config['server'], 'bodyBytesMax'>,
): JsonNesting & { readonly bytesMax: number } {
  const bytesMax = kind === 'small' ? Math.min(SMALL_BODY_BYTES, bodyBytesMax) : bodyBytesMax
  return { bytesMax, ...SHAPES[kind] }
}
