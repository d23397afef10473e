// Builds the native core for the platforms of which the package brings a binary, each by its cross compiler, on Debian:
// for glibc 2.36 (Debian 12) and newer, and whichever libstdc++ is there. Nothing is built twice from the same sources.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  binaryIn,
  isBuiltFrom,
  NATIVE,
  noteBuiltFrom,
  prebuiltFolder,
  sourceFiles,
  sourcesDigest,
} from './binary.js'

/** Architectures of Node, and what Debian calls their tools. */
const TOOLS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

for (const [arch, tools] of Object.entries(TOOLS)) {
  const folder = prebuiltFolder('linux', arch)
  const digest = sourcesDigest('linux', arch)
  if (isBuiltFrom(folder, digest)) {
    console.log(`The native core for linux ${arch} is built from these sources already.`)
    continue
  }
  rmSync(folder, { recursive: true, force: true })
  // Beside what was built for this machine, which stays.
  const work = mkdtempSync(join(tmpdir(), 'hindra-prebuild-'))
  try {
    for (const file of sourceFiles()) cpSync(join(NATIVE, file), join(work, file))
    compile(work, arch, tools)
    mkdirSync(folder, { recursive: true })
    cpSync(binaryIn(join(work, 'build', 'Release')), binaryIn(folder))
    noteBuiltFrom(folder, digest)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function compile(work, arch, tools) {
  console.log(`Building the native core for linux ${arch}; it takes a minute.`)
  const { status } = spawnSync(
    'node-gyp',
    [
      'rebuild',
      '--loglevel=error',
      '-j',
      'max',
      `--arch=${arch}`,
      `--directory=${work}`,
      '--',
      '-Dself_contained=yes',
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        CC: `${tools}-gcc`,
        CXX: `${tools}-g++`,
        NODE_PATH: join(NATIVE, '..', 'node_modules'),
      },
    },
  )
  if (status !== 0) {
    throw new Error(
      `no native core for linux ${arch}: apt-get install python3 make g++-${tools.replaceAll('_', '-')}`,
    )
  }
}
