#!/usr/bin/env -S node --max-semi-space-size=64 --heap-growing-percent=300
// What stands behind the command may name suspected material or hold a hash, and every user of the machine reads it in
// the list of processes: on Linux the title takes the place of the whole line.
const [, , word = ''] = process.argv
process.title = /^[a-z][a-z-]{1,19}$/.test(word) ? `hindra ${word}` : 'hindra'
// Lines pass through by the thousand, and those with media are megabytes of text that nobody keeps: with
// less room the collector of garbage goes through all that is kept several times a second.
//
// Node 22 and later keep what was compiled: in a directory of one's own, for it is run as it is found there. Who has no
// home, as in a container, has no such directory.
const { XDG_CACHE_HOME, HOME } = process.env
const cache = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`)
if (cache) process.getBuiltinModule('node:module').enableCompileCache?.(`${cache}/hindra`)
const { run } = await import('../dist/src/cli/main.js')

process.exitCode = await run()
