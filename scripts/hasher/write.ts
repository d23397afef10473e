// A part of `npm run build`: what hashes pictures in a browser, bundled from our own sources.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { packageFile } from '../../src/core/index.ts'
import { HASHER_FILE } from '../../src/console/index.ts'
import { bundleHasher } from './bundle.ts'

const FILE = packageFile(HASHER_FILE)
mkdirSync(dirname(FILE), { recursive: true })
writeFileSync(FILE, await bundleHasher())
