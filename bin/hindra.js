#!/usr/bin/env -S node --max-semi-space-size=64
import { run } from '../dist/src/cli/main.js'

process.exitCode = await run()
