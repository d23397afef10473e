import type { Key, KeyPart } from './port.ts'

/** Makes the keys of one name: that of all of them without parts, that of one with its parts. */
export type KeySpace = (...parts: readonly KeyPart[]) => Key

/**
 * Declares the keys below a name. A name is declared at one place, and no stage makes keys otherwise, so
 * that nobody opens what another stage keeps: `test/tidy` sees who does.
 */
export function keySpace(...name: readonly [string, ...string[]]): KeySpace {
  return (...parts) => [...name, ...parts]
}
