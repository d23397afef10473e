// Which binary of the native core is loaded: one that was built from these very sources for this platform, here or
// before the package was packed. Plain JavaScript in one place: it is read before anything is built, and afterwards.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const NATIVE = fileURLToPath(new URL('.', import.meta.url))
const NOT_SOURCES = ['bench', 'build', 'prebuilds', 'test']

/** The folder into which node-gyp puts what it builds. */
export const BUILT_HERE = join(NATIVE, 'build', 'Release')

export function prebuiltFolder(platform, arch) {
  return join(NATIVE, 'prebuilds', `${platform}-${arch}`)
}

/** All that the native core is made from, as paths below `native`. */
export function sourceFiles(folder = '') {
  return readdirSync(join(NATIVE, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return NOT_SOURCES.includes(entry.name) ? [] : sourceFiles(path)
      return /\.(cc|h|gyp)$/.test(entry.name) ? [path] : []
    })
}

/** The digest of the sources and of the platform that they are built for. Node-API is the same in every Node, so it is left out. */
export function sourcesDigest(platform = process.platform, arch = process.arch) {
  const digest = createHash('sha256').update(`${platform} ${arch}`)
  for (const file of sourceFiles()) {
    digest.update(`\n${file}\n`).update(readFileSync(join(NATIVE, file)))
  }
  return digest.digest('hex')
}

export function isBuiltFrom(folder, digest) {
  const note = join(folder, 'built-from')
  return existsSync(binaryIn(folder)) && existsSync(note) && readFileSync(note, 'utf8') === digest
}

export function noteBuiltFrom(folder, digest) {
  writeFileSync(join(folder, 'built-from'), digest)
}

export function binaryIn(folder) {
  return join(folder, 'hindra.node')
}

/**
 * What was built here goes before what the package brings. Throws what the native core itself throws, as where
 * HINDRA_KERNEL names a set that does not run here.
 */
export function loadCore() {
  const digest = sourcesDigest()
  let absence = 'it was not built from these sources'
  for (const folder of [BUILT_HERE, prebuiltFolder(process.platform, process.arch)]) {
    if (!isBuiltFrom(folder, digest)) continue
    try {
      return { core: createRequire(import.meta.url)(binaryIn(folder)), folder }
    } catch (error) {
      // One for another C library, as on musl or before glibc 2.36, is as good as none.
      if (error.code !== 'ERR_DLOPEN_FAILED') throw error
      absence = `it does not load here (${error.message})`
    }
  }
  return { absence }
}
