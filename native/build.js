// Builds the native core when the package is installed. Where that cannot be done Hindra runs all the
// same, on its portable code: a missing compiler must not keep it from being installed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const directory = fileURLToPath(new URL('.', import.meta.url))
const { status } = spawnSync('node-gyp', ['rebuild', '-j', 'max', `--directory=${directory}`], {
  stdio: 'inherit',
})
if (status !== 0) {
  console.error(`
The native core of Hindra was not built; the portable code, many times slower, does its work.
Install python3, make and g++ (Debian: apt-get install python3 make g++), then: npm rebuild hindra,
or in a checkout: npm run build:native`)
}
