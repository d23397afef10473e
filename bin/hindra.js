#!/usr/bin/env -S node --max-semi-space-size=64 --heap-growing-percent=300
// Lines pass through by the thousand, and those with media are megabytes of text that nobody keeps: with
// less room the collector of garbage goes through all that is kept several times a second.
import { homedir } from 'node:os'
import { join } from 'node:path'

// Node 22 and later keep what was compiled: in a directory of one's own, for it is run as it is found there.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
process.getBuiltinModule('node:module').enableCompileCache?.(join(cache, 'hindra'))
const { run } = await import('../dist/src/cli/main.js')

process.exitCode = await run()
