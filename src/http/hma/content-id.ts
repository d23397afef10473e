const COUNTER_STATES = 0x1000

/**
 * HMA's content ids are integers. Ids here are UUIDv7 whose time (48 bits) and counter (12 bits) are
 * unique in a store: that is a whole number below 2^53 until the year 2039.
 */
export function contentIdOf(id: string): number {
  const hex = id.replaceAll('-', '')
  return (
    Number.parseInt(hex.slice(0, 12), 16) * COUNTER_STATES + Number.parseInt(hex.slice(13, 16), 16)
  )
}

/** The id before all those that have this number; undefined for what is no content id. */
export function idBefore(text: string): string | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(number)) return undefined
  const time = Math.floor(number / COUNTER_STATES)
    .toString(16)
    .padStart(12, '0')
  const counter = (number % COUNTER_STATES).toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-0000-000000000000`
}
