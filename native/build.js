// Builds the native core when the package is installed. Where that cannot be done Hindra runs all the
// same, on its portable code: a missing compiler must not keep it from being installed. What was built
// from these very sources for this Node stays: `npx hindra` in a checkout installs the package each time,
// and npm keeps to itself what an install script says. --anew builds whatever there is.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const directory = fileURLToPath(new URL('.', import.meta.url))
const BUILT = join(directory, 'build', 'Release', 'hindra.node')
const BUILT_FROM = join(directory, 'build', 'built-from')
const NOT_SOURCES = ['build', 'bench', 'test']

/** Of all that the native core is made from, and what it is made for. */
function sourcesDigest() {
  const digest = createHash('sha256')
  digest.update([process.platform, process.arch, process.versions.modules].join(' '))
  for (const file of filesIn(directory)) {
    digest.update(`\n${file.slice(directory.length)}\n`).update(readFileSync(file))
  }
  return digest.digest('hex')
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return NOT_SOURCES.includes(entry.name) ? [] : filesIn(path)
      return /\.(cc|h|gyp)$/.test(entry.name) ? [path] : []
    })
}

function isBuilt(digest) {
  return existsSync(BUILT) && existsSync(BUILT_FROM) && readFileSync(BUILT_FROM, 'utf8') === digest
}

const digest = sourcesDigest()
if (!process.argv.includes('--anew') && isBuilt(digest)) {
  console.log('The native core of Hindra is built from these sources already.')
} else {
  console.log('Building the native core of Hindra; it takes a minute or two.')
  const { status } = spawnSync('node-gyp', ['rebuild', '-j', 'max', `--directory=${directory}`], {
    stdio: 'inherit',
  })
  if (status === 0) {
    writeFileSync(BUILT_FROM, digest)
  } else {
    console.error(`
The native core of Hindra was not built; the portable code, many times slower, does its work.
Install python3, make and g++ (Debian: apt-get install python3 make g++), then: npm rebuild hindra,
or in a checkout: npm run build:native`)
    if (process.argv.includes('--anew')) process.exitCode = 1
  }
}
