#!/usr/bin/env -S node --max-semi-space-size=64 --heap-growing-percent=300
// Lines pass through by the thousand, and those with media are megabytes of text that nobody keeps: with
// less room the collector of garbage goes through all that is kept several times a second.
import { version } from '../dist/src/cli/version.js'

const [first, ...others] = process.argv.slice(2)
// Who asks for this alone waits for none of the five hundred modules that a command is made of.
if (others.length === 0 && (first === '--version' || first === '-V')) {
  console.log(version())
} else {
  const { run } = await import('../dist/src/cli/main.js')
  process.exitCode = await run()
}
