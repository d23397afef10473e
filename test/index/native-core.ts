import { nativeCoreAbsence } from '../../src/index/index.ts'

/** True where there is a native core; else says once why its tests are skipped. */
export function hasNativeCore(): boolean {
  const absence = nativeCoreAbsence()
  if (absence !== undefined) console.warn(`skipped: no native core: ${absence}`)
  return absence === undefined
}
