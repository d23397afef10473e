import { binaryIn, isBuiltFrom, prebuiltFolder, sourcesDigest } from '#native/binary'

/** The prebuilt native core for Linux; undefined, and said, where it was not built from these sources. */
export function prebuiltFor(arch: 'x64' | 'arm64'): string | undefined {
  const folder = prebuiltFolder('linux', arch)
  if (isBuiltFrom(folder, sourcesDigest('linux', arch))) return binaryIn(folder)
  console.warn(`skipped: no prebuilt native core for linux ${arch} (npm run build:prebuilt)`)
  return undefined
}
