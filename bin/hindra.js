#!/usr/bin/env -S node --max-semi-space-size=64 --heap-growing-percent=300
// Lines pass through by the thousand, and those with media are megabytes of text that nobody keeps: with
// less room the collector of garbage goes through all that is kept several times a second.
import { run } from '../dist/src/cli/main.js'

process.exitCode = await run()
