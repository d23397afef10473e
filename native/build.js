// Sees to the native core when the package is installed. The binary that the package brings is taken where it loads, and
// built where there is none, for an old glibc, for musl, for other platforms, from changed sources. Where that cannot be
// done Hindra runs all the same, on its portable code: a missing compiler must not keep it from being installed. What
// was built stays: `npx hindra` in a checkout installs the package each time, and npm keeps to itself what an install
// script says. --anew builds whatever there is.
import { spawnSync } from 'node:child_process'
import { BUILT_HERE, loadCore, NATIVE, noteBuiltFrom, sourcesDigest } from './binary.js'

const isAnew = process.argv.includes('--anew')

/** Undefined where there is none to be taken. */
function takenFolder() {
  // Which kernels run is chosen when Hindra starts.
  delete process.env.HINDRA_KERNEL
  return loadCore().folder
}

function build() {
  console.log('Building the native core of Hindra; it takes a minute or two.')
  const { status } = spawnSync('node-gyp', ['rebuild', '-j', 'max', `--directory=${NATIVE}`], {
    stdio: 'inherit',
  })
  if (status === 0) {
    noteBuiltFrom(BUILT_HERE, sourcesDigest())
    return
  }
  console.error(`
The native core of Hindra was not built; the portable code, many times slower, does its work.
Install python3, make and g++ (Debian: apt-get install python3 make g++), then: npm rebuild hindra,
or in a checkout: npm run build:native`)
  if (isAnew) process.exitCode = 1
}

const taken = isAnew ? undefined : takenFolder()
if (taken === undefined) build()
else if (taken === BUILT_HERE) {
  console.log('The native core of Hindra is built from these sources already.')
} else {
  console.log(
    `The native core of Hindra is the prebuilt one for ${process.platform} ${process.arch}.`,
  )
}
